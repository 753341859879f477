"""Kinds of location services: maps, zones, assets, beacons."""

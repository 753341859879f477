"""Kinds of the WAN: WAN edge templates."""

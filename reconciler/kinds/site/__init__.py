"""Kinds of the sites themselves: sites and their settings."""

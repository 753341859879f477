"""Kinds of the wired network: network templates, ACL tags."""

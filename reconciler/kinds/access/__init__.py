"""Kinds of access assurance: labels, rules, portals and passphrases."""

"""Kinds of the WAN: networks, services, policies, VPNs, WAN edge templates and security profiles."""

"""Kinds of the wireless network: WLANs and their templates, RF templates, WxLAN tags."""

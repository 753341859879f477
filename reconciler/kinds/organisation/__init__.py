"""Kinds of the whole organisation: site groups, webhooks."""

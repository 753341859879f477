"""The way in from other tools: what they keep of an organisation in, live objects as the API has them out. Offline.

`terraform.json` has the facts of the vendor's provider, by resource type: its kind, and by state path what is renamed,
never sent (`drop`), there without configuration (`unset`), secret, or of another form. They were taken from states of
the provider's build of July 2026, each compared with the objects that it had made.
"""

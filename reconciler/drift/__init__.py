"""Drift that people read, and the way back into git: who made it, exceptions with a date, adopting a live value."""

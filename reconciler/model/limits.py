"""Bounds on what one file may hold, so that no file can exhaust memory, the stack or a reader's patience."""

MAX_FILES = 100_000
MAX_BYTES = 10_000_000
MAX_DEPTH = 60
MAX_ALIAS_NODES = 100_000
"""How many values all aliases of one file may stand for together."""

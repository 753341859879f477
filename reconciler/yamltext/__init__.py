"""YAML text to marked values and back: bytes in, `Parsed` out; a user's file and edits in, its new text out."""

"""Edits of a user's own YAML files that leave everything else as it is, byte by byte.

Text in, text out. The positions come from ruamel.yaml's events; the text between them is never printed anew, so that
comments, order, quotes, anchors and line endings stay. Whoever edits reads the result with the loader afterwards and
keeps it only if it means what was meant.
"""

"""What one run has read, kept for the next: a file that is sealed as plan files are, and holds no secret.

bodies   what is kept of an object: the roots that are declared, secrets as keyed fingerprints
file     the file: its header, its seal, and what is wrong with one that can't be used
touched  which of its lists the audit log names since then
"""

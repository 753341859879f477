"""The command line: flags -> settings -> pipeline -> report -> exit code. One module per group of commands.

Only click is imported at module level; everything heavier is imported inside the command that needs it.
"""

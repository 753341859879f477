"""Where an inventory comes from: a directory, a commit, edited texts; and its secrets."""

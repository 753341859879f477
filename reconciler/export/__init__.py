"""export: a live organisation as inventory text. What was read in, files and findings out; pure, nothing is written.

objects    live objects -> what of each is worth declaring
references ids that name nothing -> left out, names that nothing declares -> `external`
secrets    sealed values -> `!secret env:NAME`, and what each name holds
layout     objects -> trees of files
text       trees -> canonical YAML
proof      what was found wrong with it -> what has to be left out
"""

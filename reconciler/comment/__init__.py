"""One sticky comment on a pull or merge request, or one sticky issue: found by a hidden marker, then posted or updated.

    environment and flags -> Destination (where, as whom) -> sticky (find, post, update) -> Done (what became of it)

`web` is the only module that talks HTTP.
"""

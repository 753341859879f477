"""Parts of the `validate` stage: what is wrong with a field, with a name, with a reference, with a variable."""

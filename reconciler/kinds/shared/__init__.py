"""Parts that several kinds share: the models' base, the field types, and the nested models of the API."""

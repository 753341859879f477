"""The one base of all models of what a user writes: strict, closed to unknown keys, built on first use."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """One object of the inventory. Every field may be null, which means "clear it"."""

    model_config = ConfigDict(
        extra="forbid", strict=True, defer_build=True, hide_input_in_errors=True, protected_namespaces=()
    )


class OpenModel(Model):
    """An object that has fixed keys beside keys of the user's choice (`__pydantic_extra__` types their values)."""

    model_config = ConfigDict(extra="allow")

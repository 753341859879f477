"""Marks that a model's field carries in `Annotated[...]`: what its type alone can't say.

psk: Annotated[str, Sensitive()]                    a secret: sealed, never printed
topics: Annotated[list[str], AsSet()]               order does not count
acl_policies: Annotated[list[AclPolicy], KeyedBy("name")]      elements have a key (and their order counts)
usm: Annotated[list[User], KeyedBy("name", ordered=False)]
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Sensitive:
    """The field holds a secret; in a JSON Schema it is `writeOnly`."""

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        """The type's own JSON Schema, marked."""
        return {**handler(schema), "writeOnly": True}


@dataclass(frozen=True)
class AsSet:
    """A list whose order does not count."""


class KeyedBy:
    """A list of objects identified by one or more of their fields; `ordered` unless said otherwise."""

    def __init__(self, *fields: str, ordered: bool = True) -> None:
        self.fields = fields
        self.ordered = ordered


@dataclass(frozen=True)
class MacText:
    """A text that is one value in every way to write a MAC address, where it is one."""


@dataclass(frozen=True)
class NumberText:
    """A number and its text are the same value here, although the type names only one of them."""

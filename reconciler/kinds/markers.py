"""Marks that a model's field carries in `Annotated[...]`: what its type alone can't say.

psk: Annotated[str, Sensitive()]                    a secret: sealed, never printed
topics: Annotated[list[str], AsSet()]               order does not count
acl_policies: Annotated[list[AclPolicy], KeyedBy("name")]      elements have a key (and their order counts)
usm: Annotated[list[User], KeyedBy("name", ordered=False)]
enabled: Annotated[bool, Default(True)]             what the cloud puts in the place of what is cleared
dns_failure: Annotated[AlertRule, Default(30, at="incident_count")]    the same, one level below
"""

from typing import Any

from msgspec import Struct


class Sensitive(Struct, frozen=True):
    """The field holds a secret; in a JSON Schema it is `writeOnly`."""

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        """The type's own JSON Schema, marked."""
        return {**handler(schema), "writeOnly": True}


class AsSet(Struct, frozen=True):
    """A list whose order does not count."""


class KeyedBy:
    """A list of objects identified by one or more of their fields; `ordered` unless said otherwise."""

    def __init__(self, *fields: str, ordered: bool = True) -> None:
        self.fields = fields
        self.ordered = ordered


class MacText(Struct, frozen=True):
    """A text that is one value in every way to write a MAC address, where it is one."""


class NumberText(Struct, frozen=True):
    """A number and its text are the same value here, although the type names only one of them."""


class Expects(Struct, frozen=True):
    """What a value that a function checks has to be, in words for the field reference."""

    expected: str


class Default:
    """What the cloud puts in the place of a value that is cleared: every value that a source gives.

    `at` is the path of a field below this one, for a class that serves places with different defaults; it wins over
    that field's own mark. It is no default of ours: what nobody writes is never sent.
    """

    def __init__(self, *values: Any, at: str = "") -> None:
        self.values = values
        self.at = at
        self._text = repr((values, at))

    def __eq__(self, other: object) -> bool:
        """Alike by text, because 0 is not False here; `typing` then makes each `Annotated[...]` once."""
        return isinstance(other, Default) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        """The type's own schema: what the cloud puts there is nothing to check."""
        return handler(source)

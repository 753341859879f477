"""The shape of a kind's objects: what the comparison must know about each field, as a tree of frozen data.

`kinds` derives it from the pydantic models; `diff`, `apply` and the reports walk it beside the data.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct, field


class ListAs(StrEnum):
    """How a list compares: in order, without order, or element by element under a key."""

    ORDERED = "ordered"
    SET = "set"
    KEYED = "keyed"


class Shape(Struct, frozen=True, kw_only=True):
    """One field and what lies below it.

    `fields` are the known keys of an object; `values` is the shape of every value of a map or of every element
    of a list. `key` names the fields that identify an element of a keyed list (order still counts unless
    `unordered`). `takes` are the types of a single value where a text is none of them: numbers, booleans.
    `number_text`: 10 and "10" are one value. `mac`: a MAC address is one value in every spelling. `ignored`: made or
    changed by the cloud, never compared. `defaults` are what the cloud may put in the place of a value that is cleared,
    one for each source's word. `listed`: a list, or more than one value in another form.
    """

    fields: Mapping[str, "Shape"] = field(default_factory=dict)
    values: "Shape | None" = None
    list_as: ListAs = ListAs.ORDERED
    key: tuple[str, ...] = ()
    unordered: bool = False
    takes: frozenset[type] = frozenset()
    secret: bool = False
    number: bool = False
    number_text: bool = False
    mac: bool = False
    ignored: bool = False
    defaults: tuple[Any, ...] = ()
    listed: bool = False

    def below(self, step: str | int) -> "Shape":
        """The shape of a key's value or an element; `UNKNOWN` for what the models don't know."""
        if isinstance(step, str) and step in self.fields:
            return self.fields[step]
        return self.values or UNKNOWN


UNKNOWN = Shape()

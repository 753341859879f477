"""Names of columns: a table's header in, the names out that a template can use for them."""

import re
import unicodedata
from collections.abc import Sequence
from keyword import iskeyword

_NOT_IN_NAMES = re.compile(r"\W+")


def variable_names(header: Sequence[str]) -> dict[str, list[str]]:
    """The columns that each name stands for; a name that stands for two is one to report. A column is known by its
    own name, where that can be a variable's, and by its plain form."""
    names: dict[str, list[str]] = {}
    for column in header:
        own = [column] if column.isidentifier() else []
        for name in dict.fromkeys([*own, plain_name(column)]):
            if name:
                names.setdefault(name, []).append(column)
    return names


def plain_name(column: str) -> str:
    """Lower-case letters, digits and `_`: `Site Name` is `site_name`, `Country (ISO)` is `country_iso`. Empty when
    nothing is left."""
    text = _NOT_IN_NAMES.sub("_", unicodedata.normalize("NFKC", column).lower()).strip("_")
    name = f"_{text}" if text[:1].isdecimal() or iskeyword(text) else text
    return name if name.isidentifier() else ""

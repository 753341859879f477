"""YAML texts as people write them: a value in, a Hypothesis strategy of texts that hold it out.

Blocks and brackets, all kinds of quotes, comments above and behind, blank lines, indented lists or not, CRLF.
"""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from reconciler.yamltext.edit.scalars import double_quoted, needs_quotes, scalar_text
from reconciler.yamltext.scalars import plain_scalar

WORDS = st.sampled_from(
    [
        "a",
        "corp",
        "NO",
        "yes",
        "10",
        "0123",
        "08:00",
        "10:11:22:33:44:55",
        "485073e01234",
        "x y",
        "{{vlan}}",
        "a: b",
        "it's",
        'say "hi"',
        "",
        "#no",
        "é",
        "10.0.0.1",
        "10.0.0.0/8",
        "null",
        "~",
        "- x",
        "https://x.example/?a=b",
        "a,b",
    ]
)
SCALARS = st.one_of(WORDS, st.integers(-99, 5000), st.booleans(), st.none())
KEYS = st.sampled_from(["name", "vlan_id", "auth", "type", "enabled", "vars", "x", "b c", "ge-0/0/0", "rogue", "zz"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=14,
)
MAPS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=5)


@st.composite
def texts(draw: Callable[[Any], Any], value: Any) -> str:
    """A text of a mapping."""
    newline = draw(st.sampled_from(["\n", "\n", "\n", "\r\n"]))
    writer = Writer(draw)
    rows = [*writer.comment(0), *writer.block(value, 0), *writer.comment(0)]
    return newline.join(rows) + draw(st.sampled_from([newline, newline, ""]))


class Writer:
    """Writes one text; every choice is drawn."""

    def __init__(self, draw: Callable[[Any], Any]) -> None:
        self.draw = draw

    def chance(self, of: int) -> bool:
        return bool(self.draw(st.integers(1, of)) == 1)

    def comment(self, indent: int) -> list[str]:
        if not self.chance(5):
            return []
        rows = [f"{' ' * indent}# note {self.draw(st.integers(0, 9))}"]
        return ["", *rows] if self.chance(3) else rows

    def scalar(self, value: Any, *, flow: bool) -> str:
        if not isinstance(value, str):
            return self.draw(st.sampled_from(["null", "~", "Null"])) if value is None else scalar_text(value)
        style = self.draw(st.sampled_from(["", "'", '"']))
        if style == "" and not needs_quotes(value, flow=flow):
            return value
        if style == "" and not flow and plain_scalar(value) == value and value[:1].isalnum() and ": " not in value:
            return value if value == value.strip() and " #" not in value else double_quoted(value)
        return scalar_text(value, style="'") if style == "'" else double_quoted(value)

    def flow(self, value: Any) -> str:
        if isinstance(value, dict):
            pad = self.draw(st.sampled_from(["", " "]))
            inner = ", ".join(f"{self.key(key, flow=True)}: {self.flow(item)}" for key, item in value.items())
            return "{" + pad * bool(value) + inner + pad * bool(value) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(self.flow(item) for item in value) + "]"
        return self.scalar(value, flow=True)

    def key(self, key: str, *, flow: bool) -> str:
        return f'"{key}"' if self.chance(8) else scalar_text(key, flow=flow)

    def tail(self) -> str:
        return f"  # behind {self.draw(st.integers(0, 9))}" if self.chance(8) else ""

    def block(self, value: Any, indent: int) -> list[str]:
        pad = " " * indent
        rows: list[str] = []
        if isinstance(value, dict):
            for key, item in value.items():
                rows += self.comment(indent)
                rows += self.entry(f"{pad}{self.key(key, flow=False)}:", item, indent)
            return rows
        for item in value:
            rows += self.comment(indent)
            if isinstance(item, dict) and item and not self.chance(3):
                first, *rest = self._without_lead(item, indent + 2)
                rows += [f"{pad}- {first.strip()}", *rest]
            else:
                rows += self.entry(f"{pad}-", item, indent)
        return rows

    def _without_lead(self, item: dict[str, Any], indent: int) -> list[str]:
        rows = self.block(item, indent)
        while not rows[0].strip() or rows[0].lstrip().startswith("#"):
            rows.pop(0)
        return rows

    def entry(self, head: str, item: Any, indent: int) -> list[str]:
        if not isinstance(item, dict | list):
            return [f"{head} {self.scalar(item, flow=False)}{self.tail()}"]
        if not item or self.chance(3):
            return [f"{head} {self.flow(item)}{self.tail()}"]
        below = indent + (0 if isinstance(item, list) and not head.endswith("-") and self.chance(2) else 2)
        return [head + self.tail(), *self.block(item, below)]

"""Write the table of quirks into docs/emulator.md, from the table in the code.

python tools/make_quirk_table.py
"""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from reconciler.emulator.quirks import Quirks

PAGE = Path(__file__).parent.parent / "docs" / "emulator.md"
BEGIN, END = "<!-- quirks -->\n", "<!-- end of quirks -->"
HEAD = "| quirk | values, the default first | what it decides | sources |\n| --- | --- | --- | --- |\n"


def word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def main() -> None:
    lines = []
    for field in fields(Quirks):
        number = isinstance(field.default, float)
        values = "seconds" if number else ", ".join(f"`{word(v)}`" for v in field.metadata["values"])
        lines.append(f"| `{field.name}` | {values} | {field.metadata['text']} | {field.metadata['sources']} |\n")
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(before + BEGIN + HEAD + "".join(lines) + END + after, "utf-8")


if __name__ == "__main__":
    main()

"""The old address of each object, as a comment above it: files and where their objects stand in, the files out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from reconciler.model.resource import Resource


def with_comments(
    files: Mapping[str, str], resources: Iterable[Resource], former: Mapping[str, tuple[str, ...]]
) -> dict[str, str]:
    """Files by path, with a line above each object that says what it was; `former` has that by address."""
    above: defaultdict[str, defaultdict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for item in resources:
        if item.source:
            above[item.source.file][item.source.line] += former.get(item.address.text, ())
    return {file: _commented(text, above[file]) if file in above else text for file, text in files.items()}


def _commented(text: str, above: Mapping[int, list[str]]) -> str:
    rows: list[str] = []
    for number, row in enumerate(text.splitlines(keepends=True), start=1):
        indent = row[: len(row) - len(row.lstrip(" "))]
        rows += [f"{indent}# was {_line(address)}\n" for address in sorted(above.get(number, ()))]
        rows.append(row)
    return "".join(rows)


def _line(address: str) -> str:
    """What a comment may hold: it ends with its line."""
    return "".join(sign if sign.isprintable() else "?" for sign in address)

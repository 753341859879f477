"""Where values come from, as text: origins in, lines out.

auth.type  psk    wireless/guest.yaml:12
     over  eap    reconciler.yaml:14
enabled    true   reconciler.yaml:9
"""

from collections.abc import Sequence

from reconciler.model.origin import Lost, Origin
from reconciler.report.lines import BOLD, DIM, Line, line
from reconciler.report.values import inline

_PATH_MOST = 44
_VALUE_MOST = 40


def explain_lines(address: str, origins: Sequence[Origin], *, root: str = "") -> list[Line]:
    """One line per value: its path, the value, and the place that set it, and one for each that it lies over; `root`
    goes before file names."""
    shown = [inline(item.value) for item in origins]
    path = _column([item.path for item in origins], _PATH_MOST)
    value = _column(shown, _VALUE_MOST)
    rows = []
    for item, text in zip(origins, shown, strict=True):
        rows.append(line(f"{item.path:<{path}}  {text:<{value}}  ", (_place(item, root), DIM), indent=2))
        for lost in item.lost:
            over = "over" if _inside(item.path, lost.path) else f"over {lost.path}"
            told = f"{over:>{path}}  {inline(lost.value):<{value}}  {_place(lost, root)}"
            rows.append(line((told, DIM), indent=2))
    return [line((address, BOLD)), *rows]


def _inside(path: str, lost: str) -> bool:
    """Whether what lost is told beside the very value, or the list, that it lost to."""
    return path == lost or path.startswith(f"{lost}[")


def _column(texts: Sequence[str], most: int) -> int:
    return max((len(text) for text in texts if len(text) <= most), default=0)


def _place(item: Origin | Lost, root: str) -> str:
    if item.source is None:
        return ""
    cell = item.source.cell
    row = f"  ({root}{cell})" if cell else ""
    return f"{root}{item.source.file}:{item.source.line}{row}"

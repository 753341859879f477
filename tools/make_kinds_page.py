"""Write `docs/kinds.md`, the list of all kinds, from their entries.

    python tools/make_kinds_page.py [--check]

`--check` writes nothing and fails when the page would change.
"""

import argparse
import sys
from pathlib import Path

from reconciler.kinds import Kind, Kinds, kinds

PAGE = Path(__file__).parent.parent / "docs" / "kinds.md"
HEAD = """# Kinds

What an inventory can hold, made from the entries in `reconciler/kinds/` (`python tools/make_kinds_page.py`). The key is
what an object is known by among those beside it: `psk.Lobby@Guest` is the passphrase Lobby of the SSID Guest. What
another object is referred to by stands in the last column, each field with the kind that it names; `[]` is each element
of a list, `*` each value and `{}` each key of a map. A field that is needed is one that the cloud wants when an object
is made, and that can't be cleared.

| in files | what it is | lives in | key | needed | names others |
| --- | --- | --- | --- | --- | --- |
"""
LOOKED_UP = """
Known by name only, so that others can refer to them: {names}.
"""
TAIL = """
Ids are written in few places: `routertemplate_id` of a site (the API has no list of router templates),
`port_usages.*.ui_evpntopo_id` (a note of the portal's own), `jcloud.org_id` and `jcloud_ra.org_id` of the
organisation's setting, and `wayfinding.micello.map_id` of a map (of other products).
"""


def row(kind: Kind, known: Kinds) -> str:
    """One line of the table."""
    places = [known[end.parent].title if end.parent else "the organisation" for end in kind.endpoints]
    key = "one per parent" if kind.singleton else f"`{'@'.join(filter(None, (kind.key, kind.key_with)))}`"
    if kind.key_fallback:
        key += f", else `{kind.key_fallback}`"
    named = [f"`{item.place}` ({item.kind})" for item in kind.references]
    word = f"`{kind.name}:`" if kind.singleton else f"`{kind.plural}:`"
    needed = ", ".join(f"`{name}`" for name in kind.required)
    cells = (word, kind.title, " or ".join(places) or "files only", key, needed, ", ".join(named))
    return f"| {' | '.join(cells)} |"


def page(known: Kinds) -> str:
    """The whole page."""
    declarable = sorted((kind for kind in known if not kind.lookup_only), key=lambda kind: kind.plural)
    others = ", ".join(f"`{kind.plural}`" for kind in sorted(known, key=lambda kind: kind.plural) if kind.lookup_only)
    rows = "\n".join(row(kind, known) for kind in declarable)
    return f"{HEAD}{rows}\n{LOOKED_UP.format(names=others) if others else ''}{TAIL}"


def main() -> int:
    """Write the page, or with `--check` say whether it is current."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, fail when the page would change")
    text = page(kinds())
    if parser.parse_args().check:
        return int(PAGE.read_text("utf-8") != text)
    PAGE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The field reference for people. In: the kinds. Out: Markdown pages by file name, always the same.

One page per kind that an inventory can hold, and `README.md`, which lists them by chapter. Everything on a page comes
from the kind's entry and its models.
"""

from collections.abc import Iterator
from itertools import groupby
from textwrap import fill

from reconciler.kinds import Kind, Kinds, kinds
from reconciler.schema.fields import Field, Section, sections
from reconciler.schema.forms import META, declared

INTRODUCTION = """# Kinds

One page per kind of object, made from the models that check your files (`reconciler schema --docs -o docs/kinds`).
For your editor, the same is in the [JSON Schemas](../../schemas).

- **Fields** that you do not write are left alone. `null`, written out, clears a field; the cloud then puts its default
  there, which each table names. A default is nothing that the inventory sends.
- **A root** is a field at the top of an object. The cloud replaces each root that it is sent as a whole, so a change
  anywhere inside of one sends all of it: what you declare, laid over what is live.
- **A list** is compared by the key of its elements, as a set (order does not count) or in order. `!merge` declares only
  the elements that it lists, where they have a key or are a set.
- **A secret** is written as a reference: `!secret env:NAME`, `!secret file:PATH` or `!secret cmd:...`.
- **A site variable** is a text such as `"{{corp_vlan}}"`. A text may hold one anywhere; fields for numbers that take
  one say so.

Every object may also have:

"""

NESTED, IN_A_LIST = "[][]", " in a list"
"""A list of lists: signs are no part of a heading's fragment, so that its heading says so in words."""


def export_pages(known: Kinds | None = None) -> dict[str, str]:
    """`README.md`, `wlan.md`, ... and their texts; of `known`, or of all kinds."""
    known = known or kinds()
    found = {f"{kind.name}.md": _page(kind, known) for kind in declared(known)}
    return dict(sorted({**found, "README.md": _index(known)}.items()))


def _index(known: Kinds) -> str:
    meta = "".join(f"- `{name}`: {schema['description']}.\n" for name, schema in META.items())
    listed = sorted(declared(known), key=lambda kind: (kind.chapter, kind.title.lower()))
    lines = [f"{INTRODUCTION}{meta}"]
    for chapter, members in groupby(listed, key=lambda kind: kind.chapter):
        lines += [
            f"## {chapter.capitalize()}\n",
            "| kind | key in a file | natural key | address |",
            "| --- | --- | --- | --- |",
        ]
        for kind in members:
            cells = (f"[{kind.title}]({kind.name}.md)", f"`{_file_key(kind)}`", _natural_key(kind), _addresses(kind))
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    others = [f"`{kind.name}`" for kind in known if kind.lookup_only]
    if others:
        lines += [f"Known by name only, as what others refer to: {', '.join(others)}.", ""]
    return "\n".join(lines)


def _file_key(kind: Kind) -> str:
    return kind.name if kind.singleton else kind.plural


def _natural_key(kind: Kind) -> str:
    if kind.singleton:
        return "none: its parent has exactly one"
    if kind.key_with:
        return f"`{kind.key}` and `{kind.key_with}`: `{kind.key}@{kind.key_with}`"
    return f"`{kind.key}`" + (f", or `{kind.key_fallback}` where that is empty" if kind.key_fallback else "")


def _addresses(kind: Kind) -> str:
    name = kind.key.upper() + (f"@{kind.key_with.upper()}" if kind.key_with else "")
    own = kind.name if kind.singleton else f"{kind.name}.{name}"
    parents = [endpoint.parent for endpoint in kind.endpoints] or [None]
    return " or ".join(f"`{own}`" if parent is None else f"`{parent}.NAME/{own}`" for parent in parents)


def _page(kind: Kind, known: Kinds) -> str:
    about = " ".join(((kind.model and kind.model.__doc__) or "").split())
    parts = [
        f"# {kind.title[0].upper()}{kind.title[1:]}\n",
        f"{about} [All kinds](README.md).\n",
        *map(_wrapped, _facts(kind, known)),
    ]
    if kind.example:
        parts += ["\n## Example\n", f"```yaml\n{kind.example.strip()}\n```"]
    for section in sections(kind):
        parts += ["", *_section(section, kind)]
    return "\n".join(parts) + "\n"


def _facts(kind: Kind, known: Kinds) -> Iterator[str]:
    yield f"- Natural key: {_natural_key(kind)}."
    yield f"- Address: {_addresses(kind)}."
    yield f"- Written: {_places(kind, known)}."
    children = [child for child in known.children(kind.name) if child.model is not None]
    if children:
        yield f"- Holds: {', '.join(f'[`{_file_key(child)}`]({child.name}.md)' for child in children)}."
    for reference in kind.references:
        if reference.kind not in known or reference.itself:
            continue
        target = known[reference.kind]
        name = f"[{target.title}]({target.name}.md)" if target.model else target.title
        when = f", where `{reference.when[0]}` is `{reference.when[1]}`" if reference.when else ""
        yield f"- Reference: `{reference.field}` names {'several, each one' if reference.many else 'one'} {name}{when}."
    if kind.composed_only:
        yield "- It is no object of the cloud: it is copied into the templates and settings that name it."
    taken = known.deleted_with(kind.name) if not kind.singleton else ()
    own = {one.collection: f" that it made, where `{one.when}` is true" for one in kind.owned}
    if taken:
        yield f"- A delete takes along: {', '.join(_last(path) + own.get(path, '') for path in taken)}."
    if kind.releases:
        yield f"- A delete sets free: {', '.join(map(_last, kind.releases))}."


def _wrapped(line: str) -> str:
    return fill(line, width=120, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def _last(path: str) -> str:
    return f"`{path.rpartition('/')[2]}`"


def _places(kind: Kind, known: Kinds) -> str:
    parents = [endpoint.parent for endpoint in kind.endpoints if endpoint.parent]
    top = f"under `{kind.file_key}` at the top of a file"
    if not parents:
        return top
    holders = " or of the ".join(known[parent].title for parent in parents)
    names = " or ".join(f"`{parent}: NAME`" for parent in parents)
    alone = "for one of the organisation, or " if any(end.parent is None for end in kind.endpoints) else ""
    return f"under `{_file_key(kind)}` of the {holders}; or {top}, {alone}with {names}"


def _section(section: Section, kind: Kind) -> Iterator[str]:
    if not section.path:
        yield "## Fields\n"
        yield "Each of these is a root."
    else:
        yield f"### `{section.path}`{IN_A_LIST if NESTED in section.path else ''}\n"
        roots = " or ".join(f"`{root}`" for root in section.roots)
        yield f"{section.about} A change here replaces {roots} whole.".strip()
    yield "\n| field | holds | default | about |\n| --- | --- | --- | --- |"
    references = {reference.place: reference.kind for reference in kind.references}
    for field in section.fields:
        yield _row(field, references.get(field.path))


def _row(field: Field, reference: str | None) -> str:
    about = [
        "Required." if field.required else "",
        "Secret." if field.secret else "",
        f"Reference: {reference}, by name or id." if reference else "",
        f"{field.about.rstrip('.')}." if field.about else "",
        f"Compared {field.compared}." if field.compared else "",
    ]
    links = "".join(f" ([`{path}`](#{anchor(path)}))" for path in field.below)
    cells = (
        f"`{field.name}`",
        f"{field.holds}{links}",
        " or ".join(f"`{one}`" for one in field.defaults),
        *[" ".join(filter(None, about))],
    )
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def anchor(path: str) -> str:
    """The fragment that a Markdown heading of a section gets."""
    plain = "".join(sign for sign in path.lower() if sign.isalnum() or sign in "-_")
    return plain + (IN_A_LIST.replace(" ", "-") if NESTED in path else "")

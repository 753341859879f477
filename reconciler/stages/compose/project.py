"""The project file: its mapping in, a `Project` and diagnostics out."""

import types
from typing import Annotated, Any, Union, get_args, get_origin

from msgspec import Struct, ValidationError, convert
from msgspec.structs import fields, replace

from reconciler.diagnostics import SourceRange
from reconciler.kinds.registry import Kinds
from reconciler.model.project import PROJECT_FILE, Project
from reconciler.model.values import Path, YamlMap, mark_of
from reconciler.stages.compose.report import Report, did_you_mean

NAMED_INSIDE = frozenset({"networks", "port_usages"})
"""What `external` may name besides kinds: things that live inside of templates and settings."""

_WORDS = {
    "string_type": "must be text; put it in quotes",
    "bool_type": "must be true or false, without quotes",
    "int_type": "must be a whole number, without quotes",
    "float_type": "must be a number, without quotes",
    "list_type": "must be a list",
    "dict_type": "must be a mapping",
    "model_type": "must be a mapping",
    "missing": "is missing",
}


def read_project(raw: YamlMap, kinds: Kinds, report: Report) -> Project:
    """The validated project file. What is wrong in it is reported and left out of the result."""
    if "version" not in raw:
        report.error("project-version", *_NO_VERSION, SourceRange(PROJECT_FILE, 1, 1))
    data: dict[str, Any] = {**raw, "version": raw.get("version", 1)}
    try:
        return _canonical(convert(data, Project), raw, kinds, report)
    except ValidationError:
        return _canonical(_read_closely(data, raw, report), raw, kinds, report)


def _read_closely(data: dict[str, Any], raw: YamlMap, report: Report) -> Project:
    """The same with all that is wrong reported: what takes the file fast stops at the first."""
    from pydantic import ValidationError as Refused  # costs a file in which nothing is wrong nothing

    from reconciler.model.project_fields import read

    try:
        return read(data)
    except Refused as error:
        found = error.errors(include_url=False, include_input=False)
    for item in found:
        _report_one(item["type"], item["loc"], item["msg"], raw, report)
    broken = {str(item["loc"][0]) for item in found}
    return read({**{key: value for key, value in data.items() if key not in broken}, "version": 1})


_NO_VERSION = ("The project file names no version", f"write `version: 1` as the first line of {PROJECT_FILE}")


def _report_one(kind: str, loc: Path, message: str, raw: YamlMap, report: Report) -> None:
    place = mark_of(raw, loc) or SourceRange(PROJECT_FILE, 1, 1)
    if loc == ("version",):
        report.error("project-version", "The version of the project file is not known", "write `version: 1`", place)
        return
    path = ".".join(map(str, loc))
    if kind == "extra_forbidden":
        detail = path + did_you_mean(str(loc[-1]), _known_keys(loc[:-1]))
        report.error("unknown-key", "A key is not known in the project file", detail, place)
        return
    words = _WORDS.get(kind) or message.removeprefix("Value error, ")
    report.error("bad-project", "The project file has a wrong value", f"{path}: {words}", place)


def _known_keys(loc: Path) -> list[str]:
    """The keys of a part at a place of the project file."""
    found: Any = Project
    for step in loc:
        found = _below(found, str(step))
    return sorted(item.name for item in fields(found)) if _is_part(found) else []


def _below(annotation: Any, step: str) -> Any:
    """What a step leads to: a part, or where there is none what the values of a map or a list are."""
    if _is_part(annotation):
        found = next((item.type for item in fields(annotation) if item.name == step), None)
    else:
        found = next(iter(get_args(annotation)[-1:]), None)
    while get_origin(found) in (Annotated, Union, types.UnionType):
        members = [item for item in get_args(found) if item is not type(None)]
        found = next((item for item in members if _is_part(item)), members[0])
    return found


def _is_part(found: Any) -> bool:
    return isinstance(found, type) and issubclass(found, Struct)


def _canonical(project: Project, raw: YamlMap, kinds: Kinds, report: Report) -> Project:
    """The same project with every kind under its own name, however it was written (`sites` or `site`)."""
    limits = replace(project.limits, kinds=_by_kind(project.limits.kinds, ("limits", "kinds"), raw, kinds, report))
    return replace(
        project,
        defaults=_by_kind(project.defaults, ("defaults",), raw, kinds, report),
        profiles=_by_kind(project.profiles, ("profiles",), raw, kinds, report),
        manage=_by_kind(project.manage, ("manage",), raw, kinds, report),
        external=_by_kind(project.external, ("external",), raw, kinds, report),
        limits=limits,
    )


def _by_kind(section: dict[str, Any], path: Path, raw: YamlMap, kinds: Kinds, report: Report) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for word, value in section.items():
        kind = kinds.find(word)
        place = mark_of(raw, (*path, word))
        name = kind.name if kind else word
        if kind is None and not (path == ("external",) and word in NAMED_INSIDE):
            known = [entry.plural for entry in kinds]
            detail = f"{'.'.join(map(str, path))}.{word}{did_you_mean(word, known)}"
            report.error("unknown-kind", "A kind is not known", detail, place)
        elif name in found:
            detail = f"{'.'.join(map(str, path))}: {word!r} and another spelling of it; keep one"
            report.error("duplicate-key", "A key is written twice", detail, place)
        else:
            found[name] = value
    return found

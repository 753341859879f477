"""One object against its model: pydantic's errors in, findings out, each at its own path and in our own words.

A union tells one error per member; they come out as one finding. A value that is or may be a secret is never quoted.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from reconciler.kinds import Kind, Violation
from reconciler.kinds.shared.checks import any_of, closest, path_text
from reconciler.kinds.shared.rules import violation
from reconciler.kinds.sources import SOURCES, line_at, spellings
from reconciler.model.values import Path, Secret, SecretRef, YamlMap
from reconciler.stages.validate.accepted import NUMBERS
from reconciler.stages.validate.bodies import at, disguised, secret_texts, shape_at
from reconciler.stages.validate.checker import checker_of
from reconciler.stages.validate.hints import UnknownKeys
from reconciler.stages.validate.problem import discreet
from reconciler.stages.validate.words import ALLOWED, LIMITS, TYPES, quoted, remedy, type_name

Error = Mapping[str, Any]

_QUOTABLE = frozenset(
    {
        "country_code", "host", "ip_address", "mac", "port_range", "protocol", "subnet", "time_of_day", "time_zone",
        "itself", "uuid", "variable", "vlan_ids", "vlan_range", *NUMBERS,
    }
)  # fmt: skip
"""Our own error types whose value may be repeated: nobody writes a secret there."""

_SINGLE = _QUOTABLE - {"vlan_ids"} | {"psk", "url", "variable_value"}
"""Our own error types of single values; others stand for lists or mappings as well."""


def model_errors(kind: Kind, visible: Mapping[str, Any], keys: frozenset[str] = frozenset()) -> list[Error]:
    """What the kind's model refuses in a body without its `raw`, secrets revealed. `keys` are those of all bodies of
    the kind, so that one check serves all of them."""
    if kind.model is None:
        return []
    try:
        checker_of(kind.model, keys if visible.keys() <= keys else keys.union(visible)).validate_python(visible)
    except ValidationError as error:
        return list(error.errors(include_url=False, include_input=False))
    return []


def refused_paths(errors: Iterable[Error], body: YamlMap) -> dict[Path, set[str]]:
    """The paths of the values that a model refuses, each with the types of its errors."""
    found: dict[Path, set[str]] = {}
    for error in errors:
        if error["type"] == "extra_forbidden":
            continue  # another form of the value would not help
        path, of_key = _located(body, error)
        if path and not of_key:
            found.setdefault(path, set()).add(error["type"])
    return found


def in_quotes(before: YamlMap, after: YamlMap, paths: Iterable[Path]) -> Iterator[Violation]:
    """A warning for every number, true or false that was written as a text and is read as what it says."""
    for path in paths:
        old, new = at(before, path), at(after, path)
        if isinstance(old, str) and old and not isinstance(new, str | None):
            detail = f"`{path_text(path)}` takes {type_name(new)}, and the text is read as that. Remove the quotes."
            yield violation("wrong-type", detail, path, warning=True)


def field_findings(errors: Iterable[Error], kind: Kind, body: YamlMap, unknown: UnknownKeys) -> list[Violation]:
    """The errors of the model as findings, in the order of the paths' places. A null is none, except for a field that
    every object of the kind needs."""
    found = list(_findings(errors, kind, body, unknown))
    if not found:
        return []
    secrets = secret_texts(body)
    again = disguised(body, secrets) if secrets else {}
    return list(discreet(found, secrets, lambda: _findings(model_errors(kind, again), kind, body, unknown)))


def _findings(errors: Iterable[Error], kind: Kind, body: YamlMap, unknown: UnknownKeys) -> Iterator[Violation]:
    by_path: dict[tuple[Path, bool], list[Error]] = {}
    for error in errors:
        by_path.setdefault(_located(body, error), []).append(error)
    inner = {path[:length] for path, _ in by_path if len(path) > 1 for length in range(len(path))}
    inner |= {()} if any(path for path, _ in by_path) else set()
    for (path, of_key), group in by_path.items():
        value = at(body, path)
        if isinstance(value, SecretRef) or (path in inner and isinstance(value, dict | list)):
            continue  # an unresolved secret is reported already; deeper errors say more than those of the whole
        if value is None and len(path) > 1 and _holds(at(body, path[:-1]), path[-1]):
            continue
        line = None if of_key else line_at(kind.name, path)
        if line is not None and line.takes(value):
            if line.other is None:
                detail = (
                    f"`{path_text(path)}`: {SOURCES[line.source]} takes this, and other sources of the vendor do not."
                )
                yield violation(
                    "sources-differ", f"{detail} It is sent as written; look whether the cloud keeps it.", path
                )
            continue
        if group[0]["type"] == "extra_forbidden" or any(error["type"] == "extra_forbidden" for error in group):
            yield violation("unknown-key", unknown.about(path, kind), path)
        else:
            yield _finding(group, path, path[-1] if of_key else value, kind=kind)


def spelling_findings(kind: Kind, body: YamlMap) -> Iterator[Violation]:
    """A warning for each field that the vendor's sources spell differently: the cloud drops what it doesn't know."""
    for path, line in spellings(kind.name, body):
        if line.other:
            source, name = line.other
            detail = (
                f"`{path_text(path)}` is the name in {SOURCES[line.source]}, and `{name}` that in {SOURCES[source]}."
            )
            yield violation("sources-differ", f"{detail} It is sent as written; look whether the cloud keeps it.", path)


def _located(body: YamlMap, error: Error) -> tuple[Path, bool]:
    """The path of an error, without the tags that a union puts into it, and whether it is about the key itself."""
    value: Any = body
    path: Path = ()
    steps: Sequence[str | int] = error["loc"]
    if len(steps) == 1 and steps[0] in body:
        return tuple(steps), False
    for index, step in enumerate(steps):
        if step == "[key]":
            return path, True
        if _holds(value, step):
            value = at(value, (step,))
        elif index < len(steps) - 1 or error["type"] != "missing":
            continue  # the tag of a union's member
        path = (*path, step)
    return path, False


def _holds(value: Any, step: str | int) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(value)


def _finding(group: Sequence[Error], path: Path, value: Any, *, kind: Kind) -> Violation:
    kinds_of = {error["type"] for error in group}
    where = f"`{path_text(path)}`" if path else f"the {kind.title}"
    if "missing" in kinds_of:
        return violation("missing-key", f"{where} is required. Add it.", path)
    if value is None and len(path) == 1:
        return violation("missing-key", f"{where} can't be cleared: every {kind.title} needs it.", path)
    secret = isinstance(value, Secret) or shape_at(kind.shape, path).secret
    value = value.reveal() if isinstance(value, Secret) else value
    specific = [error for error in group if error["type"] not in TYPES]
    if not specific:
        expected = list(dict.fromkeys(TYPES[error["type"]] for error in group))
        return violation("wrong-type", _mismatch(where, expected, value), path)
    if specific[0]["type"] in ALLOWED:
        return _bad_enum(specific, path, value, secret=secret)
    return _bad_value(specific, path, value, secret=secret)


def _mismatch(where: str, expected: list[str], value: Any) -> str:
    wanted = " or ".join(text.partition(";")[0] for text in expected)
    return f"{where} must be {wanted}, not {type_name(value)}.{remedy(expected, value)}"


def _bad_enum(errors: Sequence[Error], path: Path, value: Any, *, secret: bool) -> Violation:
    where = f"`{path_text(path)}`"
    allowed = [name for error in errors for name in re.findall(r"'([^']*)'|(-?\d+)", error["ctx"]["expected"])]
    names = [text or number for text, number in allowed]
    listed = any_of(names)
    if not isinstance(value, str):
        if not any(text for text, _ in allowed) and isinstance(value, int | float) and not isinstance(value, bool):
            return violation("bad-enum", f"{where} must be {listed}{quoted(value, secret=secret)}.", path)
        quote = " Put it in quotes." if str(value) in names and any(text for text, _ in allowed) else ""
        return violation("wrong-type", f"{where} must be one of {listed}, not {type_name(value)}.{quote}", path)
    near = None if secret else closest(value, frozenset(names))
    hint = f" Did you mean `{near}`?" if near else ""
    if near == value and not any(text for text, _ in allowed):
        hint = " Remove the quotes."
    return violation("bad-enum", f"{where} must be {listed}{quoted(value, secret=secret)}.{hint}", path)


def _bad_value(errors: Sequence[Error], path: Path, value: Any, *, secret: bool) -> Violation:
    where, error = f"`{path_text(path)}`", errors[0]
    name, message = error["type"], error["msg"].removeprefix("Value error, ")
    if name in LIMITS:
        limits = LIMITS[name].format(**error.get("ctx", {}))
        return violation("out-of-range", f"{where} must {limits}{quoted(value, secret=secret)}.", path)
    expected = " or ".join(dict.fromkeys(_expected(item["msg"]) for item in errors))
    is_text, is_number = isinstance(value, str), isinstance(value, int | float) and not isinstance(value, bool)
    if not message.startswith("expected "):
        return violation("bad-value", f"{where}: {message[0].lower()}{message[1:]}.", path)
    whole = isinstance(value, dict | list) and name not in _SINGLE
    if not is_text and not whole and not (is_number and name in NUMBERS):
        return violation("wrong-type", _mismatch(where, [expected], value), path)
    rule = "out-of-range" if name in NUMBERS and (is_number or _numeric(value)) else "bad-value"
    hint = "" if secret else error.get("ctx", {}).get("hint", "")
    said = quoted(value, secret=secret or name not in _QUOTABLE)
    return violation(rule, f"{where} must be {expected}{said}.{hint}", path)


def _expected(message: str) -> str:
    return message.removeprefix("expected ")


def _numeric(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdecimal()

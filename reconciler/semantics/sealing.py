"""Secrets by use: texts in, `Secret` out wherever a text is one, holds one, or is what a secret field uses.

A field of a kind is secret by its model; a text by what stands in it (a URL's password, a line of CLI); a site
variable because a secret field uses it anywhere, declared or live, or because it is named like a secret.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from typing import Any

import msgspec
from msgspec.structs import replace

from reconciler.model.hiding import SHOWN, may_hold_secret, names_secret, shown_text
from reconciler.model.resource import Resource
from reconciler.model.shape import Shape
from reconciler.model.values import Secret, SecretRef, YamlMap

_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_ONLY_VARIABLES = re.compile(r"(?:\s*\{\{\s*\w+\s*\}\}\s*)+")
VARS = "vars"
"""The root in which a site keeps its variables."""


def sealed_field(text: str, *, origin: str) -> Secret:
    """The text of a secret field. A site variable is the secret's name and not the secret."""
    return Secret(text, origin=origin, shown=text if _ONLY_VARIABLES.fullmatch(text) else SHOWN)


def sealed_text(text: str, *, origin: str) -> str | Secret:
    """The text of any other field: sealed when a part of it is a secret."""
    if not may_hold_secret(text):
        return text
    shown = shown_text(text)
    return text if shown == text else Secret(text, origin=origin, shown=shown)


class _Sealed(Exception):
    """A value that JSON has no word for."""


def _as_json(value: Any) -> str:
    if isinstance(value, str):
        return str(value)
    raise _Sealed


_ENCODER = msgspec.json.Encoder(enc_hook=_as_json)


def plain_text(body: Any) -> bytes | None:
    """A body as JSON, where it is nothing else: one look, a tenth of a walk, for what most bodies don't hold. None for
    one that holds a secret, or a reference to one."""
    try:
        return _ENCODER.encode(body)
    except (_Sealed, TypeError, ValueError):  # a text may be no Unicode, a key no text
        return None


_MAY_BE_VARIABLE = re.compile(r"\{\{\s*(\w*)")


def may_use(body: Any, variables: Set[str]) -> bool:
    """Whether some text of a body may name one of these site variables: a quick look, for most name none."""
    text = plain_text(body)
    if text is None:
        return True
    if text.rfind(b"{{") < 0:  # which takes a third of `in`
        return False
    named = set(_MAY_BE_VARIABLE.findall(text.decode()))
    return "" in named or not named.isdisjoint(variables)


def site_variables(body: Mapping[str, Any]) -> Collection[str]:
    """The names of the site variables that a body has values for."""
    found = body.get(VARS)
    return found.keys() if isinstance(found, dict) else ()


def secret_variables(body: Any) -> set[str]:
    """The site variables that a sealed body uses in the place of a secret, or of a part of one."""
    found: set[str] = set()
    stack: list[Any] = [body]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            stack += value.values()
        elif isinstance(value, list):
            stack += value
        elif isinstance(value, Secret):
            text = value.reveal()
            if "{{" in text:
                whole = value.hidden or value.shown == text
                found |= set(_VARIABLE.findall(text)) if whole else _in_secret_parts(text)
        elif isinstance(value, str) and "{{" in value and may_hold_secret(value):
            found |= _in_secret_parts(value)
    return found


def variables_in_secrets(value: Any, shape: Shape) -> Iterator[str]:
    """The same of a part of a body as the cloud answers it, of which nothing is sealed yet."""
    if isinstance(value, str):
        if shape.secret:
            yield from _VARIABLE.findall(value)
        elif may_hold_secret(value):
            yield from _in_secret_parts(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            if "{{" in item if isinstance(item, str) else isinstance(item, dict | list):
                yield from variables_in_secrets(item, shape.below(key))
    elif isinstance(value, list):
        for item in value:
            yield from variables_in_secrets(item, shape.below(0))


def _in_secret_parts(text: str) -> set[str]:
    """The variables that stand where `shown_text` hides."""
    named = _VARIABLE.sub(lambda found: f"variable_{found[1]}_", text)
    shown = shown_text(named)
    return {name for name in _VARIABLE.findall(text) if f"variable_{name}_" not in shown}


def with_sealed_variables(body: Mapping[str, Any], names: Iterable[str], *, origin: str) -> Mapping[str, Any]:
    """The body with the secret ones of its site variables sealed; the body itself when there are none."""
    variables = body.get(VARS)
    if not isinstance(variables, dict):
        return body
    used = frozenset(names)
    changed = {
        name: sealed_field(value, origin=origin)
        for name, value in variables.items()
        if isinstance(value, str) and value and (name in used or names_secret(name))
    }
    if not changed:
        return body
    repeated = _repeated(variables, changed, origin=origin)
    laid: dict[str, Any] = {**variables, **changed, **repeated}
    if isinstance(variables, YamlMap):
        laid = YamlMap(laid, marks=variables.marks, mark=variables.mark)
    return _with(body, VARS, laid)


_TELLING = 6
"""A shorter value stands in other texts by chance."""


def _repeated(variables: Mapping[str, Any], sealed: Mapping[str, Secret], *, origin: str) -> dict[str, Secret]:
    """The other variables in which a sealed one is pasted, sealed where it stands in them."""
    values = sorted({item.reveal() for item in sealed.values() if item.hidden}, key=len, reverse=True)
    telling = [value for value in values if len(value) >= _TELLING]
    found: dict[str, Secret] = {}
    for name, text in variables.items():
        if name in sealed or not isinstance(text, str):
            continue
        shown = text
        for value in telling:
            shown = shown.replace(value, SHOWN)
        if shown != text:
            found[name] = Secret(text, origin=origin, shown=shown)
    return found


def _with(body: Mapping[str, Any], key: str, value: Any) -> Mapping[str, Any]:
    laid = {**body, key: value}
    return YamlMap(laid, marks=body.marks, mark=body.mark) if isinstance(body, YamlMap) else laid


def sealed_resources(resources: Iterable[Resource], names: Iterable[str]) -> tuple[Resource, ...]:
    """Resources with the secret ones of their site variables sealed."""
    used = frozenset(names)
    return tuple(sealed_resource(item, used) for item in resources)


def sealed_resource(item: Resource, names: frozenset[str]) -> Resource:
    """The same for one resource; the resource itself where it has none."""
    body = with_sealed_variables(item.body, names, origin="plain")
    return replace(item, body=body) if isinstance(body, YamlMap) and body is not item.body else item


def secrets_in(bodies: Iterable[Any]) -> Iterator[str]:
    """The values of all secrets in bodies; of texts that only hold one, the secret parts."""
    stack: list[Any] = list(bodies)
    while stack:
        value = stack.pop()
        if isinstance(value, str):
            continue
        if isinstance(value, dict | Mapping):
            stack += value.values()
        elif isinstance(value, list):
            stack += value
        elif isinstance(value, Secret) and not value.masked:
            yield from _secret_parts(value.reveal(), value.shown)


def missing_in(body: Any) -> SecretRef | None:
    """The first reference in a body that could not be looked up."""
    if isinstance(body, SecretRef):
        return body
    items = body.values() if isinstance(body, Mapping) else body if isinstance(body, list) else ()
    return next((found for item in items if (found := missing_in(item))), None)


def _secret_parts(text: str, shown: str) -> Iterator[str]:
    """What stands in a text where its shown form says `(secret)`."""
    pieces = shown.split(SHOWN)
    at = len(pieces[0])
    for piece in pieces[1:]:
        end = text.find(piece, at) if piece else len(text)
        if end < 0:
            return
        if text[at:end]:
            yield text[at:end]
        at = end + len(piece)


def secret_names(bodies: Iterable[Any]) -> Iterator[str]:
    """The names of the fields that hold a whole secret: what stands there in other objects, or stood there before, may
    be one as well."""
    stack: list[tuple[str, Any]] = [("", body) for body in bodies]
    while stack:
        name, value = stack.pop()
        if isinstance(value, str):
            continue
        if isinstance(value, dict | Mapping):
            stack += value.items()
        elif isinstance(value, list):
            stack += [(name, item) for item in value]
        elif isinstance(value, Secret) and value.hidden and name:
            yield name


def former_secrets(declared: Any, live: Any) -> Iterator[str]:
    """The texts that are live where a whole secret is declared: most likely its former value. An element of a list may
    be any of the live ones."""
    if isinstance(declared, Secret):
        if declared.hidden and isinstance(live, str) and live:
            yield live
    elif isinstance(declared, dict | Mapping) and isinstance(live, dict | Mapping):
        for key, value in declared.items():
            if not isinstance(value, str):
                yield from former_secrets(value, live.get(key))
    elif isinstance(declared, list) and isinstance(live, list):
        for value in declared:
            if isinstance(value, Secret | Mapping):
                for item in live:
                    yield from former_secrets(value, item)

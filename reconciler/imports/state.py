"""The JSON of `terraform show -json`: text in, the resources of the vendor's provider out.

A plan's JSON holds the state that it started from as `prior_state`, which is read then. (Format:
developer.hashicorp.com/terraform/internals/json-format.)
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from reconciler.errors import UsageError

_PROVIDER = "/juniper/mist"
_FORMAT = "1"
_HOW = "Write it with `terraform show -json > state.json`"


class StateResource(Struct, frozen=True, kw_only=True):
    """One instance. `sensitive` has `true` where the state marks a value; `data`: only looked up, never made."""

    address: str
    type: str
    values: Mapping[str, Any]
    sensitive: Any = None
    data: bool = False
    tainted: bool = False
    deposed: bool = False


def resources_in(content: bytes, *, file: str) -> tuple[StateResource, ...]:
    """The provider's resources, in the state's order. Raises `UsageError` for what is no state."""
    document = _document(content, file)
    if isinstance(document, dict) and "planned_values" in document:
        if "prior_state" not in document:
            raise UsageError(f"{file} is a plan that starts from nothing: there is no state in it", remedy=_HOW)
        document = document["prior_state"]
    if not isinstance(document, dict) or "format_version" not in document:
        raise UsageError(f"{file} is no state: {_what_it_is(document)}", remedy=_HOW)
    version = str(document["format_version"])
    if version.partition(".")[0] != _FORMAT:
        raise UsageError(
            f"{file} has the format version {version}; version {_FORMAT}.x can be read",
            remedy="Use another version of Terraform to write it, or a newer reconciler",
        )
    values = document.get("values", {})
    root = values.get("root_module", {}) if isinstance(values, dict) else None
    return tuple(_in_module(root, file))


def _document(content: bytes, file: str) -> Any:
    # A shell on Windows writes UTF-16.
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    if content[:4] == b"PK\x03\x04":
        raise UsageError(
            f"{file} is a saved plan, not a state",
            remedy=f"`terraform show -json {file} > plan.json` makes JSON of it, which can be read",
        )
    try:
        return json.loads(content.decode(encoding))
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is no state: it is no text", remedy=_HOW) from error
    except json.JSONDecodeError as error:
        raise UsageError(
            f"{file}:{error.lineno}:{error.colno}: this is no whole JSON document: {error.msg}", remedy=_HOW
        ) from error
    except RecursionError as error:
        raise UsageError(f"{file} is no state: it is nested too deeply", remedy=_HOW) from error


def _what_it_is(document: Any) -> str:
    if isinstance(document, dict) and "serial" in document and "lineage" in document:
        return "it is the file in which Terraform keeps one, and not its JSON"
    return "it has no `format_version`"


def _in_module(root: Any, file: str) -> Iterator[StateResource]:
    """What is in a module and those below it, without an end to their depth."""
    stack = [root]
    while stack:
        module = stack.pop()
        if not isinstance(module, dict):
            raise UsageError(f"{file} is no state: a module in it is no object", remedy=_HOW)
        for item in _list(module, "resources", file):
            if isinstance(item, dict) and str(item.get("provider_name", "")).endswith(_PROVIDER):
                yield _resource(item, file)
        stack += reversed(_list(module, "child_modules", file))


def _list(module: Mapping[str, Any], key: str, file: str) -> list[Any]:
    found = module.get(key, [])
    if not isinstance(found, list):
        raise UsageError(f"{file} is no state: its `{key}` is no list", remedy=_HOW)
    return found


def _resource(item: Mapping[str, Any], file: str) -> StateResource:
    address, kind, values = item.get("address"), item.get("type"), item.get("values")
    if not isinstance(address, str) or not isinstance(kind, str):
        raise UsageError(f"{file} is no state: a resource in it has no address or type", remedy=_HOW)
    return StateResource(
        address=address,
        type=kind,
        values=values if isinstance(values, dict) else {},
        sensitive=item.get("sensitive_values"),
        data=item.get("mode") == "data",
        tainted=item.get("tainted") is True,
        deposed="deposed_key" in item,
    )

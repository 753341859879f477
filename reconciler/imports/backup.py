"""The JSON of the public backup scripts: texts in, the lists that they read out.

`org_conf_backup.py` of tmunzer/mist_library writes `org_conf_file.json`: under `org` the organisation (`data`), its
setting (`settings`) and a list per collection, under `sites` the same by the id of each site; null is a list that it
could not read. `org_inventory_backup.py` writes `org_inventory_file.json` with the devices of each site, by its name.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from reconciler.errors import UsageError

CONF_FILE, INVENTORY_FILE = "org_conf_file.json", "org_inventory_file.json"
_HOW = "org_conf_backup.py of tmunzer/mist_library writes it"
_WORDS = {"": "data", "setting": "settings"}
_BY_TYPE = {"switch": "switchprofiles", "gateway": "hubprofiles"}
_DEVICES, _PROFILES = "devices", "deviceprofiles"

ABSENT = "the backup holds no such list"
FAILED = "the backup could not read it"


class Backup(Struct, frozen=True, kw_only=True):
    """What the two files hold: the organisation's answers by the backup's own words, those of each site by its id, and
    the devices of sites by their names; None without the second file."""

    org_id: str
    org: Mapping[str, Any]
    sites: Mapping[str, Mapping[str, Any]]
    devices: Mapping[str, Sequence[Any]] | None = None
    edges: Sequence[Any] | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    def answer(self, path: str, query: Mapping[str, str]) -> tuple[Any, str]:
        """What a GET of a list or a singleton would have answered; else None, and why."""
        collection, _, rest = path.partition("/")
        holder, _, word = rest.partition("/")
        held = self.org if collection == "orgs" else self.sites.get(holder, {})
        if word == _DEVICES:
            return self._devices_of(holder)
        if word == "mxedges" and self.edges is not None and collection == "orgs":
            return self.edges, ""
        word = _BY_TYPE.get(query.get("type", ""), word) if word == _PROFILES else _WORDS.get(word, word)
        if word not in held:
            return None, ABSENT
        expected = dict if word in _WORDS.values() else list
        return held[word], "" if isinstance(held[word], expected) else FAILED

    def _devices_of(self, site_id: str) -> tuple[Any, str]:
        if self.devices is None:
            return None, f"there is no {INVENTORY_FILE} beside it"
        return self.devices.get(self.names.get(site_id, ""), []), ""


def backup_in(conf: bytes, inventory: bytes | None, *, file: str) -> Backup:
    """Raises `UsageError` for what is no such backup."""
    document = _document(conf, file)
    org, sites = document.get("org"), document.get("sites")
    if not isinstance(org, dict) or not isinstance(sites, dict) or not isinstance(org.get("id"), str):
        raise UsageError(f"{file} is no backup: it has no `org` with an `id`, or no `sites`", remedy=_HOW)
    lists = {f"org.{word}": value for word, value in org.items() if isinstance(value, list)}
    for site_id, held in sites.items():
        if not isinstance(held, dict):
            raise UsageError(f"{file} is no backup: `sites.{site_id}` is no object", remedy=_HOW)
        lists |= {f"sites.{site_id}.{word}": value for word, value in held.items() if isinstance(value, list)}
    for place, value in lists.items():
        _refuse_others(value, place, file)
    listed = org.get("sites")
    named = {str(site["id"]): str(site.get("name")) for site in listed} if isinstance(listed, list) else {}
    devices, edges = (None, None) if inventory is None else _inventory(inventory, f"{file} and {INVENTORY_FILE}")
    return Backup(org_id=org["id"], org=org, sites=sites, devices=devices, edges=edges, names=named)


def _inventory(content: bytes, file: str) -> tuple[dict[str, Sequence[Any]], Sequence[Any] | None]:
    org = _document(content, file).get("org")
    sites = org.get("sites") if isinstance(org, dict) else None
    if not isinstance(org, dict) or not isinstance(sites, dict):
        raise UsageError(f"{file} hold no backup of devices: there is no `org.sites`", remedy=_HOW)
    devices: dict[str, Sequence[Any]] = {}
    for name, held in sites.items():
        found = held.get(_DEVICES, []) if isinstance(held, dict) else []
        _refuse_others(found, f"org.sites.{name}.{_DEVICES}", file)
        devices[name] = found
    edges = org.get("mxedges")
    if edges is not None:
        _refuse_others(edges, "org.mxedges", file)
    return devices, edges


def _refuse_others(value: Any, place: str, file: str) -> None:
    if not isinstance(value, list) or not all(
        isinstance(item, dict) and isinstance(item.get("id"), str) for item in value
    ):
        raise UsageError(f"{file} is no backup: `{place}` is no list of objects with ids", remedy=_HOW)


def _document(content: bytes, file: str) -> dict[str, Any]:
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{file} is no backup: it is no text", remedy="Decrypt it first with the script that wrote it"
        ) from error
    except json.JSONDecodeError as error:
        raise UsageError(
            f"{file}:{error.lineno}:{error.colno}: this is no whole JSON document: {error.msg}", remedy=_HOW
        ) from error
    except RecursionError as error:
        raise UsageError(f"{file} is no backup: it is nested too deeply", remedy=_HOW) from error
    if not isinstance(found, dict):
        raise UsageError(f"{file} is no backup: it is no object", remedy=_HOW)
    return found

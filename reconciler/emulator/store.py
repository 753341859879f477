"""What the emulated cloud holds: organisations, settings, objects by scope and collection, audit logs.

In: plain mappings.  Out: plain mappings that belong to the store; whoever answers with one makes a copy.
The store knows no HTTP and no rule of a kind.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
LOG_BOUND = 20_000


@dataclass
class IdMaker:
    """Ids that look like the cloud's and are the same for the same seed number and order of creation."""

    seed: int = 0
    made: int = 0

    def __call__(self) -> str:
        self.made += 1
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"mist-emulator/{self.seed}/{self.made}"))


@dataclass(frozen=True)
class File:
    """An uploaded file; it is shown from a moment on."""

    content: bytes
    shown_from: float = 0


@dataclass
class Store:
    ids: IdMaker = field(default_factory=IdMaker)
    orgs: dict[str, Json] = field(default_factory=dict)
    settings: dict[str, Json] = field(default_factory=dict)
    collections: dict[tuple[str, str], dict[str, Json]] = field(default_factory=dict)
    logs: dict[str, list[Json]] = field(default_factory=dict)
    site_org: dict[str, str] = field(default_factory=dict)
    deleted_sites: set[str] = field(default_factory=set)
    visible_from: dict[str, float] = field(default_factory=dict)
    files: dict[str, dict[str, File]] = field(default_factory=dict)
    lost_members: set[tuple[str, str]] = field(default_factory=set)
    released: dict[str, Json] = field(default_factory=dict)
    """Devices that no organisation has any more, by claim code."""
    version: int = 0

    def collection(self, scope_id: str, name: str) -> dict[str, Json]:
        """The objects of a collection by id; an unknown one is empty (and not stored until put)."""
        return self.collections.get((scope_id, name), {})

    def get(self, scope_id: str, name: str, object_id: str) -> Json | None:
        return self.collection(scope_id, name).get(object_id)

    def put(self, scope_id: str, name: str, value: Json) -> None:
        self.collections.setdefault((scope_id, name), {})[value["id"]] = value
        if name == "sites":
            self.site_org[value["id"]] = scope_id
        self.version += 1

    def remove(self, scope_id: str, name: str, object_id: str) -> None:
        del self.collections[(scope_id, name)][object_id]
        self.visible_from.pop(object_id, None)
        self.files.pop(object_id, None)
        self.version += 1

    def put_file(self, owner: str, name: str, file: File) -> None:
        """Keeps a file of an object under the name of the field that links to it."""
        self.files.setdefault(owner, {})[name] = file
        self.version += 1

    def remove_file(self, owner: str, name: str) -> None:
        self.files.get(owner, {}).pop(name, None)
        self.version += 1

    def visible_files(self, owner: str, now: float) -> list[str]:
        """The names of an object's files that can be seen by now."""
        return sorted(name for name, file in self.files.get(owner, {}).items() if file.shown_from <= now)

    def hide(self, object_id: str, until: float) -> None:
        """Keeps a new object out of lists for a while."""
        self.visible_from[object_id] = until

    def listed(self, scope_id: str, name: str, now: float) -> list[Json]:
        """The objects of a collection that lists show by now."""
        items = self.collection(scope_id, name).values()
        return [item for item in items if self.visible_from.get(item["id"], 0) <= now]

    def site(self, site_id: str) -> Json:
        return self.collections[(self.site_org[site_id], "sites")][site_id]

    def sites(self, org_id: str) -> Iterator[Json]:
        yield from self.collection(org_id, "sites").values()

    def remove_site(self, site_id: str) -> None:
        """Deletes a site with everything that lives in it."""
        self.remove(self.site_org.pop(site_id), "sites", site_id)
        self.settings.pop(site_id, None)
        for key in [k for k in self.collections if k[0] == site_id]:
            for object_id in self.collections.pop(key):
                self.files.pop(object_id, None)
        self.lost_members = {pair for pair in self.lost_members if pair[1] != site_id}
        self.deleted_sites.add(site_id)

    def remove_org(self, org_id: str) -> None:
        for site_id in list(self.collection(org_id, "sites")):
            self.remove_site(site_id)
        for key in [k for k in self.collections if k[0] == org_id]:
            del self.collections[key]
        self.orgs.pop(org_id)
        self.settings.pop(org_id, None)
        self.logs.pop(org_id, None)
        self.version += 1

    def log(self, org_id: str, entry: Json) -> None:
        entries = self.logs.setdefault(org_id, [])
        entries.append(entry)
        if len(entries) > LOG_BOUND:
            del entries[: len(entries) - LOG_BOUND]

"""What an earlier run kept, taken for live where nothing has touched it; and what this one keeps for the next.

    recall   a snapshot, the audit log since then and a sample -> a `Memory`, which `read` asks first
    keep     what was read -> the next snapshot

The audit log says what to read again: what it names, or all, where it can't be read whole or names what can't be
placed. A few lists are read again at random: one that differs although the log tells nothing means a full read.
"""

import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from reconciler.approval.fingerprints import keyed_print
from reconciler.diagnostics import Diagnostic, Severity
from reconciler.drift.log import Since, read_since
from reconciler.drift.looked import ALL, MARGIN
from reconciler.errors import ApiError, Fate, UsageError
from reconciler.kinds import Kinds, kinds
from reconciler.kinds.lists import with_unmodelled
from reconciler.mist.client import MistClient
from reconciler.model.inventory import Inventory
from reconciler.model.memory import Asked, Memory, named_by
from reconciler.model.resource import Resource
from reconciler.model.values import Secret
from reconciler.semantics.forms import api_root
from reconciler.semantics.sealing import secrets_in
from reconciler.snapshot.bodies import PLACE, is_same, kept, place_roots, restored
from reconciler.snapshot.file import Kept, Loaded, Snapshot
from reconciler.snapshot.touched import touched

SAMPLE = 100
"""One list in so many is read again at random, but never more than `MOST_SAMPLES`: each is a call."""
MOST_SAMPLES = 10
_SITE = "site"
_SITES = "sites/"


class Recalled(Struct, frozen=True, kw_only=True):
    """The `memory` of a run, and what it began with: how many `lists` came from the snapshot, the audit log `since`
    then, a digest of what the token may see, and the `problem` for which everything is read."""

    memory: Memory
    lists: int = 0
    snapshot: Snapshot | None = None
    since: Since = field(default_factory=Since)
    reach: str = ""
    problem: str = ""

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """That a snapshot was given and not used."""
        if not self.problem:
            return ()
        detail = f"everything was read: {self.problem}"
        found = Diagnostic(
            severity=Severity.INFO, rule="snapshot-not-used", summary="The snapshot was not used", detail=detail
        )
        return (found,)


def recall(
    client: MistClient, inventories: Iterable[Inventory], loaded: Loaded, *, org_id: str, key: bytes, prune: bool
) -> Recalled:
    """What of a snapshot can be taken for live. Costs a look at the token, at the audit log, and a few lists."""
    reach = reach_of(client.self_())
    snapshot, problem = loaded.snapshot, loaded.problem
    since = read_since(client, org_id, snapshot.at if snapshot else None)
    empty = Recalled(memory=Memory(), since=since, reach=reach, problem=problem)
    if snapshot is None:
        return empty
    problem = "its token saw another part of the organisation" if snapshot.reach != reach else since.problem
    problem = "what is deleted with --prune is read" if prune else problem
    places = touched(since.events, with_unmodelled(kinds()))
    if not problem and places is None:
        problem = "the audit log has an entry that may be about anything"
    if problem or places is None:
        return replace(empty, problem=problem)
    resources = [item for inventory in inventories for item in inventory.resources]
    usable = _usable(snapshot, places, _Declared(resources, snapshot, kinds()))
    sampled: dict[Asked, list[Any]] = {}
    for asked in _sample(usable):
        fresh = _again(client, asked, snapshot.lists[asked], kinds())
        if fresh is None:  # its site is gone, or it is read where it is needed, and said
            usable.remove(asked)
            continue
        if not _is_same(snapshot.lists[asked], fresh, kinds(), key):
            return replace(empty, problem=f"{asked[0]} differs from it, and the audit log does not tell why")
        sampled[asked] = fresh
    answers = _restored(((asked, snapshot.lists[asked]) for asked in usable), declared_prints(resources, key))
    memory = Memory(answers={**answers, **sampled}, recalled=set(answers) - set(sampled))
    return replace(empty, memory=memory, lists=len(memory.recalled), snapshot=snapshot)


def recall_alone(inventories: Iterable[Inventory], loaded: Loaded, *, key: bytes) -> Recalled:
    """A memory that asks nothing: what is not in the snapshot is not known. Raises `UsageError` without a snapshot."""
    snapshot = loaded.snapshot
    if snapshot is None:
        why = f": {loaded.problem}" if loaded.problem else ""
        raise UsageError(
            f"There is no snapshot that a plan could be made against{why}",
            remedy="Make one: `reconciler plan --snapshot FILE`, or plan without --no-refresh",
        )
    texts = declared_prints([item for inventory in inventories for item in inventory.resources], key)
    answers = _restored(snapshot.lists.items(), texts)
    return Recalled(memory=Memory(answers=answers, alone=True), lists=len(answers), snapshot=snapshot)


def _restored(lists: Iterable[tuple[Asked, Kept]], texts: Mapping[str, str]) -> dict[Asked, Sequence[Any]]:
    return {asked: [restored(body, texts) for body in one.bodies] for asked, one in lists}


def not_refreshed(snapshot: Snapshot) -> Diagnostic:
    """What every format of such a plan says."""
    return Diagnostic(
        severity=Severity.WARNING,
        rule="not-refreshed",
        summary="The plan was not compared with live",
        detail=f"it is compared with the snapshot of {snapshot.made:%Y-%m-%d %H:%M} UTC (--no-refresh), so that "
        "`apply` refuses it",
    )


def keep(
    recalled: Recalled, inventories: Iterable[Inventory], *, org_id: str, key: bytes, now: datetime
) -> Snapshot | None:
    """The next snapshot; None where the audit log could not vouch for it later."""
    memory, until = recalled.memory, recalled.since.until
    if until is None or memory.alone:
        return None
    known = with_unmodelled(kinds())
    roots = _kept_roots([item for inventory in inventories for item in inventory.resources], known)
    listed = memory.answers.get((f"orgs/{org_id}/sites", ()))
    sites = {str(site["id"]): str(site.get("name", "")) for site in listed or ()}
    lists: dict[Asked, Kept] = {}
    before = recalled.snapshot.lists if recalled.snapshot else {}
    for asked, bodies in memory.answers.items():
        if asked in before and (asked in memory.recalled or asked not in memory.kinds):
            if listed is None or asked[0].split("/")[1] in sites:
                lists[asked] = before[asked]
            continue
        lists[asked] = _kept(asked, bodies, memory, roots, key)
    return Snapshot(
        org_id=org_id,
        org_name=str(next(iter(memory.answers.get(named_by(org_id), ())), {}).get("name", "")),
        made=now,
        at=until - MARGIN,
        reach=recalled.reach,
        lists=lists,
        sites=sites if listed is not None or recalled.snapshot is None else recalled.snapshot.sites,
    )


def reach_of(answer: Mapping[str, Any]) -> str:
    """A digest of what a token may see, from `/self`."""
    names = ("scope", "role", "org_id", "site_id", "sitegroup_id", "sitegroup_ids", "orggroup_ids", "msp_id", "views")
    found = answer.get("privileges")
    rows = [
        {name: entry[name] for name in names if name in entry}
        for entry in (found if isinstance(found, list) else [])
        if isinstance(entry, Mapping)
    ]
    return sha256(json.dumps(sorted(json.dumps(row, sort_keys=True) for row in rows)).encode()).hexdigest()


def declared_prints(resources: Iterable[Resource], key: bytes) -> dict[str, str]:
    """The declared secrets by their fingerprints."""
    found: dict[str, str] = {}
    stack: list[Any] = [item.body for item in resources]
    while stack:
        value = stack.pop()
        if isinstance(value, Mapping):
            stack += value.values()
        elif isinstance(value, list):
            stack += value
        elif isinstance(value, Secret):
            found[keyed_print(key, value.reveal())] = value.reveal()
    return found


def _kept(
    asked: Asked, bodies: Iterable[Mapping[str, Any]], memory: Memory, roots: Mapping[str, frozenset[str]], key: bytes
) -> Kept:
    """What is kept of a list that was read. Of an object of which nobody looked for secrets only its place is."""
    here = sorted(memory.kinds.get(asked, ()))
    wanted = frozenset[str]().union(*(roots[name] for name in here)) if here else PLACE
    found, known = [], True
    for body in sorted(bodies, key=lambda body: str(body.get("id"))):
        ids = (str(body.get("id") or ""), asked[0].split("/")[1])
        held = [memory.sealed[name, one] for name in here for one in ids if (name, one) in memory.sealed]
        known = known and bool(held)
        found.append(kept(body, wanted if held else PLACE, secrets=frozenset(secrets_in(held)), key=key))
    return Kept(kinds=tuple(here) if known else (), roots=wanted, bodies=tuple(found))


def _kept_roots(resources: Iterable[Resource], known: Kinds) -> dict[str, frozenset[str]]:
    found = {kind.name: set(place_roots(kind)) for kind in known}
    for item in resources:
        found[item.kind].update(api_root(known[item.kind], root) for root in item.body)
    return {name: frozenset(roots) for name, roots in found.items()}


class _Declared:
    """Which roots the inventory declares now, where it declares more than was kept."""

    def __init__(self, resources: Iterable[Resource], snapshot: Snapshot, known: Kinds) -> None:
        self._more: dict[tuple[str, str | None], set[str]] = {}
        ids: dict[str, list[str | None]] = {}
        for site_id, name in snapshot.sites.items():
            ids.setdefault(name, []).append(site_id)
        for item in resources:
            if item.parent is None or item.parent.kind != _SITE:
                continue
            roots = {api_root(known[item.kind], root) for root in item.body}
            for place in ids.get(item.parent.name or "") or [None]:
                self._more.setdefault((item.kind, place), set()).update(roots)

    def at(self, kind: str, site_id: str) -> set[str]:
        """The roots of a kind that may be declared in a site."""
        return self._more.get((kind, site_id), set()) | self._more.get((kind, None), set())


def _usable(snapshot: Snapshot, places: frozenset[tuple[str, str | None]], declared: _Declared) -> list[Asked]:
    """The lists of sites that nothing has touched, and of which all was kept that is declared now."""
    known, found = kinds(), []
    for asked, one in snapshot.lists.items():
        if not asked[0].startswith(_SITES):
            continue
        site_id = asked[0].split("/")[1]
        hit = (ALL, site_id) in places or any((name, site_id) in places for name in one.kinds)
        if hit or not one.kinds or any(name not in known for name in one.kinds):
            continue
        if all(declared.at(name, site_id) <= one.roots for name in one.kinds):
            found.append(asked)
    return found


def _sample(usable: list[Asked]) -> Iterator[Asked]:
    count = min(MOST_SAMPLES, -(-len(usable) // SAMPLE))
    yield from random.SystemRandom().sample(usable, count)


def _again(client: MistClient, asked: Asked, before: Kept, known: Kinds) -> list[Any] | None:
    """A list as it is now; None where it can't be read."""
    path, query = asked[0], dict(asked[1]) or None
    endpoints = [end for name in before.kinds if (end := known[name].endpoint(_SITE))]
    try:
        if any(end.collection is None for end in endpoints):
            return [client.get(path, query=query)]
        bodies = client.list(path, query=query)
        if any(end.partial for end in endpoints):
            return [client.get(f"{path}/{body['id']}") for body in bodies]
        return list(bodies)
    except ApiError as error:
        if error.fate is Fate.BARRED:
            raise
        return None


def _is_same(before: Kept, fresh: Iterable[Mapping[str, Any]], known: Kinds, key: bytes) -> bool:
    return is_same(before.bodies, fresh, before.roots, known[before.kinds[0]], key=key)

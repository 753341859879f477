"""Saved plans: an approval, not a list of instructions.

A file holds what a reviewer approved: the plan as JSON, a fingerprint of each change (secrets included, their values
not), the organisation, when it was made, and a seal over all of it. `apply FILE` composes and reads again; `approved`
then compares. An edited, foreign or old file can at worst cause a refusal.

The key of the seal comes from `RECONCILER_PLAN_KEY`, or else from the API token, and is not in the file. Fingerprints
need it where a secret changes. A file that was made with another token has no seal that can be checked: it may neither
change a secret nor delete anything, and its checksum shows only edits by mistake.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import asdict

from reconciler.approval.fingerprints import comparable, keyed_print, parts_of
from reconciler.approval.seen import Seen, seen_of
from reconciler.errors import GuardRefusal, StalePlan, UsageError
from reconciler.kinds import Kinds
from reconciler.model.address import Address
from reconciler.model.change import Action, Cause, Change, Plan
from reconciler.model.values import Secret
from reconciler.semantics.equality import holds_secret
from reconciler.semantics.forms import references_in
from reconciler.semantics.overlay import project
from reconciler.sources.writing import write_file

FILE_VERSION = 2
KEY_VARIABLE = "RECONCILER_PLAN_KEY"
_MAX_BYTES = 256 * 1024 * 1024
NO_KEY = b""
_PROOFS = frozenset({"seal", "checksum"})
_SHOWN = 3


class Approved(Struct, frozen=True, kw_only=True):
    """One approved change: fingerprints of what is declared and of the live values that it replaces, the root keys it
    sends (a plan may leave out roots that only drifted), and whether it changes a secret: these are keyed. `parts` has
    the two fingerprints of each root by itself: what is left of a change that was cut short is told by them. `seen` is
    what the plan saw of the object, where that is kept; `refers` are the ids of what the change refers to."""

    declared: str
    live: str
    roots: tuple[str, ...]
    keyed: bool
    parts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    seen: Seen | None = None
    refers: Mapping[str, str] = field(default_factory=dict)


class SavedPlan(Struct, frozen=True, kw_only=True):
    """A plan file, parsed: `document` is the plan's JSON as `show` prints it, `changes` what was approved of each
    address, `seen` the whole plan that it was taken from: with drift that is told, but no part of the approval."""

    org_id: str
    org_name: str
    made: datetime
    key_check: str
    inventory: str
    changes: Mapping[str, "Approved"]
    document: Mapping[str, Any]
    content: Mapping[str, Any]

    @property
    def seen(self) -> Mapping[str, Any]:
        """The plan's JSON for a reviewer."""
        found: Mapping[str, Any] = self.content.get("seen") or self.document
        return found


def plan_key(environ: Mapping[str, str], token: Secret) -> bytes:
    """The key for fingerprints: `RECONCILER_PLAN_KEY` where plan and apply use different tokens, else the token."""
    material = environ.get(KEY_VARIABLE) or token.reveal()
    return hashlib.sha256(b"mist-reconciler plan\0" + material.encode()).digest()


class Shown(Struct, frozen=True, kw_only=True):
    """What people see of a plan file: the approved plan as JSON, and the whole one where it is larger."""

    document: Mapping[str, Any]
    seen: Mapping[str, Any] | None = None


def save_plan(
    plan: Plan, path: Path, *, document: Mapping[str, Any] | Shown, key: bytes, kinds: Kinds, inventory: str
) -> None:
    """Writes the file, readable by its owner only. `document` is the plan as JSON, `inventory` the directory it was
    made from. Raises `UsageError` when it can't be written."""
    shown = document if isinstance(document, Shown) else Shown(document=document)
    content = {
        "file_version": FILE_VERSION,
        "org": {"id": plan.org_id, "name": plan.org_name},
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "inventory": inventory,
        "key_check": keyed_print(key, "key"),
        "changes": {str(change.address): _kept(change, plan, key, kinds) for change in plan.changes},
        "plan": shown.document,
        **({"seen": shown.seen} if shown.seen is not None else {}),
    }
    content |= {"checksum": _seal(NO_KEY, content), "seal": _seal(key, content)}
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    try:
        write_file(path, text, mode=0o600)
    except OSError as error:
        raise UsageError(f"The plan can't be written to {path}: {error.strerror}") from error


def _kept(change: Change, plan: Plan, key: bytes, kinds: Kinds) -> dict[str, Any]:
    """What a file holds of a change."""
    more = {"seen": seen_of(change, kinds), "refers": refers_of(change, plan.ids, kinds)}
    return asdict(approval_of(change, key=key, kinds=kinds)) | {name: value for name, value in more.items() if value}


def load_plan(path: Path) -> SavedPlan:
    """Reads a plan file. Raises `UsageError` when it is none, `StalePlan` when a newer version of the format."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise UsageError(f"{path} is too large for a plan file")
        content = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise _no_plan(path) from error
    if not isinstance(content, dict) or not isinstance(content.get("file_version"), int):
        raise _no_plan(path)
    if content["file_version"] != FILE_VERSION:
        raise StalePlan(
            f"{path} has plan file version {content['file_version']}, this reconciler reads version {FILE_VERSION}",
            remedy="plan again with this version",
        )
    try:
        return _parsed(content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _no_plan(path) from error


def _parsed(content: Mapping[str, Any]) -> SavedPlan:
    made = datetime.fromisoformat(content["made"])
    if made.tzinfo is None:
        raise ValueError("a time without its zone")
    changes = {
        address: Approved(
            declared=str(entry["declared"]),
            live=str(entry["live"]),
            roots=tuple(map(str, entry["roots"])),
            keyed=bool(entry["keyed"]),
            parts={str(root): tuple(map(str, part)) for root, part in (entry.get("parts") or {}).items()},
            seen=entry.get("seen"),
            refers={str(text): str(found) for text, found in (entry.get("refers") or {}).items()},
        )
        for address, entry in content["changes"].items()
    }
    document = content["plan"]
    texts = (content["org"]["id"], content["org"]["name"], content["key_check"], content["inventory"])
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("not text")
    listed = [change["address"] for change in document["changes"]]
    if sorted(listed) != sorted(changes):
        raise ValueError("the changes shown are not the changes approved")
    return SavedPlan(
        org_id=texts[0],
        org_name=texts[1],
        made=made,
        key_check=texts[2],
        inventory=texts[3],
        changes=changes,
        document=document,
        content=content,
    )


def _no_plan(path: Path) -> UsageError:
    return UsageError(f"{path} is no plan file, or was edited", remedy="make one with `reconciler plan --out FILE`")


def is_proven(saved: SavedPlan, key: bytes) -> bool:
    """Whether the file was made with this key, so that its seal shows every edit."""
    return hmac.compare_digest(saved.key_check, keyed_print(key, "key"))


def was_edited(saved: SavedPlan, key: bytes | None) -> bool:
    """Whether the file was changed after it was made: by its seal where it was made with this key, else by its
    checksum, which whoever edits the file could make anew."""
    proof, by = ("seal", key) if key is not None and is_proven(saved, key) else ("checksum", NO_KEY)
    return not hmac.compare_digest(str(saved.content.get(proof)), _seal(by, saved.content))


def check_saved(
    saved: SavedPlan, *, org_id: str, key: bytes, max_age: timedelta, now: datetime, other_token: bool = False
) -> None:
    """Refuses a file of another organisation, edited, too old, or from the future; before anything is read. One of
    another key is refused too, unless `other_token` is given and it needs no key: see the top of this module."""
    if saved.org_id != org_id:
        raise GuardRefusal(
            f"The plan file is for organisation {saved.org_name!r} ({saved.org_id}), this run is for {org_id}",
            remedy="plan again for this organisation, or correct MIST_ORG_ID",
        )
    if not is_proven(saved, key) and (why := _needs_key(saved, other_token=other_token)):
        raise StalePlan(
            f"The plan file was made with another token, so {why}",
            remedy=f"set {KEY_VARIABLE} to the same value for plan and apply, and plan again",
        )
    if was_edited(saved, key):
        raise StalePlan("The plan file was edited after it was made", remedy="plan again; nothing was written")
    age = now - saved.made
    if age > max_age:
        raise StalePlan(
            f"The plan file was made {_hours(age)} ago, older than the {_hours(max_age)} allowed",
            remedy="plan again, or allow it with --max-age",
        )
    if age < -timedelta(minutes=5):
        raise StalePlan("The plan file was made in the future", remedy="check the clocks, and plan again")


def _needs_key(saved: SavedPlan, *, other_token: bool) -> str:
    """Why a file of another key can't be used; "" where it can."""
    secret = [address for address, change in saved.changes.items() if change.keyed]
    if secret:
        more = f" and {len(secret) - _SHOWN:,} more" if len(secret) > _SHOWN else ""
        return f"the secrets that it changes can't be compared ({', '.join(secret[:_SHOWN])}{more})"
    made = saved.document.get("options") or {}
    if made.get("prune") or any(change["action"] == Action.DELETE for change in saved.document["changes"]):
        return "it can't be seen whether what it deletes was edited"
    return "" if other_token else "it can't be seen whether it was edited"


def _hours(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"{hours:.0f} hours" if hours >= 1 else f"{span.total_seconds() / 60:.0f} minutes"


def approval_of(change: Change, *, key: bytes, kinds: Kinds) -> Approved:
    """What an approval of the change holds. Equal values give equal fingerprints (set-like lists in any order);
    undeclared live values don't count. Secrets count by their values where one of them changes, and else by their
    places: a fingerprint without a key could be tried out."""
    sensitive = sorted(item.path for item in change.fields if item.sensitive)
    keyed = bool(sensitive) or (
        change.action is Action.CREATE and holds_secret(dict(change.declared.body if change.declared else {}))
    )
    declared = change.declared.body if change.declared else {}
    live = change.live.body if change.live else {}
    shape = kinds[change.kind].shape
    roots = sorted((*change.replaces, *change.clears))
    released = sorted(item.path for item in change.fields if item.cause is Cause.RELEASED)
    intent = {
        "address": str(change.address),
        "action": change.action,
        "declared": {root: comparable(declared.get(root), shape.below(root), keyed) for root in roots},
        "sensitive": sensitive,
        "clears": sorted(change.clears),
        "deferred": sorted(change.deferred),
        **({"released": released} if released else {}),
    }
    gone = sorted(live.keys() - kinds[change.kind].read_only) if change.action is Action.DELETE else []
    found = {
        "whole": {root: comparable(live[root], shape.below(root), keyed) for root in gone},
        "id": change.live.id if change.live else None,
        "modified": change.live.modified_time if change.live and change.action is Action.DELETE else None,
        "live": {
            root: comparable(project(live.get(root), declared.get(root), shape.below(root)), shape.below(root), keyed)
            for root in roots
        },
        **({"takes": [[item.kind, item.name, item.count] for item in change.takes]} if change.takes else {}),
    }
    by = key if keyed else NO_KEY
    return Approved(
        declared=keyed_print(by, json.dumps(intent, sort_keys=True)),
        live=keyed_print(by, json.dumps(found, sort_keys=True)),
        roots=tuple(roots),
        keyed=keyed,
        parts=parts_of(change, keyed=keyed, by=by, kinds=kinds),
    )


def refers_of(change: Change, ids: Mapping[str, str], kinds: Kinds) -> dict[str, str]:
    """The ids of the live objects that the roots of a change refer to, by address."""
    roots = {*change.replaces, *change.clears}
    body = {root: value for root, value in (change.declared.body if change.declared else {}).items() if root in roots}
    found = {}
    for reference, name in references_in(kinds[change.kind], body):
        places = (Address.of(reference.kind, name, parent=change.address.parent), Address.of(reference.kind, name))
        if address := next((item.text for item in places if item.text in ids), None):
            found[address] = ids[address]
    return dict(sorted(found.items()))


def plan_digest(plan: Plan, *, key: bytes, kinds: Kinds) -> str:
    """One keyed digest of all that a plan would do: equal plans of one key have equal digests."""
    parts = [approval_of(change, key=key, kinds=kinds) for change in plan.changes]
    return keyed_print(key, "\n".join(f"{part.declared} {part.live}" for part in parts))


def _seal(key: bytes, content: Mapping[str, Any]) -> str:
    sealed = {name: value for name, value in content.items() if name not in _PROOFS}
    return keyed_print(key, json.dumps(sealed, sort_keys=True))

"""A recorded run as what it wrote, object by object: a run in, `Written` out; refused where the record can't tell."""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.errors import GuardRefusal, StalePlan, UsageError
from reconciler.model.address import Address
from reconciler.model.change import Action
from reconciler.model.written import Written
from reconciler.runs.chain import is_as_written
from reconciler.runs.reading import Run
from reconciler.runs.record import FORMAT_VERSION

_NO_AFTER = "1.0"
_READ = ("1.1", FORMAT_VERSION)


def written_by(run: Run, *, org_id: str) -> tuple[Written, ...]:
    """What the run wrote, in its order. Raises `GuardRefusal` for a record of another organisation, `StalePlan` for one
    that was edited, and `UsageError` for one of another version, or that is none."""
    _check(run, org_id)
    outcomes = {str(line["address"]): line for line in run.of("outcome")}
    writes: dict[str, list[Mapping[str, Any]]] = {}
    for line in run.of("write"):
        writes.setdefault(str(line["address"]), []).append(line)
    found: list[Written] = []
    for address, lines in writes.items():
        item = _written(address, lines, outcomes.get(address, {}))
        found += [item, *(one for one in _along(lines) if str(one.address) not in writes)] if item else []
    return tuple(found)


def _along(lines: Iterable[Mapping[str, Any]]) -> Iterable[Written]:
    """What went along with a delete: deleted as well."""
    along = {str(item["address"]): item for line in lines for item in line.get("along", ())}
    for address, item in along.items():
        body = dict(item["body"])
        yield Written(address=Address(address), action=Action.DELETE, api_id=item["id"], before=body, after={})


def _check(run: Run, org_id: str) -> None:
    version, org = run.header.get("format_version"), run.header.get("org") or {}
    if version is None:
        raise UsageError(f"The record of run {run.run_id} has no first line: it says nothing of what to put back")
    if version == _NO_AFTER:
        raise UsageError(
            f"Run {run.run_id} was recorded by an older version, which did not note what it wrote",
            remedy="`git revert` its commit, and apply; `reconciler runs show` has the former values",
        )
    if version not in _READ:
        raise UsageError(
            f"The record of run {run.run_id} has version {version}, this reconciler reads version {FORMAT_VERSION}",
            remedy="roll back with the version that made it",
        )
    if not is_as_written(run.lines):
        raise StalePlan(
            f"The record of run {run.run_id} was edited after it was made",
            remedy="`git revert` its commit, and apply; nothing was read or written",
        )
    if org.get("id") != org_id:
        raise GuardRefusal(
            f"Run {run.run_id} was an apply to {org.get('name')!r} ({org.get('id')}), this rollback is for {org_id}",
            remedy="name a run of this organisation (`reconciler runs list`), or correct MIST_ORG_ID",
        )


def _written(address: str, lines: list[Mapping[str, Any]], outcome: Mapping[str, Any]) -> Written | None:
    """The writes of one object as one: what was there first, and what was left last. None for what is known to have
    come to nothing."""
    first = lines[0]
    action = Action(str(first["action"]))
    made = action is Action.CREATE and first["method"] == "POST"
    api_id = outcome.get("id") or next((str(line["id"]) for line in lines if line.get("id")), None)
    if made and not api_id and outcome and not outcome.get("unsure"):
        return None
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for line in lines:
        before = {**line["before"], **{root: None for root in line["after"] if root not in line["before"]}, **before}
        after |= line["after"]
    return Written(
        address=Address(address),
        action=action if made or action is Action.DELETE else Action.UPDATE,
        api_id=api_id,
        before=before if action is Action.DELETE else {root: before.get(root) for root in after},
        after=after,
        secrets=frozenset(path for line in lines for path in line["secrets"]),
        lost=tuple(_lost(lines, action)),
    )


def _lost(lines: Iterable[Mapping[str, Any]], action: Action) -> Iterable[str]:
    """What the record does not hold of these writes."""
    for line in lines:
        if action is Action.DELETE:
            for item in (*line.get("takes", ()), *line.get("releases", ())):
                name = f" {item['name']!r}" if item["name"] not in ("", item["kind"]) else ""
                yield f"{item['count']} {item['kind']}{name}, deleted or set free with it"
        elif not line["after"]:
            yield "the site that it was at"

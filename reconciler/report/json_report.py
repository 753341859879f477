"""Plans, drift, diagnostics, outcomes and errors as JSON data with a fixed order of keys."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from reconciler.diagnostics import Diagnostic, Severity, SourceRange
from reconciler.errors import GuardRefusal, ReconcilerError
from reconciler.model.change import (
    NOT_APPLIED,
    Action,
    Change,
    Edit,
    FieldChange,
    Outcome,
    Plan,
    Resulting,
    RootSummary,
    Taken,
)
from reconciler.model.drift import Drift, DriftException
from reconciler.model.listing import Share, whole_of
from reconciler.model.options import Options
from reconciler.model.watch import Watch
from reconciler.report.format import Findings, Format, View
from reconciler.report.values import jsonable
from reconciler.report.watch import watch_document
from reconciler.report.wording import outcome_counts

FORMAT_VERSION = "1.0"

Document = dict[str, Any]


def dump(document: Mapping[str, Any]) -> str:
    """The document as text; non-ASCII is escaped, so that it survives any terminal and locale."""
    return json.dumps(document, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def plan_document(plan: Plan, *, options: Options | None = None) -> Document:
    """A plan, as `schemas/plan.schema.json` describes it; `options` are those that it was made with."""
    document = {**_head(plan), "changes": [_change(change) for change in plan.changes], **_tail(plan)}
    return document if options is None else {**document, "options": _options(options)}


def plan_json(
    plan: Plan,
    *,
    options: Options | None,
    outcomes: Sequence[Outcome] | None = None,
    watch: Watch | None = None,
) -> str:
    """A plan as its one JSON document: with outcomes after an apply, with an error when it is refused."""
    document = plan_document(plan, options=options)
    if outcomes is not None:
        document = apply_document(plan, outcomes, options=options, watch=watch)
    if plan.refusals:
        document["error"] = {
            "type": "GuardRefusal" if plan.refused_by_guard else "PlanError",
            "message": "The plan is refused as it is, see its diagnostics; nothing was written",
            "remedy": "",
            "exit_code": GuardRefusal.exit_code if plan.refused_by_guard else ReconcilerError.exit_code,
        }
    return dump(document)


def drift_document(plan: Plan, *, report: Drift | None = None) -> Document:
    """A drift report: the changes that would bring live back to what is declared, under `drift`, each and each field
    with who edited it; `report` adds the exceptions and how far the audit log was read."""
    document = {**_head(plan), "drift": [_drifted(change) for change in plan.changes], **_tail(plan)}
    if report is None:
        return document
    log = report.log
    return {
        **document,
        "unmanaged_edited": {str(item.address): _edit(item.edited) for item in report.unmanaged},
        "elsewhere": [
            {"address": str(item.address), "made": item.made, "edited": _edit(item.edited)} for item in report.elsewhere
        ],
        "also_there": [
            {"address": str(item.address), "path": item.path, "edited": _edit(item.edited)} for item in report.members
        ],
        "owned": owned_document(report.shares),
        "exceptions": [_exception(item) for item in report.exceptions],
        "audit_log": {"days": log.days, "entries": log.entries, "problem": log.problem} if log else None,
    }


def owned_document(shares: Mapping[str, Share]) -> Document | None:
    """How many live objects are declared, as a whole and by kind; None where nothing is known."""
    whole = whole_of(shares)
    if whole is None:
        return None
    return {
        "declared": whole.declared,
        "live": whole.live,
        "percent": whole.percent,
        "kinds": {plural: {"declared": one.declared, "live": one.live} for plural, one in shares.items()},
    }


def apply_document(
    plan: Plan, outcomes: Sequence[Outcome], *, options: Options | None = None, watch: Watch | None = None
) -> Document:
    """The plan's document with what became of it, and with what devices said where they were waited for."""
    tally = {status.value: count for status, count in outcome_counts(outcomes).items()}
    told = {} if watch is None else {"devices": watch_document(watch)}
    return {
        **plan_document(plan, options=options),
        **tally,
        "outcomes": [_outcome(outcome) for outcome in outcomes],
        **told,
    }


def validate_document(diagnostics: Sequence[Diagnostic], *, resources: int) -> Document:
    """What validation found; `valid` says whether a plan could be made."""
    tally = {severity.value: sum(item.severity is severity for item in diagnostics) for severity in Severity}
    return {
        "format_version": FORMAT_VERSION,
        "valid": not tally["error"],
        "summary": {"resources": resources, **tally},
        "diagnostics": [diagnostic_document(item) for item in diagnostics],
    }


def error_document(error: Mapping[str, Any], diagnostics: Sequence[Diagnostic] = ()) -> Document:
    """The one document of a run that an error stopped. `error` holds at least type, message, remedy, exit_code."""
    return {
        "format_version": FORMAT_VERSION,
        "error": jsonable(error),
        "diagnostics": [diagnostic_document(item) for item in diagnostics],
    }


def diagnostic_document(item: Diagnostic) -> Document:
    """One finding."""
    place = item.source
    return {
        "severity": item.severity.value,
        "rule": item.rule,
        "summary": item.summary,
        "detail": item.detail,
        "address": item.address,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
    }


def _head(plan: Plan) -> Document:
    summary = {action.value: plan.count(action) for action in Action}
    return {
        "format_version": FORMAT_VERSION,
        "org": {"id": plan.org_id, "name": plan.org_name},
        "summary": {**summary, "unchanged": plan.unchanged, **({"deleted_with": plan.taken} if plan.taken else {})},
    }


def _tail(plan: Plan) -> Document:
    return {
        "unmanaged": [str(address) for address in plan.unmanaged],
        "compared": {
            "objects": plan.compared.objects,
            "kinds": list(plan.compared.kinds),
            "unread": list(plan.compared.unread),
            "masked": list(plan.compared.masked),
            "missing": list(plan.compared.missing),
            "strange": list(plan.compared.strange),
            "spared": plan.compared.spared,
        },
        "diagnostics": [diagnostic_document(item) for item in plan.diagnostics],
        "calls": {"read": plan.reads, "write": plan.writes, "apply": plan.applying},
    }


def _change(change: Change) -> Document:
    return {
        "address": str(change.address),
        "kind": change.kind,
        "action": change.action.value,
        "fields": [_field(item) for item in change.fields],
        "replaces": list(change.replaces),
        "clears": list(change.clears),
        "deferred": list(change.deferred),
        "roots": [_root(item) for item in change.roots],
        "depends_on": [str(address) for address in change.depends_on],
        "reaches": list(change.reaches),
        "results": [_result(item) for item in change.results],
        "takes": [_taken(item) for item in change.takes],
        "releases": [_taken(item) for item in change.releases],
        "renamed_from": change.renamed_from,
        "moved_from": change.moved_from,
        "cause": change.cause.value if change.cause else None,
        "source": _source(change.source),
    }


def _drifted(change: Change) -> Document:
    document = {**_change(change), "edited": _edit(change.edited)}
    document["fields"] = [{**_field(item), "edited": _edit(item.edited)} for item in change.fields]
    return document


def _edit(edit: Edit | None) -> Document | None:
    """Null for an edit that nobody knows. What was not applied yet has neither author nor time."""
    if edit is None or (not edit.known and edit != NOT_APPLIED):
        return None
    return {
        "admin": edit.admin,
        "time": datetime.fromtimestamp(edit.timestamp, UTC).isoformat(timespec="seconds") if edit.known else "",
        "address": edit.address,
        "timestamp": edit.timestamp,
        "message": edit.message,
        "shown": edit.shown,
    }


def _exception(item: DriftException) -> Document:
    return {
        "address": item.address,
        "field": item.field,
        "reason": item.reason,
        "until": item.until,
        "expired": item.expired,
        "hides": [{"address": str(hidden.address), "path": hidden.path} for hidden in item.hides],
    }


def _options(options: Options) -> Document:
    return {
        "targets": list(options.targets),
        "excludes": list(options.excludes),
        "prune": options.prune,
        "ack_deletes": options.ack_deletes,
        **({"host": options.host} if options.host else {}),
        **({"base": options.base} if options.base else {}),
        **({"changed_since": options.changed_since} if options.changed_since else {}),
        **({"refreshed": False} if options.memory is not None and options.memory.alone else {}),
        **({"rollback": options.rollback, "delete_created": options.delete_created} if options.rollback else {}),
    }


def _field(item: FieldChange) -> Document:
    return {
        "path": item.path,
        "before": None if item.sensitive else jsonable(item.before),
        "after": None if item.sensitive else jsonable(item.after),
        "sensitive": item.sensitive,
        "note": item.remark,
        "cause": item.cause.value if item.cause else None,
    }


def _taken(item: Taken) -> Document:
    return {"kind": item.kind, "name": item.name, "count": item.count}


def _root(item: RootSummary) -> Document:
    return {
        "root": item.root,
        "before": item.before,
        "after": item.after,
        "gains": list(item.gains),
        "loses": list(item.loses),
        "keeps": item.keeps,
        "drops": list(item.drops),
    }


def _result(item: Resulting) -> Document:
    return {"path": item.path, "value": jsonable(item.value), "from": "live" if item.live else "default"}


def _source(source: SourceRange | None) -> Document | None:
    return {"file": source.file, "line": source.line, "column": source.column} if source else None


def _outcome(item: Outcome) -> Document:
    return {
        "address": str(item.address),
        "action": item.action.value,
        "status": item.status.value,
        "detail": item.detail,
        "id": item.api_id,
        "verified": item.verified,
        "unsure": item.unsure,
    }


def _drift(report: Drift, _view: View) -> str:
    return dump(drift_document(report.plan, report=report))


def _findings(found: Findings) -> str:
    return dump(validate_document(found.diagnostics, resources=found.resources))


FORMAT = Format(plan=lambda plan, view: plan_json(plan, options=view.options), drift=_drift, findings=_findings)

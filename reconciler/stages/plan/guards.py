"""Guards over deletes and the size of a run. What they refuse becomes error diagnostics of `GUARD_RULES`."""

from collections import Counter
from collections.abc import Iterable

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.model.change import Action, Change, Note, sites_reached
from reconciler.model.options import Options
from reconciler.model.project import Limit, Project
from reconciler.model.resource import Live


def check_limits(
    changes: Iterable[Change], live: Live, *, declared: int, project: Project, options: Options
) -> list[Diagnostic]:
    """Refuses more deletes or changes than `limits` allow, for the run and per kind; `--ack-deletes N` allows
    exactly N deletes. What the cloud deletes along with an object counts like the object. There is no lower cut-off: a
    small organisation is guarded like a large one."""
    listed = list(changes)
    deletes = [change for change in listed if change.action is Action.DELETE]
    gone = Counter(change.kind for change in deletes)
    for item in (taken for change in deletes for taken in change.takes if not taken.part):
        gone[item.kind] += item.count
    totals = Counter(item.kind for item in live.objects)
    found: list[Diagnostic] = []
    if deletes and not declared:
        found.append(
            _refusal("emptied-inventory", "The inventory is empty", "it declares nothing, so nothing is deleted")
        )
    if options.ack_deletes is not None and options.ack_deletes != gone.total():
        found.append(
            _refusal(
                "acknowledged-deletes",
                "The plan deletes another number of objects than was acknowledged",
                f"--ack-deletes says {options.ack_deletes}, the plan has {gone.total()}",
            )
        )
    if options.ack_deletes is None:
        found += _over(
            "limit-deletes", "deletes", gone.total(), project.limits.deletes, _prunable_total(totals, project), ""
        )
        for kind, limits in sorted(project.limits.kinds.items()):
            found += _over("limit-deletes", "deletes", gone[kind], limits.deletes, totals[kind], kind)
        found += _emptied_kinds(deletes, totals, gone.total())
    found += _over_sites(listed, project.limits.sites)
    found += _over_undeclared(listed, project.limits.undeclared)
    part = bool(options.reads)
    whole = _of_part(project.limits.changes) if part else project.limits.changes
    found += _over("limit-changes", "changes", len(listed), whole, sum(totals.values()), "")
    for kind, limits in sorted(project.limits.kinds.items()):
        count = sum(change.kind == kind for change in listed)
        limit = _of_part(limits.changes) if part else limits.changes
        found += _over("limit-changes", "changes", count, limit, totals[kind], kind)
    return found


def _of_part(limit: Limit | None) -> Limit | None:
    """A limit where only a part was read: its share of the whole was judged when the plan was made, of which this is a
    part; a share of nought forbids everything, whatever the whole is."""
    return limit and Limit(absolute=limit.absolute, percent=None if limit.percent else limit.percent)


def _prunable_total(totals: Counter[str], project: Project) -> int:
    """Live objects of the kinds that may be deleted: a percentage of them, however many others there are."""
    return sum(count for kind, count in totals.items() if kind in project.manage and project.manage[kind].prune)


def _over_sites(changes: list[Change], limit: int | None) -> list[Diagnostic]:
    """How many sites the changes are in, or reach by way of a template."""
    sites = sites_reached(changes)
    if limit is None or len(sites) <= limit:
        return []
    return [
        _refusal(
            "limit-changes",
            "The plan makes more changes than the limit",
            f"it reaches {len(sites)} sites, {limit} allowed: raise `limits.sites` in reconciler.yaml, or apply it in "
            "parts with --target",
        )
    ]


def _over_undeclared(changes: list[Change], limit: int) -> list[Diagnostic]:
    """How many values that nobody declared are removed, where the inventory is strict."""
    count = sum(field.note is Note.UNDECLARED for change in changes for field in change.fields)
    if count <= limit:
        return []
    return [
        _refusal(
            "limit-changes",
            "The plan makes more changes than the limit",
            f"it removes {count} values that nobody declared (`strict`), {limit} allowed: declare what should stay, "
            "raise `limits.undeclared` in reconciler.yaml, or apply it in parts with --target",
        )
    ]


def _emptied_kinds(deletes: list[Change], totals: Counter[str], all_deletes: int) -> list[Diagnostic]:
    """More than one object, and all of a kind: most often a lost file, whatever the percentage says."""
    counts = Counter(change.kind for change in deletes)
    return [
        _refusal(
            "limit-deletes",
            "The plan deletes every object of a kind",
            f"all {count} live objects of kind {kind}: allow it with --ack-deletes {all_deletes}",
        )
        for kind, count in sorted(counts.items())
        if count > 1 and count == totals[kind]
    ]


def _over(rule: str, what: str, count: int, limit: Limit | None, total: int, kind: str) -> list[Diagnostic]:
    if limit is None or (limit.absolute is None and limit.percent is None):
        return []
    allowed = _allowed(limit, total)
    if count <= allowed:
        return []
    where = f"limits.kinds.{kind}.{what}" if kind else f"limits.{what}"
    remedy = f"raise `{where}` in reconciler.yaml"
    if what == "deletes":
        remedy += f", or allow exactly these with --ack-deletes {count}"
    of_kind = f" of kind {kind}" if kind else ""
    of_what = " of the kinds with `prune`" if what == "deletes" and not kind else ""
    return [
        _refusal(
            rule,
            f"The plan {what} more than the limit"
            if what == "deletes"
            else "The plan makes more changes than the limit",
            f"{count} {what}{of_kind}, {allowed} allowed ({total} live objects{of_what}): {remedy}",
        )
    ]


def _allowed(limit: Limit, total: int) -> int:
    """The smaller of the two. A percentage of few objects allows one, unless it is nought."""
    share = None if limit.percent is None else max(int(total * limit.percent / 100), 1 if limit.percent else 0)
    return min(value for value in (limit.absolute, share) if value is not None)


def _refusal(rule: str, summary: str, detail: str) -> Diagnostic:
    return Diagnostic(severity=Severity.ERROR, rule=rule, summary=summary, detail=detail)

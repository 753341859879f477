"""Guards over deletes and the size of a run. What they refuse becomes error diagnostics of `GUARD_RULES`."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.model.address import Address
from reconciler.model.change import Action, Change
from reconciler.model.options import Options
from reconciler.model.project import Limit, Manage, Project
from reconciler.model.resource import Live

@dataclass(frozen=True, slots=True)
class Split:
    """Changes that may happen, live objects left alone because nothing declares them, and what to tell."""

    changes: list[Change]
    unmanaged: tuple[Address, ...]
    diagnostics: list[Diagnostic]


def split_deletes(
    changes: list[Change],
    declared: set[Address],
    needed: set[Address],
    *,
    holders: frozenset[str],
    project: Project,
    prune: bool,
) -> Split:
    """Lets a delete through only with `prune` for its kind, inside its scope, below a declared parent, for a kind that
    the inventory declares; never for what `protect` names or reaches into (one of the kinds `holders` takes its
    children along), what is `needed` by something declared, or what `external` lists."""
    kinds_declared = {address.kind for address in declared}
    kept: list[Change] = []
    unmanaged: list[Address] = []
    diagnostics: list[Diagnostic] = []
    going: set[Address] = set()
    for change in sorted(changes, key=lambda item: item.address.text.count("/")):
        if change.action is not Action.DELETE:
            continue
        address = change.address
        manage = project.manage.get(address.kind)
        if not prune or not _prunable(address, manage, kinds_declared, declared):
            if address.kind in kinds_declared or manage is not None:
                unmanaged.append(address)
        elif address in needed or _listed_as_external(change, project):
            unmanaged.append(address)
        elif _protected(change, project.protect, holders):
            unmanaged.append(address)
            diagnostics.append(_protected_note(address))
        elif address.parent not in going:
            going.add(address)
    kept = [change for change in changes if change.action is not Action.DELETE or change.address in going]
    return Split(kept, tuple(sorted(unmanaged)), diagnostics)


def _prunable(address: Address, manage: Manage | None, kinds_declared: set[str], declared: set[Address]) -> bool:
    if manage is None or not manage.prune or address.kind not in kinds_declared:
        return False
    if address.parent is not None and address.parent not in declared:
        return False
    return any(fnmatchcase(address.text, glob) for glob in manage.scope)


def _live_name(change: Change) -> str:
    """The name without the id that tells twins apart."""
    name = change.address.name or ""
    return name.removesuffix(f"#{change.live.id}") if change.live else name


def _listed_as_external(change: Change, project: Project) -> bool:
    return _live_name(change) in project.external.get(change.kind, ())


def _protected(change: Change, globs: Iterable[str], holders: frozenset[str]) -> bool:
    address = Address.of(change.kind, _live_name(change), parent=change.address.parent)
    holds = address.kind in holders
    return any(fnmatchcase(address.text, glob) or (holds and _reaches_below(glob, address)) for glob in globs)


def _reaches_below(glob: str, address: Address) -> bool:
    """Whether a glob may name something below an address; what that is need not have been read."""
    return any(fnmatchcase(f"{address.text}/", glob[:end]) for end in range(1, len(glob) + 1))


def _protected_note(address: Address) -> Diagnostic:
    return Diagnostic(
        severity=Severity.WARNING,
        rule="protected",
        summary="A protected object is no longer declared",
        detail=f"{address} stays: `protect` in reconciler.yaml names it, or something in it",
        address=str(address),
    )


def check_limits(
    changes: Iterable[Change], live: Live, *, declared: int, project: Project, options: Options
) -> list[Diagnostic]:
    """Refuses more deletes or changes than `limits` allow, for the run and per kind; `--ack-deletes N` allows
    exactly N deletes. There is no lower cut-off: a small organisation is guarded like a large one."""
    listed = list(changes)
    deletes = [change for change in listed if change.action is Action.DELETE]
    totals = Counter(item.kind for item in live.objects)
    found: list[Diagnostic] = []
    if deletes and not declared:
        found.append(
            _refusal("emptied-inventory", "The inventory is empty", "it declares nothing, so nothing is deleted")
        )
    if options.ack_deletes is not None and options.ack_deletes != len(deletes):
        found.append(
            _refusal(
                "acknowledged-deletes",
                "The plan deletes another number of objects than was acknowledged",
                f"--ack-deletes says {options.ack_deletes}, the plan has {len(deletes)}",
            )
        )
    if options.ack_deletes is None:
        found += _over(
            "limit-deletes", "deletes", len(deletes), project.limits.deletes, _prunable_total(totals, project), ""
        )
        for kind, limits in sorted(project.limits.kinds.items()):
            count = sum(change.kind == kind for change in deletes)
            found += _over("limit-deletes", "deletes", count, limits.deletes, totals[kind], kind)
        found += _emptied_kinds(deletes, totals)
    found += _over("limit-changes", "changes", len(listed), project.limits.changes, sum(totals.values()), "")
    for kind, limits in sorted(project.limits.kinds.items()):
        count = sum(change.kind == kind for change in listed)
        found += _over("limit-changes", "changes", count, limits.changes, totals[kind], kind)
    return found


def _prunable_total(totals: Counter[str], project: Project) -> int:
    """Live objects of the kinds that may be deleted: a percentage of them, however many others there are."""
    return sum(count for kind, count in totals.items() if kind in project.manage and project.manage[kind].prune)


def _emptied_kinds(deletes: list[Change], totals: Counter[str]) -> list[Diagnostic]:
    """More than one object, and all of a kind: most often a lost file, whatever the percentage says."""
    counts = Counter(change.kind for change in deletes)
    return [
        _refusal(
            "limit-deletes",
            "The plan deletes every object of a kind",
            f"all {count} live objects of kind {kind}: allow it with --ack-deletes {len(deletes)}",
        )
        for kind, count in sorted(counts.items())
        if count > 1 and count == totals[kind]
    ]


def _over(rule: str, what: str, count: int, limit: Limit | None, total: int, kind: str) -> list[Diagnostic]:
    if limit is None or (limit.absolute is None and limit.percent is None):
        return []
    allowed = max(limit.absolute or 0, int(total * (limit.percent or 0) / 100))
    if count <= allowed:
        return []
    where = f"limits.kinds.{kind}.{what}" if kind else f"limits.{what}"
    remedy = f"raise `{where}` in reconciler.yaml"
    if what == "deletes":
        remedy += f", or allow exactly these with --ack-deletes {count}"
    of_kind = f" of kind {kind}" if kind else ""
    return [
        _refusal(
            rule,
            f"The plan {what} more than the limit"
            if what == "deletes"
            else "The plan makes more changes than the limit",
            f"{count} {what}{of_kind}, {allowed} allowed ({total} live objects): {remedy}",
        )
    ]


def _refusal(rule: str, summary: str, detail: str) -> Diagnostic:
    return Diagnostic(severity=Severity.ERROR, rule=rule, summary=summary, detail=detail)

"""Runs policies: views in, diagnostics at the fields that they are about out. What a policy does wrong is one too."""

import contextlib
import inspect
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reconciler.diagnostics import Diagnostic, Severity, SourceRange, in_order
from reconciler.kinds import Kinds
from reconciler.model.change import Plan
from reconciler.model.inventory import FileTree, Inventory
from reconciler.model.policy import Policy
from reconciler.model.resource import Resource
from reconciler.model.values import Path, YamlMap, mark_of
from reconciler.policies.api import Finding
from reconciler.policies.loading import load_policies
from reconciler.policies.problems import place_in, problem, reason_of
from reconciler.policies.rules import adjusted, built_in, is_off, rule_problems
from reconciler.policies.views import InventoryView, plan_view
from reconciler.semantics.pairing import element_label

_STEP = re.compile(r"\[[^\]]*\]|[^.\[\]]+")
"""One step of a field's path: a key, or an element in brackets."""


class PolicyFiles(Struct, frozen=True):
    """Where policies are read from, and the project file, as written, that names them."""

    tree: FileTree
    project: YamlMap

    @property
    def patterns(self) -> tuple[str, ...]:
        """The names, and globs, of the files."""
        listed = self.project.get("policies")
        return tuple(item for item in listed if isinstance(item, str)) if isinstance(listed, list) else ()


def with_policies(
    inventory: Inventory, raw: YamlMap, files: PolicyFiles | None, *, kinds: Kinds, now: datetime
) -> Inventory:
    """A validated inventory with its own policies, what they find, and `rules:` applied to all findings.

    `raw` is the project file as written. Without `files` no policy is loaded: nothing of the inventory is executed.
    """
    project = inventory.project
    policies: tuple[Policy, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    if files is not None and files.patterns:
        marks = getattr(files.project.get("policies"), "marks", ())
        policies, problems = load_policies(files.tree, files.patterns, marks=marks, built_in=built_in())
    # Without its own policies, or with broken ones, an unknown id may well be one of theirs.
    all_known = not project.policies or (files is not None and not problems)
    odd = rule_problems(project.rules, raw, own=(item.id for item in policies), all_known=all_known)
    checked = replace(inventory, policies=policies)
    found = check_inventory(checked, kinds=kinds, now=now) if policies else ()
    if not (found or problems or odd or project.rules):
        return checked
    diagnostics = adjusted([*inventory.diagnostics, *found, *problems, *odd], project.rules)
    return replace(checked, diagnostics=in_order(diagnostics))


def check_inventory(inventory: Inventory, *, kinds: Kinds, now: datetime) -> tuple[Diagnostic, ...]:
    """What the policies over the inventory find."""
    return _run(inventory, {"inventory": InventoryView(inventory.resources), "now": now}, kinds, over_plan=False)


def check_plan(plan: Plan, inventory: Inventory, *, kinds: Kinds, now: datetime, applying: bool) -> Plan:
    """The plan with what its policies find. Their errors refuse it, as a guard's do; errors of those that ask for the
    time only do so when it is about to be applied."""
    if not any(item.over_plan for item in inventory.policies):
        return plan
    view = InventoryView(inventory.resources)
    given = {"inventory": view, "plan": plan_view(plan, view, applying=applying), "now": now}
    found = adjusted(_run(inventory, given, kinds, over_plan=True), inventory.project.rules)
    if not applying:
        timed = {item.id for item in inventory.policies if "now" in item.wants}
        found = tuple(_later(item) if item.rule in timed else item for item in found)
    guards = {item.id for item in inventory.policies if item.over_plan} | {"policy-failed"}
    return replace(plan, diagnostics=in_order([*plan.diagnostics, *found]), policies=frozenset(guards))


def _later(item: Diagnostic) -> Diagnostic:
    return replace(item, severity=Severity.WARNING) if item.severity is Severity.ERROR else item


def _run(inventory: Inventory, given: Mapping[str, Any], kinds: Kinds, *, over_plan: bool) -> tuple[Diagnostic, ...]:
    levels = inventory.project.rules
    resources = {str(item.address): item for item in inventory.resources}
    found: list[Diagnostic] = []
    for item in inventory.policies:
        if item.over_plan == over_plan and not is_off(item.id, levels):
            with contextlib.redirect_stdout(sys.stderr):
                found += _one(item, given, resources, kinds)
    return tuple(found)


def _one(
    item: Policy, given: Mapping[str, Any], resources: Mapping[str, Resource], kinds: Kinds
) -> Iterable[Diagnostic]:
    found: list[Diagnostic] = []
    try:
        for answer in _answers(item.function(**{name: given[name] for name in item.wants})):
            if not isinstance(answer, Finding):
                raise TypeError(f"a policy gives Findings, not {type(answer).__name__}")
            found.append(_diagnostic(item, answer, resources, kinds))
    except (Exception, SystemExit) as error:
        file = item.source.file if item.source else ""
        place = place_in(error, file)
        source = place if place.line > 1 or item.source is None else item.source
        return [*found, problem("policy-failed", f"{item.id}: {reason_of(error)}", source)]
    return found


def _answers(given: Any) -> Iterable[Any]:
    if given is None:
        return ()
    if isinstance(given, list | tuple | set | frozenset) or inspect.isgenerator(given):
        return given
    return (given,)


def _diagnostic(item: Policy, finding: Finding, resources: Mapping[str, Resource], kinds: Kinds) -> Diagnostic:
    remedy = finding.remedy if finding.remedy is not None else item.remedy
    return Diagnostic(
        severity=finding.severity or item.severity,
        rule=item.id,
        summary=item.title,
        detail=f"{finding.detail}\n{remedy}" if remedy else finding.detail,
        address=finding.address,
        source=_place(finding, resources.get(finding.address or ""), kinds),
    )


def _place(finding: Finding, resource: Resource | None, kinds: Kinds) -> SourceRange | None:
    """The line of the field, else of the object; None for what is not declared."""
    if resource is None:
        return None
    path = field_path(finding.field or "", resource, kinds)
    return (mark_of(resource.body, path) if path else None) or resource.source


def field_path(text: str, resource: Resource, kinds: Kinds) -> Path:
    """A field's path as people write it (`acl_policies[iot].actions[0]`) as steps into the object's body, as far as
    they lead: an element stands by its number or by its key."""
    steps: list[str | int] = []
    value: Any = resource.body
    shape = kinds[resource.kind].shape
    for word in _STEP.findall(text):
        step: str | int | None = word.removeprefix("[").removesuffix("]")
        if isinstance(value, list):
            labels = [element_label(element, at, shape) for at, element in enumerate(value)]
            step = next((at for at, label in enumerate(labels) if step in (label, str(at))), None)
        if step is None or (isinstance(value, dict) and step not in value) or not isinstance(value, dict | list):
            break
        steps.append(step)
        value, shape = value[step], shape.below(step)  # type: ignore[index]
    return tuple(steps)

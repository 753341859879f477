"""validate: composed resources in, checked and sealed resources out, with everything that is wrong with them.

Each object is checked against its kind's model and its kind's own rules, all objects against each other. Nothing
stops at the first problem, and no problem stops anything: an inventory with errors comes out too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from reconciler.diagnostics import Diagnostic, in_order
from reconciler.kinds import Context, Finding, Kinds
from reconciler.kinds.shared.checks import path_text
from reconciler.kinds.shared.rules import finding
from reconciler.model.inventory import Inventory
from reconciler.model.resource import Resource
from reconciler.model.shape import Shape
from reconciler.model.values import Path, YamlMap, revealed
from reconciler.stages.validate import names
from reconciler.stages.validate.bodies import (
    as_rules_see,
    sealed,
    secret_parts,
    secret_texts,
    survey,
    with_raw,
    without,
)
from reconciler.stages.validate.fields import field_findings
from reconciler.stages.validate.problem import at_field, discreet, once_per_place
from reconciler.stages.validate.project import drift_problems, external_names, project_problems
from reconciler.stages.validate.references import References
from reconciler.stages.validate.variables import Variables
from reconciler.stages.validate.words import type_name


def validate(inventory: Inventory, kinds: Kinds) -> Inventory:
    """`inventory` with its bodies complete (`raw` merged in) and plain secrets sealed, and with the diagnostics of
    all rules added to those it had, in their fixed order."""
    objects = _Objects(kinds)
    checked = [objects.check(resource) for resource in inventory.resources]
    resources = tuple(item.resource for item in checked)
    diagnostics = [
        *inventory.diagnostics,
        *(problem for item in checked for problem in item.problems),
        *_together(checked, external_names(inventory.project, kinds), kinds),
        *project_problems(inventory.project, kinds),
        *drift_problems(inventory.project, kinds),
    ]
    return replace(inventory, resources=resources, diagnostics=in_order(once_per_place(diagnostics, kinds)))


class _Checked(NamedTuple):
    """One object after its own check: `visible` is its body as rules look at it, with secrets revealed and without
    `null`; `variables` are its texts that use site variables, `broken` the paths that its model refused."""

    resource: Resource
    visible: Mapping[str, Any]
    variables: tuple[str, ...]
    problems: Sequence[Diagnostic] = ()
    broken: frozenset[Path] = frozenset()


class _Objects:
    """The check of single objects; what is known of a kind is worked out once."""

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds
        self._secrets: Mapping[str, Shape | None] = {kind.name: secret_parts(kind.shape) for kind in kinds}

    def check(self, resource: Resource) -> _Checked:
        """One object against its model; its body comes out complete and sealed."""
        if resource.absent:
            return _Checked(resource, resource.body, ())
        body, seen = resource.body, survey(resource.body)
        kind = self._kinds.find(resource.kind)
        if kind is None:
            return _Checked(resource, body, seen.variables)
        raw = body.get("raw")
        fields = without(body, "raw") if "raw" in body else body
        shown: Mapping[str, Any] = fields
        if seen.secrets:
            shown = revealed(fields) if seen.nulls else as_rules_see(fields)
        found = field_findings(kind, fields, shown, self._kinds)
        broken = frozenset(item.path for item in found) if found else frozenset()
        if raw is not None and not isinstance(raw, YamlMap):
            detail = f"`raw` must be a mapping of fields as the API knows them, not {type_name(raw)}."
            found.append(finding("wrong-type", detail, ("raw",)))
        written = with_raw(fields, raw) if isinstance(raw, YamlMap) else fields
        visible = as_rules_see(written) if seen.nulls or written is not fields else shown
        plain_texts: list[Path] = []
        whole = sealed(written, self._secrets[kind.name], (), plain_texts)
        problems = [at_field(resource, body, item) for item in found]
        problems += [at_field(resource, whole, _plain_secret(path)) for path in plain_texts]
        done = resource if whole is body else replace(resource, body=whole)
        return _Checked(done, visible, seen.variables, problems, broken)


def _plain_secret(path: Path) -> Finding:
    where = path_text(path)
    detail = f"`{where}` stands in the file for everybody to read. Use `!secret env:NAME` or `!secret file:PATH`."
    return finding("plain-secret", detail, path)


def _together(checked: list[_Checked], external: Mapping[str, frozenset[str]], kinds: Kinds) -> Iterator[Diagnostic]:
    """What can be said only with all objects at hand."""
    resources = [item.resource for item in checked]
    known: dict[str, Resource] = {}
    for resource in resources:
        known.setdefault(resource.address.text, resource)
    context = Context(resources=known, external=external)
    yield from names.clashes(resources)
    yield from names.aliases(resources)
    yield from names.pinned(resources)
    yield from names.orphans(resources, known, external, kinds)
    references, variables = References(context, kinds), Variables(context, kinds)
    for item in checked:
        kind = kinds.find(item.resource.kind)
        if kind is None or item.resource.absent:
            continue
        yield from references.check(item.resource, kind)
        if kind.check is not None and (found := list(kind.check(item.resource, item.visible, context))):
            yield from _placed(item, found)
        if item.variables:
            yield from variables.check(item.resource, item.variables)


def _placed(item: _Checked, found: Iterable[Finding]) -> Iterator[Diagnostic]:
    """What a kind's conditional rules found. What they say about a value that the model refused already is left out."""
    resource = item.resource
    secrets = frozenset() if item.visible is resource.body else secret_texts(resource.body)
    for one in found:
        if not any(one.path[:length] in item.broken for length in range(len(one.path) + 1)):
            yield at_field(resource, resource.body, discreet(one, secrets))

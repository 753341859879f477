"""validate: composed resources in, checked and sealed resources out, with everything that is wrong with them.

Each object is checked against its kind's model and its kind's own rules, all objects against each other. Nothing
stops at the first problem, and no problem stops anything: an inventory with errors comes out too.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

from reconciler.diagnostics import Diagnostic, in_order
from reconciler.kinds import Context, Kind, Kinds, Violation
from reconciler.kinds.findings import at_field
from reconciler.kinds.shared.checks import path_text
from reconciler.kinds.shared.conditional import conditional
from reconciler.kinds.shared.rules import NO_EFFECT, violation
from reconciler.model.hiding import names_secret
from reconciler.model.inventory import Inventory
from reconciler.model.resource import Resource
from reconciler.model.rows import left_out, row_of, skipping, split_row_errors, without_bad_rows
from reconciler.model.shape import UNKNOWN, Shape
from reconciler.model.values import Path, YamlMap, revealed
from reconciler.semantics.equality import same_scalar
from reconciler.semantics.sealing import VARS, sealed_resources, secret_variables
from reconciler.stages.validate import names
from reconciler.stages.validate.accepted import accepted
from reconciler.stages.validate.bodies import (
    Survey,
    as_rules_see,
    at,
    disguised,
    sealed,
    secret_parts,
    secret_texts,
    shape_at,
    survey,
    texts_sealed,
    typed,
    with_raw,
    without,
)
from reconciler.stages.validate.fields import field_findings, in_quotes, model_errors, refused_paths, spelling_findings
from reconciler.stages.validate.hints import UnknownKeys
from reconciler.stages.validate.places import place_findings
from reconciler.stages.validate.problem import discreet, once_per_place, without_consequences
from reconciler.stages.validate.project import (
    drift_problems,
    external_names,
    ignore_problems,
    project_problems,
    prune_problems,
)
from reconciler.stages.validate.raw import raw_findings
from reconciler.stages.validate.references import References
from reconciler.stages.validate.required import required_findings
from reconciler.stages.validate.variables import Variables
from reconciler.stages.validate.words import type_name


def validate(inventory: Inventory, kinds: Kinds) -> Inventory:
    """`inventory` with its bodies complete (`raw` merged in) and plain secrets sealed, and with the diagnostics of
    all rules added to those it had, in their fixed order."""
    objects = _Objects(kinds, inventory.resources)
    checked = [objects.check(resource) for resource in inventory.resources]
    used = {name for item in checked if item.telling for name in secret_variables(item.resource.body)}
    resources = sealed_resources((item.resource for item in checked), used)
    told = [*inventory.diagnostics, *_together(checked, external_names(inventory.project, kinds), kinds)]
    diagnostics = [
        *without_consequences(told),
        *(problem for item in checked for problem in item.problems),
        *project_problems(inventory.project, kinds),
        *drift_problems(inventory.project, kinds),
        *prune_problems(inventory.project, kinds),
        *ignore_problems(inventory.project, kinds),
        *_plain_variables(checked, used),
    ]
    found = replace(inventory, resources=resources, diagnostics=())
    rows, others = split_row_errors(diagnostics, inventory.project)
    if rows:
        found = _without_rows(found, rows, kinds)
    return replace(found, diagnostics=in_order(once_per_place([*others, *left_out(rows)], kinds)))


def _without_rows(inventory: Inventory, errors: Sequence[Diagnostic], kinds: Kinds) -> Inventory:
    """The inventory without the objects of rows with an error."""
    words = skipping(inventory.project)
    cells = {cell.file for item in errors if (cell := row_of(item.source))}
    hit = frozenset(kind.name for file in cells if (kind := kinds.find(words[file])))
    return replace(inventory, resources=without_bad_rows(inventory.resources, errors), incomplete=hit)


class _Checked(NamedTuple):
    """One object after its own check: `visible` is its body as rules look at it, with secrets revealed and without
    `null`; `variables` are its texts that use site variables, `broken` the paths that its model refused; `telling` says
    whether a secret in it may use variables, too."""

    resource: Resource
    visible: Mapping[str, Any]
    variables: tuple[str, ...]
    problems: Sequence[Diagnostic] = ()
    broken: frozenset[Path] = frozenset()
    telling: bool = False


class _Objects:
    """The check of single objects; what is known of a kind is worked out once."""

    def __init__(self, kinds: Kinds, resources: Iterable[Resource]) -> None:
        self._kinds = kinds
        keys: defaultdict[str, set[str]] = defaultdict(set)
        for resource in resources:
            keys[resource.kind].update(resource.body)
        self._keys = {name: frozenset(found) for name, found in keys.items()}
        self._secrets: dict[str, Shape | None] = {}
        self._unknown = UnknownKeys(kinds)

    def check(self, resource: Resource) -> _Checked:
        """One object against its model; its body comes out complete and sealed."""
        if resource.absent:
            return _Checked(resource, resource.body, ())
        body, seen = resource.body, survey(resource.body)
        kind = self._kinds.find(resource.kind)
        if seen.untyped:
            body = typed(body, kind.shape if kind else UNKNOWN)
        if kind is None:
            return _Checked(replace(resource, body=body), body, seen.variables, telling=True)
        raw = body.get("raw")
        fields = without(body, "raw") if "raw" in body else body
        fields, shown, nulls, found = self._fields(kind, fields, seen)
        broken = frozenset(item.path for item in found) if found else frozenset()
        if raw is not None and not isinstance(raw, YamlMap):
            detail = f"`raw` must be a mapping of fields as the API knows them, not {type_name(raw)}."
            found.append(violation("wrong-type", detail, ("raw",)))
        elif raw is not None:
            found += raw_findings(kind, raw, self._kinds)
        if seen.places:
            found += place_findings(fields, kind.shape)
        written = with_raw(fields, raw) if isinstance(raw, YamlMap) else fields
        visible = as_rules_see(written) if nulls or written is not fields else shown
        plain_texts: list[Path] = []
        if kind.name not in self._secrets:
            self._secrets[kind.name] = secret_parts(kind.shape)
        whole = sealed(written, self._secrets[kind.name], (), plain_texts)
        if seen.suspicious:
            whole = _texts_sealed(whole, kind)
        found += spelling_findings(kind, fields)
        if kind.required:
            found += required_findings(kind, resource.parent, written)
        problems = [at_field(resource, body, item) for item in found]
        problems += [at_field(resource, whole, _plain_secret(path)) for path in plain_texts if _is_reported(path)]
        done = resource if whole is resource.body else replace(resource, body=whole)
        return _Checked(done, visible, seen.variables, problems, broken, seen.secrets or bool(seen.variables))

    def _fields(
        self, kind: Kind, body: YamlMap, seen: Survey
    ) -> tuple[YamlMap, Mapping[str, Any], bool, list[Violation]]:
        """The fields as the model takes them, the same as rules see them, whether a null is among them, and what the
        model refuses."""
        fields, nulls = body, seen.nulls
        shown: Mapping[str, Any] = fields
        if seen.secrets:
            shown = revealed(fields) if nulls else as_rules_see(fields)
        keys = self._keys.get(kind.name, frozenset())
        errors = model_errors(kind, shown, keys)
        remarks: list[Violation] = []
        for _ in range(_FORMS if errors else 0):
            refused = refused_paths(errors, fields)
            changed = accepted(fields, refused)
            if changed is fields:
                break
            remarks += in_quotes(fields, changed, refused)
            fields, nulls = changed, True
            shown = revealed(fields)
            errors = model_errors(kind, shown, keys)
        return fields, shown, nulls, [*remarks, *field_findings(errors, kind, fields, self._unknown)]


_FORMS = 3
"""How often a value may take another form: `[null]` is `[]`, and `[]` is null where no list is wanted."""


def _plain_variables(checked: Iterable[_Checked], used: set[str]) -> Iterator[Diagnostic]:
    """A warning for every variable that a secret field uses and whose value stands in a file."""
    for item in checked:
        variables = item.resource.body.get(VARS)
        if not isinstance(variables, dict):
            continue
        for name in sorted(used & variables.keys()):
            value = variables[name]
            if isinstance(value, str) and value and "{{" not in value:
                yield at_field(item.resource, item.resource.body, _plain_secret((VARS, name)))


def _texts_sealed(body: YamlMap, kind: Kind) -> YamlMap:
    """The body with what is secret in its texts sealed; names stay as they are."""
    names = {kind.key, *(reference.root for reference in kind.references)}
    changes = {key: new for key, item in body.items() if key not in names and (new := texts_sealed(item)) is not item}
    return YamlMap({**body, **changes}, marks=body.marks, mark=body.mark) if changes else body


def _is_reported(path: Path) -> bool:
    """Whether a secret in plain text is worth a warning: most headers hold none."""
    return path[0] != "headers" or names_secret(str(path[-1]))


def _plain_secret(path: Path) -> Violation:
    where = path_text(path)
    detail = f"`{where}` stands in the file for everybody to read. Use `!secret env:NAME` or `!secret file:PATH`."
    return violation("plain-secret", detail, path)


def _together(checked: list[_Checked], external: Mapping[str, frozenset[str]], kinds: Kinds) -> Iterator[Diagnostic]:
    """What can be said only with all objects at hand."""
    resources = [item.resource for item in checked]
    known: dict[str, Resource] = {}
    for resource in resources:
        known.setdefault(resource.address.text, resource)
    context = Context(resources=known, external=external)
    yield from names.unusable(resources)
    yield from names.clashes(resources, kinds)
    yield from names.namesakes(resources, kinds)
    yield from names.aliases(resources)
    yield from names.pinned(resources)
    yield from names.devices(resources, kinds)
    yield from names.orphans(resources, known, external, kinds)
    references, variables = References(context, kinds), Variables(context, kinds)
    for item in checked:
        kind = kinds.find(item.resource.kind)
        if kind is None or item.resource.absent:
            continue
        yield from references.check(item.resource, kind)
        if found := _rules_find(kind, item.resource, item.visible, context):
            yield from _placed(item, found, kind, context)
        if item.variables:
            yield from variables.check(item.resource, item.variables)
            yield from variables.check_values(item.resource, kind)


def _rules_find(kind: Kind, resource: Resource, body: Mapping[str, Any], context: Context) -> list[Violation]:
    """What the kind's own rules find, and what those find that stand as data; one thing is told once."""
    own = list(kind.check(resource, body, context)) if kind.check is not None else []
    told = {(one.path, name) for one in own for name in re.findall(r"`([^`]+)`", one.detail)}
    data = (one for one in conditional(kind.name, body) if (one.path, one.detail.split("`")[1]) not in told)
    return [*own, *data]


def _placed(item: _Checked, found: Iterable[Violation], kind: Kind, context: Context) -> Iterator[Diagnostic]:
    """What a kind's conditional rules found. What they say about a value that the model refused already is left out,
    and so is what a default doesn't do."""
    resource = item.resource
    secrets = frozenset() if item.visible is resource.body else secret_texts(resource.body)

    def again() -> Iterable[Violation]:
        return _rules_find(kind, resource, disguised(resource.body, secrets), context)

    for one in discreet(found, secrets, again):
        broken = any(one.path[:length] in item.broken for length in range(len(one.path) + 1))
        if not broken and not _says_default(one, item.visible, kind.shape):
            yield at_field(resource, resource.body, one)


def _says_default(found: Violation, body: Mapping[str, Any], shape: Shape) -> bool:
    """Whether a finding is about a value that has no effect, and that would be there unwritten, too."""
    if found.rule not in NO_EFFECT:
        return False
    below, value = shape_at(shape, found.path), at(body, found.path)
    return any(same_scalar(default, value, replace(below, number_text=True)) for default in below.defaults)

"""Conditional rules of switch ACLs: what a tag's type requires and ignores, and what a policy may name.

Facts: the vendor's OpenAPI document (`acl_tag`, `acl_policy`) and the Automation Guide's chapter on access control
lists, whose example contradicts the document on a port usage's fields; what only the document forbids is a
warning here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from reconciler.kinds.kind import Violation
from reconciler.kinds.shared.checks import (
    Body,
    Hints,
    any_of,
    as_list,
    as_map,
    duplicates,
    each,
    given,
    is_literal,
    is_partial,
    path_text,
    texts,
)
from reconciler.kinds.shared.rules import violation
from reconciler.kinds.shared.subnets import check_subnets
from reconciler.model.values import Path

ANY = "any"
GBP = ("dynamic_gbp", "gbp_resource", "static_gbp")
DESTINATIONS_ONLY = ("gbp_resource", "resource")
MATCHERS = ("macs", "network", "radius_group", "subnets")

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "dynamic_gbp": ("gbp_tag",),
    "gbp_resource": ("gbp_tag",),
    "mac": ("macs",),
    "network": ("network",),
    "port_usage": ("port_usage",),
    "radius_group": ("radius_group",),
    "static_gbp": ("gbp_tag",),
    "subnet": ("subnets",),
}
"""Fields that a tag's type can't do without."""

OPTIONAL: Mapping[str, tuple[str, ...]] = {
    "gbp_resource": ("ether_types", "specs"),
    "mac": ("network",),
    "port_usage": ("ether_types", "specs", "subnets"),
    "radius_group": ("specs",),
    "resource": ("ether_types", "network", "specs", "subnets"),
    "static_gbp": MATCHERS,
    "subnet": ("network",),
}
"""Fields that a tag's type understands besides those that it requires."""

FIELDS = ("ether_types", "gbp_tag", "macs", "network", "port_usage", "radius_group", "specs", "subnets")
TYPES = tuple(sorted({ANY, *REQUIRED, *OPTIONAL}))
WITH_PORTS = (ANY, "tcp", "udp")
ATTACHED_BY_TYPE = ("network", "port_usage", "radius_group")


def check_tag(name: str | None, tag: Body, path: Path = ()) -> Iterator[Violation]:
    """The rules of one tag: its name, the fields of its type, its port ranges."""
    kind = tag.get("type")
    if name == ANY and kind != ANY:
        detail = "`any` means everything and needs no definition. Give this tag another name."
        yield violation("acl-any-name", detail, path)
    if kind is None:
        yield violation("acl-required-field", f"A tag needs a `type`: one of {any_of(TYPES)}.", path)
    elif isinstance(kind, str) and kind in TYPES:
        yield from _tag_fields(kind, tag, path)
    yield from _port_ranges(tag, path)
    yield from check_subnets(tag, ("subnets", "[]"), path)


def _tag_fields(kind: str, tag: Body, path: Path) -> Iterator[Violation]:
    required = REQUIRED.get(kind, ())
    for field in required:
        if not given(tag.get(field)):
            detail = f"A tag of type {kind} needs `{field}`. Add it, or change the type."
            yield violation("acl-required-field", detail, path)
    known = (*required, *OPTIONAL.get(kind, ()))
    for field in FIELDS:
        if given(tag.get(field)) and field not in known:
            takes = f"It takes {any_of(known)}." if known else "It takes no other field."
            detail = f"A tag of type {kind} does not look at `{field}`. {takes}"
            yield violation("acl-unused-field", detail, (*path, field))
    matchers = [field for field in MATCHERS if given(tag.get(field))]
    if kind == "static_gbp" and len(matchers) != 1:
        has = f"this one has {any_of(matchers).replace(' or ', ' and ')}" if matchers else "this one has none"
        detail = f"A tag of type static_gbp matches by one of {any_of(MATCHERS)}; {has}."
        yield violation("acl-matcher-count", detail, path)


def _port_ranges(tag: Body, path: Path) -> Iterator[Violation]:
    for below, item in each(tag, ("specs", "[]")):
        spec = as_map(item)
        ports, protocol = spec.get("port_range"), spec.get("protocol")
        where = (*path, *below, "port_range")
        if not is_literal(ports):
            continue
        first, _, last = str(ports).partition("-")
        if first.isdecimal() and last.isdecimal() and int(first) > int(last):
            yield violation("acl-port-range", f"{ports} begins after its end. Write it as {last}-{first}.", where)
        if is_literal(protocol) and protocol not in WITH_PORTS and ports != "0":
            detail = (
                f"Ports exist for tcp and udp only; {protocol} has none. Remove the port range or change the protocol."
            )
            yield violation("acl-port-unused", detail, where)


def check_acls(body: Body, tags: Body, shared: Iterable[str]) -> Iterator[Violation]:
    """The rules of all tags and policies of a body. `tags` are the definitions that its policies can name, by name;
    `shared` names what else could have been meant."""
    for name, tag in as_map(body.get("acl_tags")).items():
        yield from check_tag(name, as_map(tag), ("acl_tags", name))
    policies = [(index, as_map(item)) for index, item in enumerate(as_list(body.get("acl_policies")))]
    if not policies:
        return
    for later, first, name in duplicates((("acl_policies", at, "name"), item.get("name")) for at, item in policies):
        detail = f"{name!r} is already the name of {path_text(first[:2])}. Policies are compared by name: rename one."
        yield violation("acl-policy-name", detail, later)
    known = {*tags, ANY}
    meant, hints = frozenset({*known, *shared}), Hints()
    for index, policy in policies:
        path: Path = ("acl_policies", index)
        yield from _policy_parts(policy, path)
        yield from _names(policy, path, known, meant, hints)
        yield from _sides(policy, path, tags)
    if not is_partial(body["acl_policies"]):
        yield from _one_way(policies, tags)
        yield from _shadowed(policies)


def _sources(policy: Body) -> list[str]:
    return [name for _, name in texts(policy.get("src_tags"))]


def _actions(policy: Body) -> list[tuple[int, str, Any]]:
    """Position, destination and verdict of every action that names a destination."""
    found = [(index, as_map(item)) for index, item in enumerate(as_list(policy.get("actions")))]
    return [
        (index, str(item["dst_tag"]), item.get("action")) for index, item in found if is_literal(item.get("dst_tag"))
    ]


def _label(policy: Body, path: Path) -> str:
    name = policy.get("name")
    return f"Policy {name!r}" if is_literal(name) else path_text(path)


def _policy_parts(policy: Body, path: Path) -> Iterator[Violation]:
    for field, what in (("src_tags", "at least one source tag, or `any`"), ("actions", "at least one action")):
        if not given(policy.get(field)):
            detail = f"{_label(policy, path)} has no `{field}`. Give it {what}."
            yield violation("acl-policy-empty", detail, path)
    for below, item in each(policy, ("actions", "[]")):
        if isinstance(item, dict) and not given(item.get("dst_tag")):
            detail = "Nothing says what the action is about. Write `dst_tag:` with a tag, or `dst_tag: any`."
            yield violation("acl-action-target", detail, (*path, *below))
        if as_map(item) and not given(as_map(item).get("action")):
            detail = "Nothing is the default here. Write `action: allow` or `action: deny`."
            yield violation("acl-action-missing", detail, (*path, *below))


def _named(policy: Body, path: Path) -> Iterator[tuple[Path, str]]:
    for index, name in texts(policy.get("src_tags")):
        yield (*path, "src_tags", index), name
    for index, name, _ in _actions(policy):
        yield (*path, "actions", index, "dst_tag"), name


def _names(policy: Body, path: Path, known: set[str], meant: frozenset[str], hints: Hints) -> Iterator[Violation]:
    for where, name in _named(policy, path):
        if name not in known:
            detail = (
                f"There is no ACL tag {name!r}.{hints.about(name, meant)} Define it under `acl_tags` here or in a "
                "file of its own, or list it under `external: acl_tags:` in reconciler.yaml."
            )
            yield violation("acl-unknown-tag", detail, where)


def _type(tags: Body, name: str) -> Any:
    return as_map(tags.get(name)).get("type") if name in tags else ANY if name == ANY else None


def _sides(policy: Body, path: Path, tags: Body) -> Iterator[Violation]:
    """Which tags may stand on which side, and whether they go together."""
    for index, name in texts(policy.get("src_tags")):
        where = (*path, "src_tags", index)
        if _type(tags, name) in DESTINATIONS_ONLY:
            detail = (
                f"{name!r} is of type {_type(tags, name)}, which is for destinations. Use a subnet or network tag here."
            )
            yield violation("acl-tag-side", detail, where)
        elif given(as_map(tags.get(name)).get("ether_types")):
            detail = f"{name!r} has `ether_types`, which count for destinations only."
            yield violation("acl-unused-field", detail, where)
    named = [name for _, name in _named(policy, path)]
    types = [_type(tags, name) for name in named if name != ANY]
    if any(kind in GBP for kind in types) and any(kind not in GBP for kind in types if kind is not None):
        detail = (
            f"{_label(policy, path)} uses both. Group-based tags work only among themselves: make two policies of it."
        )
        yield violation("acl-gbp-mixed", detail, path)
    known = [as_map(tags.get(name)) for name in named if name in tags]
    complete = all(name in tags or name == ANY for name in named)
    if complete and known and not any(_attaches(tag) for tag in known):
        detail = (
            f"{_label(policy, path)}: no tag on either side names a network or a port usage, so that the switch can't "
            "tell where to apply it. Add `network` to one of its tags."
        )
        yield violation("acl-no-network", detail, path)


def _attaches(tag: Body) -> bool:
    kind = tag.get("type")
    return kind in ATTACHED_BY_TYPE or kind in GBP or given(tag.get("network"))


def _one_way(policies: Sequence[tuple[int, Body]], tags: Body) -> Iterator[Violation]:
    """ACLs are stateless: what a policy allows needs a policy that allows the answers. Group-based policies and
    policies with unknown tags are left out, because there is no telling."""
    allowed = [
        (_sources(item), [name for _, name, verdict in _actions(item) if verdict == "allow"]) for _, item in policies
    ]
    means = {name: _means(tags, name) for one in allowed for name in (*one[0], *one[1])}
    answers = _Answers(allowed, means)
    for (index, policy), (sources, targets) in zip(policies, allowed, strict=True):
        if not sources or any(_type(tags, name) in (None, *GBP) for name in (*sources, *targets)):
            continue
        lost = [name for name in targets if not answers.has(sources, name)]
        if lost:
            detail = (
                f"{_label(policy, ('acl_policies', index))} lets traffic through to {any_of(lost)}, and no policy lets "
                f"the answers back. ACLs keep no state: add a policy from there to {any_of(sources)}."
            )
            yield violation("acl-one-way", detail, ("acl_policies", index))


Meaning = frozenset[tuple[str, str]] | None
"""The traffic that a tag stands for, as values of its fields; None for all of it."""

_Index = dict[tuple[str, str], set[int]]
_Found = dict[str, set[int]]
_ALL = ("*", "*")


class _Answers:
    """Which policies allow traffic from what a tag stands for, and to it: an index made once for a body."""

    def __init__(self, allowed: Sequence[tuple[list[str], list[str]]], means: Mapping[str, Meaning]) -> None:
        self._means = means
        self._sides: tuple[_Index, _Index] = ({}, {})
        for at, sides in enumerate(allowed):
            for index, names in zip(self._sides, sides, strict=True):
                for key in {key for name in names for key in self._keys(name)}:
                    index.setdefault(key, set()).add(at)
        self._found: tuple[_Found, _Found] = ({}, {})
        self._told: dict[tuple[str, str], bool] = {}

    def has(self, sources: list[str], target: str) -> bool:
        """Whether some policy allows what comes from the target to one of the sources."""
        return any(self._between(target, source) for source in dict.fromkeys(sources))

    def _between(self, target: str, source: str) -> bool:
        pair = (target, source)
        if pair not in self._told:
            self._told[pair] = not self._covering(0, target).isdisjoint(self._covering(1, source))
        return self._told[pair]

    def _covering(self, side: int, wanted: str) -> set[int]:
        """The policies with a tag on one side that may mean the traffic of another: the same name, `any`, or a value
        in common."""
        found = self._found[side]
        if wanted not in found:
            keys = {("", wanted), _ALL, *(self._means[wanted] or ())}
            found[wanted] = set().union(*(self._sides[side].get(key, ()) for key in keys))
        return found[wanted]

    def _keys(self, name: str) -> Iterator[tuple[str, str]]:
        values = self._means[name]
        yield ("", name)
        yield from (_ALL,) if values is None else values


def _means(tags: Body, name: str) -> Meaning:
    if _type(tags, name) == ANY:
        return None
    tag = as_map(tags.get(name))
    found = {(field, str(tag[field])) for field in ("network", "port_usage", "radius_group") if given(tag.get(field))}
    return frozenset(found | {(field, str(item)) for field in ("macs", "subnets") for item in as_list(tag.get(field))})


def _shadowed(policies: Sequence[tuple[int, Body]]) -> Iterator[Violation]:
    """What comes after a match of everything is never looked at."""
    for index, policy in policies:
        actions = _actions(policy)
        last = next((at for at, name, _ in actions if name == ANY), None)
        if last is not None and last < actions[-1][0]:
            detail = "The action before it matches every destination. Move `dst_tag: any` to the end of the actions."
            yield violation("acl-shadowed", detail, ("acl_policies", index, "actions", last + 1))
    catch_all = next((at for at, item in policies if _catches_all(item)), None)
    if catch_all is not None and catch_all < policies[-1][0]:
        first = _label(policies[catch_all][1], ("acl_policies", catch_all))
        count = len(policies) - 1 - catch_all
        detail = f"{first} matches everything, so that {_policies(count)} after it can't apply. Move it to the end."
        yield violation("acl-shadowed", detail, ("acl_policies", catch_all + 1))


def _catches_all(policy: Body) -> bool:
    return ANY in _sources(policy) and any(name == ANY for _, name, _ in _actions(policy))


def _policies(count: int) -> str:
    return "the policy" if count == 1 else f"the {count} policies"

"""A machine that changes an inventory and its cloud at random, applies, and checks the promises.

Promises: after an apply the next plan is empty; what nobody declared is as it was; only roots that changed were sent.
The oracle works on the API's own objects by path and shares no code with the comparison or the overlay.
"""

import copy
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from reconciler.kinds import kinds
from reconciler.kinds.shared.conditional import lacking
from reconciler.model.change import Status
from reconciler.model.options import Options
from reconciler.model.resource import Resource
from reconciler.model.shape import ListAs, Shape
from reconciler.model.values import Secret, YamlList
from tests.strategies import bodies
from tests.world import ORG, World, declare, world

SITES = ("Paris", "Oslo")
TEMPLATES = ("corp", "guest")
UNIQUE = 4
RULES = {"name", "ssid", "id", "created_time", "modified_time", "org_id", "site_id", "for_site", "template_id"}
VOLATILE = RULES | {"tzoffset", "last_ips", "site_ids", "thumbnail", "portal_image", "portal_api_secret"}
COLLECTIONS = {
    "site": "sites",
    "sitegroup": "sitegroups",
    "networktemplate": "networktemplates",
    "rftemplate": "rftemplates",
    "wlantemplate": "templates",
    "webhook": "webhooks",
    "wxtag": "wxtags",
}
REFERENCES = {"sitegroups": "sitegroup", "networktemplate": "networktemplate", "rftemplate": "rftemplate"}
COUPLED = {"isolation", "l2_isolation", "limit_bcast", "allow_ssdp"}
"""Fields of a WLAN that the cloud derives from each other: a null there has no lasting answer."""

REQUIRED = {"wxtag": {"type": "client", "mac": "5c5b350e0001"}, "webhook": {"url": "https://h.example.net/x"}}
OUT = {
    "webhook": ("assetfilters",),
    "site": ("timezone",),
    "wlantemplate": ("applies", "exceptions"),
    "wxtag": ("match", "values"),
    "wlan": ("wxtags", "mxtunnels", "wxtunnel"),
}


class Declared:
    """One object of the inventory while the machine changes it."""

    def __init__(self, address: str, body: dict[str, Any]) -> None:
        self.address = address
        self.body = body
        self.aliases: tuple[str, ...] = ()
        self.number = 0

    def resource(self) -> Resource:
        """As the pipeline takes it."""
        return declare(self.address, sealed(self.body, self.kind.shape), aliases=self.aliases)

    @property
    def kind(self) -> Any:
        """Its kind."""
        return kinds()[self.address.rpartition("/")[2].partition(".")[0]]


def sealed(value: Any, shape: Shape) -> Any:
    """A copy with secrets as compose makes them; lists keep their `!merge`."""
    if isinstance(value, dict):
        return {key: sealed(item, shape.below(key)) for key, item in value.items()}
    if isinstance(value, list):
        return YamlList([sealed(item, shape.below(0)) for item in value], merge=getattr(value, "merge", False))
    return Secret(value, origin="env:X") if shape.secret and isinstance(value, str) else value


def required_in(item: Declared) -> set[str]:
    """The roots of an object without which it would lack something."""
    kind = item.kind.name
    return {root for root in item.body if list(lacking(kind, {**item.body, root: None}, item.body))}


class Machine(RuleBasedStateMachine):
    """Random inventories, random edits by hand, all quirks on."""

    def __init__(self) -> None:
        super().__init__()
        self.cloud: World = world()
        self.inventory: dict[str, Declared] = {}
        self.settled = False
        self.count = 0

    @initialize(data=st.data())
    def start(self, data: st.DataObject) -> None:
        """Two sites and two WLAN templates, of which one each is live already, and something of every other kind."""
        self.cloud = world(
            sites=[{"name": "Paris", "networktemplate_id": None}],
            templates=[{"name": "corp"}],
            networktemplates=[{"name": "old", "acl_policies": [{"name": "x", "src_tags": ["a", "b"]}]}],
            sitegroups=[{"name": "loose"}],
        )
        for name in SITES:
            self._declare(f"site.{name}", {})
        for name in TEMPLATES:
            self._declare(f"wlantemplate.{name}", {})
        for kind in ("sitegroup", "networktemplate", "rftemplate", "webhook"):
            self._declare(f"{kind}.first", self._body(data, kind))
        self._declare("site.Paris/setting", self._body(data, "setting"))
        self._declare("wlantemplate.corp/wlan.A", self._body(data, "wlan"))
        self.refer(data, "Paris")
        self.apply()

    def _declare(self, address: str, body: dict[str, Any]) -> None:
        self.inventory[address] = Declared(address, body)
        self.settled = False

    @rule(data=st.data(), kind=st.sampled_from(["sitegroup", "networktemplate", "rftemplate", "webhook", "wxtag"]))
    def declare_object(self, data: st.DataObject, kind: str) -> None:
        """An object of the organisation."""
        if sum(address.startswith(f"{kind}.") for address in self.inventory) < UNIQUE:
            self.count += 1
            self._declare(f"{kind}.{kind[:2]}{self.count}", self._body(data, kind))

    @rule(data=st.data(), site=st.sampled_from(SITES))
    def declare_setting(self, data: st.DataObject, site: str) -> None:
        """A setting, or another one."""
        self._declare(f"{self._site(site)}/setting", self._body(data, "setting"))

    @rule(data=st.data(), holder=st.sampled_from([*SITES, *TEMPLATES]), ssid=st.sampled_from(["A", "B"]))
    def declare_wlan(self, data: st.DataObject, holder: str, ssid: str) -> None:
        """A WLAN of a site or a template, or another body for it."""
        parent = self._site(holder) if holder in SITES else f"wlantemplate.{holder}"
        self._declare(f"{parent}/wlan.{ssid}", self._body(data, "wlan"))

    @rule(data=st.data(), site=st.sampled_from(SITES))
    def refer(self, data: st.DataObject, site: str) -> None:
        """A site names templates and groups; a WLAN template names sites and groups."""
        item = self.inventory[self._site(site)]
        item.body |= {key: value for key, value in self._references(data).items() if value is not ...}
        groups = self._names("sitegroup")
        template = self.inventory[f"wlantemplate.{data.draw(st.sampled_from(TEMPLATES))}"]
        sites = data.draw(st.lists(st.sampled_from(SITES), unique=True))
        template.body["applies"] = {
            "sites": [self._site(name).partition(".")[2] for name in sites],
            "sitegroups": data.draw(st.lists(st.sampled_from(groups), unique=True)) if groups else [],
        }
        self.settled = False

    @rule(site=st.sampled_from(SITES), ssid=st.sampled_from(["A", "B"]), new=st.booleans())
    def tie_a_knot(self, site: str, ssid: str, *, new: bool) -> None:
        """A WLAN and a tag that name each other, the tag sometimes a new one."""
        parent = self._site(site)
        wlan = self.inventory.get(f"{parent}/wlan.{ssid}")
        if wlan is None:
            self._declare(f"{parent}/wlan.{ssid}", {})
            wlan = self.inventory[f"{parent}/wlan.{ssid}"]
        self.count += new
        tag = f"knot{self.count}"
        self._declare(f"{parent}/wxtag.{tag}", {"type": "match", "match": "wlan_id", "values": [ssid]})
        wlan.body["wxtags"] = [tag]

    @precondition(lambda self: self.settled)
    @rule(data=st.data())
    def rename(self, data: st.DataObject) -> None:
        """An object under another name, with its former one as alias; those that name it follow."""
        renamable = sorted(
            address
            for address in self.inventory
            if address.partition(".")[0] in {"networktemplate", "rftemplate", "sitegroup"}
        )
        if not renamable:
            return
        old = data.draw(st.sampled_from(renamable))
        self.count += 1
        kind, _, name = old.partition(".")
        new = f"{kind}.{name[:2]}{self.count}"
        item = self.inventory.pop(old)
        self.inventory[new] = moved = Declared(new, item.body)
        moved.aliases = (name,)
        for other in self.inventory.values():
            replace_name(other.body, kind, name, new.partition(".")[2])
        self.settled = False

    @rule(data=st.data())
    def null_something(self, data: st.DataObject) -> None:
        """A field that nobody wants any more, at the root or below."""
        item = self.inventory[data.draw(st.sampled_from(sorted(self.inventory)))]
        needed = {"type", "url", "match", "values", *COUPLED, *required_in(item)}
        roots = sorted(key for key in item.body if key not in needed)
        if not roots:
            return
        root = data.draw(st.sampled_from(roots))
        inner = item.body[root]
        if isinstance(inner, dict) and inner and data.draw(st.booleans()):
            item.body[root] = {**inner, data.draw(st.sampled_from(sorted(inner))): None}
        else:
            item.body[root] = None
        self.settled = False

    @rule(data=st.data())
    def declare_less(self, data: st.DataObject) -> None:
        """A field that is no longer ours."""
        item = self.inventory[data.draw(st.sampled_from(sorted(self.inventory)))]
        roots = sorted(set(item.body) - {"type", "url", "match", "values", *required_in(item)})
        if roots:
            item.body.pop(data.draw(st.sampled_from(roots)))
            self.settled = False

    @rule(data=st.data())
    def merge_policies(self, data: st.DataObject) -> None:
        """Some policies of a template, and only these, with `!merge`."""
        templates = [address for address in self.inventory if address.startswith("networktemplate.")]
        if templates:
            body = data.draw(bodies("networktemplate", only=["acl_policies"]))
            item = self.inventory[data.draw(st.sampled_from(sorted(templates)))]
            item.body["acl_policies"] = YamlList(body.get("acl_policies", []), merge=True)
            self.settled = False

    @rule(data=st.data())
    def raw_field(self, data: st.DataObject) -> None:
        """A field that the models don't know."""
        item = self.inventory[data.draw(st.sampled_from(sorted(self.inventory)))]
        item.body["x_unknown"] = data.draw(
            st.recursive(
                st.one_of(st.text("ab0", max_size=3), st.integers(2, 5)),
                lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text("ab", min_size=1), inner)),
                max_leaves=5,
            )
        )
        self.settled = False

    @rule(data=st.data())
    def edit_by_hand(self, data: st.DataObject) -> None:
        """Somebody changes roots of a live object in the portal."""
        live = self._live()
        path = data.draw(st.sampled_from(sorted(live)))
        kind = kind_at(path)
        body = data.draw(bodies(kind, size=3, without=(*OUT.get(kind, ()), "name", "ssid", "type")))
        body = {key: value for key, value in body.items() if key not in {"name", "ssid"}}
        self.cloud.call("PUT", path, body)
        self.settled = False

    @precondition(lambda self: not self.settled)
    @rule()
    def apply(self) -> None:
        """Applies, and holds the promises."""
        before = self._live()
        planned = self.cloud.plan(*self._resources(), options=Options(threads=2))
        if any(item.rule == "incomplete-object" for item in planned.diagnostics):
            return  # by what was edited by hand, a declared field needs another one
        assert [item.detail for item in planned.diagnostics] == []
        start = len(self.cloud.emulator.calls.log)
        outcomes = self.cloud.carry_out(planned, Options(threads=2))
        done = {Status.APPLIED, Status.UNCHANGED}
        bad = [item for item in outcomes if item.status not in done or item.verified is False]
        assert [(item.address.text, item.detail) for item in bad] == []
        self._only_changed_roots_were_sent(planned, list(self.cloud.emulator.calls.log)[start:])
        after = self._live()
        written = {self._path(planned, change): change for change in planned.changes if change.live}
        for path, body in before.items():
            change = written.get(path)
            declared = {} if change is None or change.declared is None else change.declared.body
            found = lost(body, after[path], declared, kinds()[kind_at(path)])
            assert found == [], (path, found)
        self.settled = True

    @invariant()
    def the_plan_after_an_apply_is_empty(self) -> None:
        """The definition of done."""
        if self.settled:
            second = self.cloud.plan(*self._resources())
            assert [(change.address.text, field.path) for change in second.changes for field in change.fields] == []
            assert second.changes == ()

    def _only_changed_roots_were_sent(self, planned: Any, calls: Any) -> None:
        puts = [call for call in calls if call.method == "PUT"]
        roots = {
            self._path(planned, change): {*change.replaces, *change.clears} for change in planned.changes if change.live
        }
        for call in puts:
            path = call.path.removeprefix("/api/v1/")
            if path in roots:
                kind = kinds()[kind_at(path)]
                api = {reference.api.partition(".")[0]: reference.root for reference in kind.references}
                sent = {key.removeprefix("-") for key in call.body}
                assert {api.get(key, key) for key in sent} <= roots[path], (path, sent, roots[path])

    def _path(self, planned: Any, change: Any) -> str:
        parent = change.address.parent
        endpoint = kinds()[change.kind].endpoint(parent.kind if parent else None)
        assert endpoint is not None
        parent_id = planned.ids.get(parent.text, "") if parent else ""
        return str(endpoint.item.format(org_id=ORG, parent_id=parent_id, id=change.live.id))

    def _resources(self) -> list[Resource]:
        return [item.resource() for item in self.inventory.values()]

    def _site(self, name: str) -> str:
        return f"site.{name}"

    def _names(self, kind: str) -> list[str]:
        return sorted(address.partition(".")[2] for address in self.inventory if address.startswith(f"{kind}."))

    def _references(self, data: st.DataObject) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for field, kind in REFERENCES.items():
            names = self._names(kind)
            if field == "sitegroups":
                found[field] = data.draw(st.lists(st.sampled_from(names), unique=True)) if names else []
            else:
                found[field] = data.draw(st.sampled_from([..., None, *names]))
        return found

    def _body(self, data: st.DataObject, kind: str) -> dict[str, Any]:
        body = data.draw(bodies(kind, size=4, without=OUT.get(kind, ())))
        body.pop(kinds()[kind].key, None)
        return {**body, **REQUIRED.get(kind, {})}

    def _live(self) -> dict[str, Any]:
        """Every object of the kinds concerned by its path, without what the cloud makes."""
        found: dict[str, Any] = {}
        for collection in [*COLLECTIONS.values(), "wlans"]:
            for item in self.cloud.call("GET", f"orgs/{ORG}/{collection}"):
                path = f"sites/{item['id']}" if collection == "sites" else f"orgs/{ORG}/{collection}/{item['id']}"
                found[path] = item
        for site in [path for path in found if path.startswith("sites/")]:
            found[f"{site}/setting"] = self.cloud.call("GET", f"{site}/setting")
            for collection in ("wlans", "wxtags"):
                for item in self.cloud.call("GET", f"{site}/{collection}"):
                    found[f"{site}/{collection}/{item['id']}"] = item
        return copy.deepcopy(found)


def kind_at(path: str) -> str:
    """The kind of the object at a path."""
    parts = path.split("/")
    if parts[-1] == "setting":
        return "setting"
    by_collection = {collection: kind for kind, collection in COLLECTIONS.items()} | {"wlans": "wlan"}
    return "site" if len(parts) == 2 else by_collection[parts[-2]]


def replace_name(value: Any, kind: str, old: str, new: str) -> None:
    """Those that name a renamed object follow."""
    if not isinstance(value, dict):
        return
    for key, item in value.items():
        if REFERENCES.get(key) == kind:
            value[key] = (
                [new if name == old else name for name in item]
                if isinstance(item, list)
                else (new if item == old else item)
            )
        else:
            replace_name(item, kind, old, new)


def empty(value: Any) -> bool:
    """Nothing, in any of the cloud's ways to say it."""
    return value in (None, "", [], {})


def same(before: Any, after: Any, shape: Shape) -> bool:
    """Whether an undeclared value is as before: sets in any order; what the cloud added to an object is no loss."""
    if empty(before):
        return True
    if isinstance(before, dict):
        return isinstance(after, dict) and all(
            same(item, after.get(key), shape.below(key)) for key, item in before.items()
        )
    if isinstance(before, list) and isinstance(after, list):
        if shape.list_as is ListAs.SET or shape.unordered:
            return sorted(map(repr, before)) == sorted(map(repr, after))
        pairs = zip(before, after, strict=False)
        return len(before) == len(after) and all(same(one, other, shape.below(0)) for one, other in pairs)
    return bool(before == after or str(before) == str(after))


def lost(before: Any, after: Any, declared: Any, kind: Any) -> list[str]:
    """Undeclared leaves of an object (the API's form) that are not as before."""
    moved = {reference.root: reference.api.partition(".")[0] for reference in kind.references}
    named = {
        moved.get(key, key): (moved.get(key) == key or key not in moved, in_api_keys(value) if key in moved else value)
        for key, value in declared.items()
    }
    found: list[str] = []
    for key, value in before.items():
        if key in VOLATILE or key.endswith("_url") or (kind.name == "wlan" and key in COUPLED):
            continue
        shape = kind.shape.below(key)
        if key not in named:
            found += [] if same(value, after.get(key), shape) else [key]
        elif named[key][0]:
            found += _lost(value, after.get(key), named[key][1], shape, key)
    return found


def in_api_keys(value: Any) -> Any:
    """`applies` and `exceptions` with the API's names of their lists."""
    if not isinstance(value, dict):
        return value
    return {{"sites": "site_ids", "sitegroups": "sitegroup_ids"}.get(key, key): item for key, item in value.items()}


def _lost(before: Any, after: Any, declared: Any, shape: Shape, path: str) -> list[str]:
    if not isinstance(before, dict) or not isinstance(declared, dict):
        if getattr(declared, "merge", False) and isinstance(before, list):
            names = {item["name"] for item in declared}
            kept = [item for item in before if item.get("name") not in names]
            now = [item for item in after or [] if item.get("name") not in names]
            return [] if same(kept, now, shape) else [path]
        return []
    found: list[str] = []
    for key, value in before.items():
        inner = after.get(key) if isinstance(after, dict) else None
        if key in declared:
            found += _lost(value, inner, declared[key], shape.below(key), f"{path}.{key}")
        elif not same(value, inner, shape.below(key)):
            found.append(f"{path}.{key}")
    return found


Run = Callable[[type[RuleBasedStateMachine]], None]

"""`git revert` reverts: small random histories in real git, and what the revert of a commit plans, does and leaves."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from reconciler.model.change import Plan
from reconciler.model.options import Options
from reconciler.pipeline.offline import load_inventory
from reconciler.pipeline.online import make_plan
from reconciler.sources.directory import DirectoryTree
from reconciler.sources.git import GitTree
from tests.world import ORG, World, world

PROJECT = """\
version: 1
manage: {site: {prune: true}, wlan: {prune: true}, sitegroup: {prune: true}, networktemplate: {prune: true}}
limits: {deletes: {absolute: 50}}
"""
QUIET = {"server_defaults": "none"}
PRUNING = Options(threads=1, prune=True, ack_deletes=None)
POLICY = {"name": "hand", "src_tags": ["x"], "actions": [{"dst_tag": "any", "action": "deny"}]}

State = dict[str, dict[str, Any]]
"""Files by name; in each, objects by name, with their fields."""
START: State = {
    "sites": {
        "A": {"country_code": "FR", "timezone": "Europe/Paris", "address": "1 rue"},
        "B": {"country_code": "FR", "timezone": "Europe/Paris", "address": "2 rue"},
    },
    "net": {"campus": {"networks": {"one": {"vlan_id": 1}}}},
}
OPEN = {"type": "open"}
LAB = {"ssid": "Lab", "auth": OPEN}
IOT = {"mode": "access", "port_network": "one"}
VARS = {"vars": {"v": "2", "w": "3"}}
STEPS: Mapping[str, tuple[str, str, str, list[Any]]] = {
    "leaf": ("sites", "A", "notes", ["one", "two", None]),
    "nested": ("sites", "A", "latlng", [{"lat": 1.5, "lng": 2.5}, None]),
    "var": ("sites", "A", "setting", [{"vars": {"v": "1"}}, VARS, {"rogue": {"enabled": True}}, None]),
    "wlan": ("sites", "B", "wlans", [[LAB], [{**LAB, "vlan_id": 7}], None]),
    "usage": ("net", "campus", "port_usages", [{"iot": IOT}, {"iot": IOT, "ap": {"mode": "trunk"}}, None]),
    "servers": ("net", "campus", "dns_servers", [["10.0.0.1"], ["10.0.0.1", "10.0.0.2"], None]),
}
"""What a step sets: in which file and object, which field, and to which values."""


def git(directory: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.net", "-c", "init.defaultBranch=main"]
    return subprocess.run(["git", "-C", str(directory), *identity, *words], check=False, capture_output=True)


def write(directory: Path, state: State) -> None:
    for path in directory.glob("*.yaml"):
        path.unlink()
    (directory / "reconciler.yaml").write_text(PROJECT)
    for name, objects in state.items():
        plural = "networktemplates" if "campus" in objects else "sites"
        listed = [
            {"name": key, **{k: v for k, v in fields.items() if v is not None}} for key, fields in objects.items()
        ]
        if listed:
            (directory / f"{name}.yaml").write_text(json.dumps({plural: listed}, indent=1) + "\n")


class History:
    """A repository with an inventory, and the organisation that it is applied to."""

    def __init__(self, directory: Path, cloud: World) -> None:
        self.directory = directory
        self.cloud = cloud
        git(directory, "init")

    def commit(self, message: str) -> None:
        git(self.directory, "add", "-A")
        assert git(self.directory, "commit", "--allow-empty", "-m", message).returncode == 0

    def plan(self, base: str | None) -> Plan:
        inventory = load_inventory(DirectoryTree(self.directory), environ={})
        assert not [item for item in inventory.diagnostics if item.severity == "error"], inventory.diagnostics
        before = load_inventory(GitTree(self.directory, base), environ={}) if base else None
        return make_plan(inventory, self.cloud.client, org_id=ORG, options=PRUNING, bases=(before,) if before else ())

    def apply(self, base: str | None) -> Plan:
        plan = self.plan(base)
        assert not plan.refusals, plan.refusals
        outcomes = self.cloud.carry_out(plan, PRUNING)
        assert {str(item.status) for item in outcomes} <= {"applied"}, outcomes
        assert all(item.verified for item in outcomes), outcomes
        return plan

    def live(self) -> dict[str, Any]:
        """Every leaf of the organisation that a person could have set, without ids."""
        sites = self.cloud.call("GET", f"orgs/{ORG}/sites")
        found = {
            "templates": self.cloud.call("GET", f"orgs/{ORG}/networktemplates"),
            "sites": sites,
            **{f"{one['name']} setting": self.cloud.call("GET", f"sites/{one['id']}/setting") for one in sites},
            **{f"{one['name']} wlans": self.cloud.call("GET", f"sites/{one['id']}/wlans") for one in sites},
        }
        return {key: bare(value) for key, value in found.items()}


def bare(value: Any) -> Any:
    if isinstance(value, list):
        return sorted((bare(item) for item in value), key=str)
    if not isinstance(value, dict):
        return value
    made = {"id", "org_id", "site_id", "created_time", "modified_time"}
    kept = {key: bare(item) for key, item in value.items() if key not in made}
    return {key: item for key, item in sorted(kept.items()) if item not in ({}, [], None, "")}


@contextmanager
def history() -> Iterator[History]:
    directory = Path(tempfile.mkdtemp())
    try:
        yield History(directory, world(QUIET))
    finally:
        shutil.rmtree(directory)


OPERATIONS = st.one_of(
    *(st.tuples(st.just(name), st.integers(0, len(step[3]) - 1)) for name, step in STEPS.items()),
    st.tuples(st.sampled_from(["rename", "move", "add", "remove"]), st.integers(0, 1)),
)


def operate(state: State, name: str, number: int) -> State:
    new = deepcopy(state)
    sites = next(objects for objects in new.values() if "B" in objects or "B2" in objects)
    if name in STEPS:
        file, key, field, values = STEPS[name]
        objects = (
            new["net"] if file == "net" else next(item for item in new.values() if key in item or f"{key}2" in item)
        )
        objects[key if key in objects else f"{key}2"][field] = values[number]
    elif name == "rename" and "B" in sites:
        sites["B2"] = {**sites.pop("B"), "aliases": ["B"]}
    elif name == "move" and len(sites) > 1 and "B" in sites:
        new["more"] = {"B": sites.pop("B")}
    elif name == "add":
        new["extra"] = {f"C{number}": {"country_code": "DE", "timezone": "Europe/Berlin", "address": "3 Weg"}}
    elif name == "remove":
        new.pop("extra", None)
    return new


@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(steps=st.lists(OPERATIONS, min_size=2, max_size=3), chosen=st.integers(0, 3))
def test_the_revert_of_any_commit_plans_the_inverse_applies_and_plans_empty(
    steps: list[tuple[str, int]], chosen: int
) -> None:
    with history() as past:
        state = START
        write(past.directory, state)
        past.commit("start")
        past.apply(None)
        states = [past.live()]
        for name, number in steps:
            state = operate(state, name, number)
            write(past.directory, state)
            past.commit(f"{name} {number}")
            past.apply("HEAD~1")
            assert past.plan("HEAD~1").changes == ()
            states.append(past.live())
        back = chosen % len(steps)
        if git(past.directory, "revert", "--no-edit", f"HEAD~{back}").returncode:
            git(past.directory, "revert", "--abort")
            back = 0
            git(past.directory, "revert", "--no-edit", "HEAD")
        past.apply("HEAD~1")
        assert past.plan("HEAD~1").changes == ()
        assert past.plan(None).changes == ()
        if back == 0:
            assert past.live() == states[-2]


def test_without_a_base_nothing_is_released() -> None:
    with history() as past:
        write(past.directory, operate(START, "leaf", 0))
        past.commit("start")
        past.apply(None)
        write(past.directory, START)
        assert past.plan(None).changes == ()
        assert [str(item.fields[0].cause) for item in past.plan("HEAD").changes] == ["released"]


MERGED = """\
networktemplates:
  - name: campus
    acl_policies: !merge
      - {name: one, src_tags: [t], actions: [{dst_tag: any, action: deny}]}
"""
TAG = "acl_tags:\n  - {name: t, type: network, network: iot}\n"


def test_an_element_of_a_merge_list_goes_alone_and_those_made_by_hand_stay() -> None:
    with history() as past:
        past.cloud.call("POST", f"orgs/{ORG}/networktemplates", {"name": "campus", "acl_policies": [POLICY]})
        (past.directory / "reconciler.yaml").write_text(PROJECT)
        (past.directory / "tags.yaml").write_text(TAG)
        (past.directory / "net.yaml").write_text("networktemplates:\n  - name: campus\n")
        past.commit("start")
        before = past.live()
        (past.directory / "net.yaml").write_text(MERGED)
        past.commit("one")
        past.apply("HEAD~1")
        git(past.directory, "revert", "--no-edit", "HEAD")
        plan = past.apply("HEAD~1")
        assert [(item.path, str(item.cause)) for item in plan.changes[0].fields if "one" in item.path] == [
            ("acl_policies[one]", "released")
        ]
        assert past.plan("HEAD~1").changes == ()
        assert past.live() == before


@pytest.mark.parametrize(
    ("project", "text"),
    [
        ("release: keep\n", "  - {name: A, country_code: FR, timezone: Europe/Paris, address: 1 rue}\n"),
        ("", "  - {name: A, country_code: FR, timezone: Europe/Paris, address: 1 rue, notes: !keep }\n"),
    ],
)
def test_what_is_kept_is_handed_over_and_told(project: str, text: str) -> None:
    with history() as past:
        write(past.directory, {"sites": {"A": {**START["sites"]["A"], "notes": "mine"}}})
        past.commit("start")
        past.apply(None)
        (past.directory / "reconciler.yaml").write_text(PROJECT + project)
        (past.directory / "sites.yaml").write_text("sites:\n" + text)
        plan = past.plan("HEAD")
        assert plan.changes == ()
        assert "`notes` is no longer declared, and kept as live" in plan.diagnostics[0].detail


def test_a_leaf_that_somebody_changed_is_left_and_named() -> None:
    with history() as past:
        write(past.directory, operate(START, "leaf", 0))
        past.commit("start")
        past.apply(None)
        site = past.cloud.only(f"orgs/{ORG}/sites", name="A")
        past.cloud.call("PUT", f"sites/{site['id']}", {"notes": "by hand"})
        write(past.directory, START)
        plan = past.plan("HEAD")
        assert plan.changes == ()
        assert [(item.rule, "`notes`" in item.detail) for item in plan.diagnostics] == [("released-but-changed", True)]

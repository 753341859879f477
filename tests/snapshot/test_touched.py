"""Which lists the audit log names, of every kind that lies in a site."""

import pytest

from reconciler.drift.looked import ALL
from reconciler.emulator.audit import id_key, label
from reconciler.kinds import kinds
from reconciler.kinds.lists import with_unmodelled
from reconciler.model.memory import Memory
from reconciler.model.resource import Claimed
from reconciler.snapshot.touched import touched
from reconciler.stages.read.claimed import moved

KNOWN = with_unmodelled(kinds())
IN_SITES = [kind for kind in kinds() if kind.endpoint("site")]


@pytest.mark.parametrize("kind", IN_SITES, ids=lambda kind: kind.name)
@pytest.mark.parametrize("verb", ["Add", "Update", "Delete"])
def test_an_entry_about_any_kind_of_a_site_names_its_list(kind: object, verb: str) -> None:
    end = kind.endpoint("site")  # type: ignore[attr-defined]
    name = kind.name  # type: ignore[attr-defined]
    event = {"id": "1", "timestamp": 5.0, "site_id": "s1", "message": f'{verb} Site Settings "HQ"'}
    if end.collection:
        word = end.collection.rpartition("/")[2]
        event |= {"message": f'{verb} {label(word)} "x"', id_key(word): "None" if verb == "Delete" else "x1"}
    found = touched([event], KNOWN)
    assert found is not None
    assert found & {(name, "s1"), (ALL, "s1")}
    assert not found & {(name, "s2"), (ALL, "s2")}


def test_what_names_nothing_and_what_may_be_anything() -> None:
    assert touched([{"message": "Login with Role Admin"}], KNOWN) == frozenset()
    assert touched([{"message": "Something", "before": {"a": 1}, "after": {"a": 2}}], KNOWN) is None


def device(mac: str, site: str | None) -> Claimed:
    return Claimed(mac=mac, id=mac, type="ap", site_id=site)


@pytest.mark.parametrize(
    ("sites", "again"),
    [
        ({"aa": "s1", "bb": "s2"}, []),
        ({"aa": "s2", "bb": "s2"}, ["s1", "s2"]),
        ({"aa": "s1", "bb": None}, ["s2"]),
        ({"aa": "s1"}, ["s2"]),
        (None, ["s1", "s2"]),
    ],
)
def test_a_device_that_moved_makes_both_lists_be_read_again(
    sites: dict[str, str | None] | None, again: list[str]
) -> None:
    held = {"s1": "aa", "s2": "bb"}
    lists = {(f"sites/{site}/devices", (("type", "all"),)): ({"mac": mac},) for site, mac in held.items()}
    memory = Memory(answers=dict(lists), recalled={*lists, ("sites/s1/wlans", ())})
    claimed = None if sites is None else {mac: device(mac, site) for mac, site in sites.items()}
    assert [asked[0].split("/")[1] for asked in moved(memory, claimed)] == again


def test_a_setting_without_a_name_is_that_of_its_site_and_nothing_else_there() -> None:
    event = {"id": "1", "timestamp": 5.0, "site_id": "s1", "message": "Update Site Settings", "before": {"a": 1}}
    assert touched([event], KNOWN) == {("setting", "s1"), ("setting", None), ("site", None)}
    assert touched([{**event, "message": "Update Something of the Settings"}], KNOWN) == {("*", "s1"), ("site", None)}

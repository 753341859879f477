"""Addresses in rules: one matcher for all of them, which takes a name for itself whatever signs are in it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.matching import is_meant, is_pattern, literal, nearest, reaches_into
from reconciler.model.options import Options
from tests.world import ORG, declare, world

HOSTILE = "HQ [old] *?"


@pytest.mark.parametrize(
    ("rule", "text", "meant"),
    [
        ("site.HQ [old]", "site.HQ [old]", True),
        ("site.HQ [old]", "site.HQ o", False),
        ("site.HQ [old]/*", "site.HQ o/wlan.A", False),
        ("site.HQ [[]old]", "site.HQ [old]", False),
        (r"site.\* Mall", "site.* Mall", True),
        (r"site.\* Mall", "site.North Mall", False),
        ("site.* Mall", "site.* Mall", True),
        ("site.* Mall", "site.North Mall", True),
        (r"site.wh\?", "site.wh?", True),
        (r"site.wh\?", "site.why", False),
        ("site.a[*]b", "site.a[1]b", True),
        (r"site.a\b", r"site.a\b", True),
        ("site.HQ [old]/*", "site.HQ [old]/wlan.A", True),
        ("site.HQ [*", "site.HQ [old]", True),
        ("site.HQ [old]", "site.HQ [new]", False),
        ("site.HQ", "site.HQ [old]", False),
        ("site.[AB]", "site.A", False),
        ("site.Caf\u00e9", "site.Cafe\u0301", True),
        ("site.Cafe\u0301*", "site.Caf\u00e9-2", True),
        ("site.a*", "site.A", False),
    ],
)
def test_a_rule_is_an_address_or_a_glob(rule: str, text: str, meant: bool) -> None:
    assert is_meant(text, rule) is meant


def test_a_rule_reaches_into_a_site_whose_name_has_brackets() -> None:
    assert reaches_into("site.HQ [old]/wlan.Guest", "site.HQ [old]/")
    assert reaches_into(r"site.\* Mall/*", "site.* Mall/")
    assert not reaches_into("site.HQ/wlan.Guest", "site.HQ [old]/")
    assert not reaches_into("site.HQ [old]/wlan.Guest", "site.HQ o/")
    assert not reaches_into(r"site.\* Mall/*", "site.North Mall/")


@given(name=st.text("[]*?\\ab", max_size=8), other=st.text("[]*?\\ab", max_size=8))
def test_every_name_has_a_rule_that_means_it_alone(name: str, other: str) -> None:
    rule = literal(name)
    assert is_meant(name, rule)
    assert is_meant(other, rule) == (other in (name, rule))
    assert not is_pattern(rule)


def test_an_address_that_means_others_too_is_told_with_the_rule_that_does_not() -> None:
    cloud = world(sitegroups=[{"name": "* Mall"}, {"name": "North Mall"}, {"name": "HQ [old]"}, {"name": "HQ o"}])
    options = Options(threads=1, targets=("sitegroup.* Mall", "sitegroup.HQ [old]"))
    plan = cloud.plan(declare("sitegroup.* Mall"), options=options, protect=["sitegroup.* Mall", "sitegroup.*"])
    told = [item.detail for item in plan.diagnostics if item.rule == "wide-rule"]
    assert [text.partition(" is the")[0] for text in told] == [
        "`--target sitegroup.* Mall`",
        "`protect: sitegroup.* Mall`",
    ]
    assert all(text.endswith("means 1 more: `sitegroup.\\* Mall` means that one alone") for text in told)


PRUNE = Options(prune=True, threads=1)


def addresses(project: dict[str, Any], options: Options = PRUNE) -> list[str]:
    cloud = world(sitegroups=[{"name": HOSTILE}, {"name": "kept"}])
    plan = cloud.plan(declare("sitegroup.kept"), options=options, limits={"deletes": {"absolute": 9}}, **project)
    return [str(change.address) for change in plan.changes]


def test_every_rule_takes_a_hostile_name_for_itself() -> None:
    address = f"sitegroup.{HOSTILE}"
    prune = {"manage": {"sitegroup": {"prune": True}}}
    assert addresses(prune) == [address]
    assert addresses({**prune, "protect": [address]}) == []
    assert addresses({**prune, "ignore": [{"address": address}]}) == []
    assert addresses({"manage": {"sitegroup": {"prune": True, "scope": [address]}}}) == [address]
    assert addresses(prune, Options(prune=True, threads=1, targets=(address,))) == [address]
    assert addresses(prune, Options(prune=True, threads=1, excludes=(address,))) == []


def test_a_rule_that_means_nothing_is_a_warning_and_one_that_may_mean_something_unread_is_none() -> None:
    cloud = world(sitegroups=[{"name": "a"}], sites=[{"name": "HQ"}])
    plan = cloud.plan(
        declare("sitegroup.a"),
        protect=["sitegroup.b*", "sitegroup.a", "site.Gone/wlan.X", "webhook.siem"],
        ignore=[{"address": "sitegroup.c"}],
        manage={"sitegroup": {"scope": ["*", "sitegroup.d"]}},
    )
    told = [item.detail.partition("` in")[0] for item in plan.diagnostics if item.rule == "idle-rule"]
    assert told == ["`ignore: sitegroup.c", "`manage: sitegroup.d", "`protect: sitegroup.b*"]
    assert cloud.only(f"orgs/{ORG}/sitegroups", name="a")


def test_an_address_with_another_number_is_another_object_and_no_misspelling() -> None:
    known = ["site.DE-0101", "site.DE-0001", "site.Paris-HQ"]
    assert nearest("site.DE-001", known) == ["site.DE-0001"]
    assert nearest("site.DE-01", ["site.DE-0101"]) == []
    assert nearest("site.Pariss-HQ", known) == ["site.Paris-HQ"]

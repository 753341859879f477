"""Exceptions with a date: what each hides, and what is told when its date has passed."""

from datetime import date
from typing import Any

import pytest

from reconciler.drift.exceptions import exceptions_of, expired_diagnostics
from reconciler.drift.ignoring import with_exception
from reconciler.model.address import Address
from reconciler.model.change import Action, Change, Differences, FieldChange
from reconciler.model.drift import DriftException, Hidden
from reconciler.model.project import Ignore
from reconciler.report.exceptions import exception_lines, exception_rows, sentence
from reconciler.report.lines import as_text
from tests.world import ORG, declare, world

TODAY = date(2026, 11, 21)


def change(address: str, *paths: str, action: Action = Action.UPDATE) -> Change:
    fields = tuple(FieldChange(path=path, before=1, after=2) for path in paths)
    return Change(address=Address(address), kind=Address(address).kind, action=action, fields=fields)


def hides(rules: list[Ignore], everything: list[Change], found: list[Change]) -> list[list[str]]:
    result = exceptions_of(
        rules, Differences(changes=tuple(everything)), Differences(changes=tuple(found)), today=TODAY
    )
    return [[f"{item.address} {item.path}".strip() for item in rule.hides] for rule in result]


def test_a_difference_is_hidden_by_the_first_rule_in_force_that_names_it() -> None:
    rules = [
        Ignore(address="site.A", field="notes", until="2026-11-20"),
        Ignore(address="site.A", field="vars*"),
        Ignore(address="site.*"),
        Ignore(address="webhook.w"),
    ]
    everything = [
        change("site.A", "notes", "vars.x", "acl[p].action", "left"),
        change("site.B", "a"),
        change("webhook.w", action=Action.DELETE),
        change("rftemplate.r", "z"),
    ]
    found = [change("site.A", "left"), change("rftemplate.r", "z")]
    assert hides(rules, everything, found) == [
        [],
        ["site.A vars.x"],
        ["site.A notes", "site.A acl[p].action", "site.B a"],
        ["webhook.w"],
    ]


def test_a_rule_for_a_field_covers_what_lies_below_it() -> None:
    rules = [Ignore(address="s.A", field="acl_policies")]
    assert hides(rules, [change("s.A", "acl_policies[p].actions[any]")], []) == [["s.A acl_policies[p].actions[any]"]]


def test_the_last_day_still_counts_and_the_next_one_does_not() -> None:
    rules = [Ignore(address="site.A", until=text) for text in ("2026-11-20", "2026-11-21", "2026-11-22")]
    found = exceptions_of(rules, Differences(), Differences(), today=TODAY)
    assert [item.expired for item in found] == [True, False, False]
    (told,) = expired_diagnostics(found)
    assert (told.rule, "2026-11-20" in told.detail) == ("expired-exception", True)


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (
            DriftException(
                address="site.A",
                field="x",
                reason="why.",
                until="2026-12-01",
                hides=(Hidden(address=Address("site.A"), path="x"),),
            ),
            "site.A x, until 2026-12-01: why (hides x)",
        ),
        (
            DriftException(address="site.A", until="2026-01-01", expired=True),
            "site.A, expired on 2026-01-01 (hides nothing)",
        ),
        (
            DriftException(
                address="site.*", hides=(Hidden(address=Address("site.A")), Hidden(address=Address("site.B"), path="y"))
            ),
            "site.* (hides site.A, site.B y)",
        ),
        (
            DriftException(
                address="site.A [o]", hides=(Hidden(address=Address("site.A [o]")), Hidden(address=Address("site.A o")))
            ),
            "site.A [o] (hides site.A [o], site.A o)",
        ),
        (
            DriftException(address="site.A", hides=(Hidden(address=Address("site.A")),)),
            "site.A (hides the whole object)",
        ),
    ],
)
def test_an_exception_reads_as_one_sentence(item: DriftException, text: str) -> None:
    assert sentence(item) == text
    assert (text in as_text(exception_lines([item]))) is bool(item.hides)
    assert text in as_text(exception_lines([item], verbose=True))
    assert exception_rows([item]) == ([text] if item.hides else [])


NEW: dict[str, Any] = {"address": "site.A", "field": "notes", "reason": "r", "until": "2026-12-31"}


ENTRY = '  - address: site.A\n    field: notes\n    reason: r\n    until: "2026-12-31"\n'
OLD = "ignore:\n  - address: x  # one\n    reason: y\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("version: 1  # first\n", f"version: 1  # first\nignore:\n{ENTRY}"),
        (f"{OLD}# end\n", f"{OLD}{ENTRY}# end\n"),
        (
            "ignore:\n  - address: site.A  # one\n    field: notes\n    until: '2026-01-01'\n    reason: old\n",
            "ignore:\n  - address: site.A  # one\n    field: notes\n    until: '2026-12-31'\n    reason: r\n",
        ),
        ("ignore: []\n", f"ignore:\n{ENTRY}"),
        ("ignore:\n", f"ignore:\n{ENTRY}"),
    ],
)
def test_an_exception_is_recorded_in_the_project_file(text: str, expected: str) -> None:
    assert with_exception(text, Ignore(**NEW)) == expected
    assert with_exception(expected, Ignore(**NEW)) == expected


def test_what_is_ignored_in_an_element_is_neither_a_difference_nor_written() -> None:
    def template(source: str) -> Any:
        policy = {"name": "x", "src_tags": [source], "actions": [{"dst_tag": "any", "action": "allow"}]}
        return declare("networktemplate.N", {"acl_tags": {"t": {"type": "any"}}, "acl_policies": [policy]})

    cloud = world(None)
    cloud.apply(template("any"))
    made = cloud.only(f"orgs/{ORG}/networktemplates", name="N")
    by_hand = [{"name": "x", "src_tags": ["any"], "actions": [{"dst_tag": "any", "action": "deny"}]}]
    cloud.call("PUT", f"orgs/{ORG}/networktemplates/{made['id']}", {"acl_policies": by_hand})
    for field in ("acl_policies[x].actions", "acl_policies[*].actions[any].action"):
        rules = [{"address": "networktemplate.N", "field": field}]
        assert cloud.plan(template("any"), ignore=rules).changes == ()
        assert len(cloud.plan(template("any")).changes) == 1
    (outcome,) = cloud.apply(template("t"), ignore=rules)
    assert outcome.verified
    (policy,) = cloud.only(f"orgs/{ORG}/networktemplates", name="N")["acl_policies"]
    assert (policy["src_tags"], policy["actions"][0]["action"]) == (["t"], "deny")

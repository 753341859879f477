"""Creates of one template line are one create and a table; what is written by hand is always shown."""

import pytest
from msgspec.structs import replace

from reconciler.diagnostics import SourceRange
from reconciler.model.address import Address
from reconciler.model.change import Action, Change, FieldChange, Plan
from reconciler.model.resource import Resource
from reconciler.model.values import Secret, YamlMap
from reconciler.report.lines import as_text
from reconciler.report.markdown import plan_markdown
from reconciler.report.text import plan_text

TEMPLATE = SourceRange("sites/shops.yaml.j2", 4, 5)


def create(name: str, line: int = 0) -> Change:
    fields = (
        FieldChange(path="name", after=name),
        FieldChange(path="timezone", after="Europe/Paris"),
        FieldChange(path="latlng", after={"lat": len(name), "lng": 2}),
        FieldChange(path="address", after=f"1 rue de {name} [a|b] `c`"),
        FieldChange(path="vars", after={"key": Secret(f"canary-{name}", origin="plain"), "store": name[-3:]}),
    )
    source = SourceRange("sites/hand.yaml", line, 5) if line else TEMPLATE
    address = Address.of("site", name)
    declared = Resource(address=address, kind="site", body=YamlMap(), key=name, source=source)
    return Change(address=address, kind="site", action=Action.CREATE, fields=fields, declared=declared)


def plan(*changes: Change) -> Plan:
    return Plan(org_id="o", org_name="Acme", changes=changes)


def text(found: Plan, *, verbose: bool = False) -> str:
    return as_text(plan_text(found, verbose=verbose))


SHOPS = tuple(create(f"Shop {at:03}/x") for at in range(200))
NOWHERE = tuple(replace(item, declared=None) for item in SHOPS[:9])
BY_HAND = (create("Headquarters", 3), create("Depot", 9))


def test_two_hundred_sites_of_one_template_are_one_and_a_table() -> None:
    shown = text(plan(*SHOPS, *BY_HAND))
    lines = shown.splitlines()
    assert len(lines) < 260
    assert "and 199 more from the same line of the template, which differ in this" in shown
    assert [sum(str(item.address) in line for line in lines) for item in SHOPS] == [1] * 200
    table = lines[next(at for at, line in enumerate(lines) if "199 more" in line) + 1 :]
    assert table[0].split() == ["address", "vars.store"]
    assert "Europe/Paris" not in "\n".join(table[1:200])
    assert "canary" not in shown
    assert "Reaches 202 sites. Plan: 202 to create" in shown
    assert shown.count("\n      + timezone") == 3


def test_verbose_shows_each_whole() -> None:
    assert text(plan(*SHOPS, *BY_HAND), verbose=True).count("+ timezone") == 202


@pytest.mark.parametrize(
    "changes",
    [SHOPS[:3], tuple(create(f"Site {at}", at + 1) for at in range(9)), NOWHERE],
    ids=["few", "by hand", "no source"],
)
def test_few_ones_and_those_written_by_hand_are_shown_whole(changes: tuple[Change, ...]) -> None:
    assert text(plan(*changes)).count("+ timezone") == len(changes)


def test_one_with_a_consequence_of_its_own_stands_alone() -> None:
    other = replace(SHOPS[7], reaches=("Paris",))
    assert text(plan(*SHOPS[:7], other)).count("+ timezone") == 2


def test_a_comment_of_limited_size_holds_what_is_written_by_hand() -> None:
    found = plan_markdown(plan(*SHOPS, *BY_HAND), limit=8_000)
    assert len(found) <= 8_000
    for item in (SHOPS[0], *BY_HAND):
        assert str(item.address) in found.replace("&#45;", "-")
    assert "199 more of the same template" in found
    assert "canary" not in found

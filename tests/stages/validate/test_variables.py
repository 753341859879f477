"""Values of site variables where they are used: each site's, once, and in time that grows with their number only."""

from collections.abc import Callable

import pytest

from reconciler.kinds import kinds
from reconciler.stages.validate import validate
from tests.stages.validate.support import composed, found
from tests.steps import grows


def test_one_wrong_value_is_one_finding_however_often_it_is_used() -> None:
    networks = ", ".join(f"n{at}: {{vlan_id: '{{{{corp}}}}'}}" for at in range(3))
    text = f"networktemplates: [{{name: c, networks: {{{networks}}}}}]\n"
    text += "sites: [{name: A, networktemplate: c, setting: {vars: {corp: '5000'}}}]\n"
    assert len(found(text, rule="variable-value")) == 1


def test_secrets_and_variables_of_variables_are_left_to_the_cloud() -> None:
    text = "sites:\n  - {name: A, setting: {vars: {a: !secret env:SHORT, b: '{{c}}', c: '1'}}, wlans: [\n"
    text += "      {ssid: L, auth: {type: open}, vlan_enabled: true, vlan_id: '{{a}}'},\n"
    text += "      {ssid: M, auth: {type: open}, vlan_enabled: true, vlan_id: '{{b}}'}]}\n"
    assert found(text, rule="variable-value") == []


def inventory(sites: int, uses: int) -> str:
    networks = "".join(
        f"      n{at}: {{vlan_id: '{{{{v{at}}}}}', subnet: '10.{{{{s{at}}}}}.0.0/24'}}\n" for at in range(uses // 2)
    )
    text = f"networktemplates:\n  - name: c\n    networks:\n{networks}sites:\n"
    for site in range(sites):
        values = "".join(
            f"v{at}: '{(site + at) % 4000 + 1}', s{at}: '{(site + at) % 250}', " for at in range(uses // 2)
        )
        own = f"name: S{site}, country_code: FR, timezone: UTC, networktemplate: c"
        text += f"  - {{{own}, setting: {{vars: {{{values}}}}}}}\n"
    return text


@pytest.mark.parametrize("grown", ["sites", "uses"])
def test_the_work_grows_with_the_sites_and_with_the_uses_and_no_faster(grown: str) -> None:
    def work(size: int) -> Callable[[], object]:
        loaded = composed(inventory(size, 20) if grown == "sites" else inventory(5, size))
        return lambda: validate(loaded, kinds())

    assert grows(work, size=20) < 5


def test_500_sites_and_a_template_of_200_uses_are_without_a_finding() -> None:
    assert validate(composed(inventory(500, 200)), kinds()).diagnostics == ()

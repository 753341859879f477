"""The strategies that other tests build on make bodies that the models accept."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.kinds import kinds
from tests.strategies import bodies

DECLARABLE = [kind.name for kind in kinds() if kind.model]


@pytest.mark.parametrize("name", DECLARABLE)
def test_every_generated_body_passes_its_kinds_model(name: str) -> None:
    model = kinds()[name].model
    assert model is not None

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(bodies(name, references=True))
    def check(body: dict[str, Any]) -> None:
        model.model_validate(body)

    check()


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_a_body_keeps_to_the_fields_that_were_asked_for(data: st.DataObject) -> None:
    body = data.draw(bodies("wlan", only={"vlan_id", "auth"}))
    assert set(body) <= {"ssid", "vlan_id", "auth"}
    assert not {"wxtags", "auth"} & set(data.draw(bodies("wlan", without={"auth"})))

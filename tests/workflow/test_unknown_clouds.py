"""The example on clouds that answer the open questions in their own ways: what it promises holds on each of them.

`RECONCILER_LONG=50` tries as many other clouds.
"""

import os

import pytest

from reconciler.cli.failures import CHANGES, OK
from tests.workflow.conftest import INVENTORY, ORG, Desk
from tests.workflow.test_example import GUEST_WLAN

LONG = int(os.environ.get("RECONCILER_LONG", "0"))
CLOUDS = range(100, 100 + LONG) if LONG else range(3)
DAYS_QUIET = {"list_lag_s": 0.0, "image_lag_s": 0.0}


@pytest.fixture
def odd(desk: Desk, request: pytest.FixtureRequest) -> Desk:
    """The desk before a cloud whose open questions a number answers; lists don't lag, which would cost time."""
    desk.emulator.settings.update({"quirks": {"random": request.param, **DAYS_QUIET}})
    return desk


@pytest.mark.parametrize("odd", CLOUDS, indirect=True)
def test_the_example_is_applied_as_forecast_and_nothing_is_left_to_do_or_lost(odd: Desk) -> None:
    planned = odd.reconciler("plan", INVENTORY, "--json").json
    hidden = {"policy": "Undeclared", "url": "https://undeclared.example.net/x", "topics": ["audits"]}
    made = odd.emulator.call("POST", f"orgs/{ORG}/webhooks", body={"name": "by-hand", **hidden}).body
    odd.writes()
    applied = odd.reconciler("apply", INVENTORY, "--auto-approve")
    assert applied.code == OK, applied.err + applied.out
    assert odd.writes() == planned["calls"]["write"]
    second = odd.reconciler("plan", INVENTORY, "--detailed-exitcode")
    assert second.code == OK, second.out
    assert odd.live(f"orgs/{ORG}/webhooks/{made['id']}")["url"] == hidden["url"]


@pytest.mark.parametrize("odd", CLOUDS, indirect=True)
def test_an_edit_by_hand_is_drift_and_the_next_apply_puts_it_back(odd: Desk) -> None:
    assert odd.reconciler("apply", INVENTORY, "--auto-approve").code == OK
    odd.by_hand(GUEST_WLAN, {"isolation": False})
    drift = odd.reconciler("drift", INVENTORY, "--json")
    assert drift.code == CHANGES, drift.err
    assert "isolation" in drift.out
    odd.writes()
    assert odd.reconciler("apply", INVENTORY, "--auto-approve").code == OK
    assert odd.writes() == 1
    assert odd.reconciler("plan", INVENTORY, "--detailed-exitcode").code == OK

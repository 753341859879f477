"""An export plans to nothing on clouds that answer the open questions in their own ways. `RECONCILER_LONG=20` tries as
many other clouds."""

import os

import pytest

from reconciler.model.options import Options
from tests.export.support import exported, prove
from tests.export.test_export import everything, lived_in
from tests.kinds.test_contract import CLAIMED, done
from tests.world import world

LONG = int(os.environ.get("RECONCILER_LONG", "0"))
CLOUDS = range(100, 100 + LONG) if LONG else range(2)


def quirks(number: int) -> dict[str, object]:
    """The cloud of a number, without what only takes time, and with secrets that can be compared."""
    return {"random": number, "mask_secrets": False, "list_lag_s": 0.0, "image_lag_s": 0.0}


@pytest.mark.parametrize("number", CLOUDS)
def test_the_lived_in_organisation_exports_to_a_tree_that_plans_to_nothing(number: int) -> None:
    acme = lived_in()
    acme.emulator.settings.update({"quirks": quirks(number)})
    prove(acme, exported(acme))


@pytest.mark.parametrize("number", CLOUDS[:1] if not LONG else CLOUDS)
def test_so_does_one_that_holds_a_sample_of_every_kind(number: int) -> None:
    acme = world(quirks(number), inventory=CLAIMED)
    done(acme.apply(*everything(), options=Options(threads=1)))
    assert acme.plan(*everything()).changes == ()
    prove(acme, exported(acme))

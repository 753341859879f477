"""Random runs are rolled back: `tools/long_promises.py --rollbacks` does it for as many as you like."""

import pytest

from tests.promises.rollbacks import roll_back


@pytest.mark.parametrize("seed", range(8))
def test_the_way_back_of_a_random_run_restores_what_it_wrote_and_touches_nothing_else(seed: int) -> None:
    assert roll_back(seed) == []

"""Random inventories and random edits by hand: apply -> plan is empty, always, and nothing undeclared is lost.

`RECONCILER_LONG=1000 pytest tests/promises/test_machine.py` runs it for as many examples.
"""

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.promises.machine import Machine

EXAMPLES = int(os.environ.get("RECONCILER_LONG", "12"))


def test_apply_and_then_plan_is_empty_whatever_was_declared_or_edited() -> None:
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink a run of 15 steps takes minutes
        ),
    )

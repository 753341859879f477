"""A run pays only for the kinds that its inventory has: models are imported when they are first looked at."""

import subprocess
import sys

import pytest

from reconciler.kinds import Kind, kinds

SEEN = """
import sys
from reconciler.kinds import kinds
kinds()
print([name for name in sys.modules if name.startswith("reconciler.kinds.") and name.endswith(".fields")])
"""


def test_to_know_the_kinds_imports_no_field_table() -> None:
    ran = subprocess.run([sys.executable, "-c", SEEN], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


@pytest.mark.parametrize("kind", [kind for kind in kinds() if isinstance(kind.fields, str)], ids=lambda kind: kind.name)
def test_the_fields_that_an_entry_names_are_a_class_of_its_own_package(kind: Kind) -> None:
    model = kind.model
    assert model is not None
    assert f"{model.__module__}.{model.__name__}" == kind.fields
    assert kind.name in model.__module__.split(".")

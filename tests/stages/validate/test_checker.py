"""A model is built of the fields that an inventory has, and refuses what the whole model refuses."""

from typing import Any

import pytest
from pydantic import ValidationError

from reconciler.kinds import kinds
from reconciler.stages.validate.checker import checker_of

WRONG: tuple[Any, ...] = ([[[]]], {"no such key": 1}, object(), -1, "x")


def refused(validate: Any, body: dict[str, Any]) -> set[tuple[str, tuple[str | int, ...]]]:
    try:
        validate(body)
    except ValidationError as error:
        # what is no object of a model is no mapping
        return {(item["type"].replace("model_type", "dict_type"), item["loc"]) for item in error.errors()}
    return set()


@pytest.mark.parametrize("name", ["site", "wlan", "webhook", "networktemplate", "gatewaytemplate", "wxtag"])
def test_a_part_of_a_model_refuses_what_the_whole_refuses(name: str) -> None:
    model = kinds()[name].model
    assert model is not None
    fields = sorted(model.model_fields)[:8]
    for value in WRONG:
        body = {**dict.fromkeys(fields, value), "no_such_field": 1}
        keys = frozenset(body)
        assert refused(checker_of(model, keys).validate_python, body) == refused(model.model_validate, body)

"""Which ports a model has, by what the cloud says of it, and what a configuration names beyond them."""

from typing import Any

import pytest

from reconciler.semantics.ports import missing_ports, ports_of_models


@pytest.mark.parametrize(
    ("model", "ports"),
    [
        ({"pic": {"0": "mge*8, ge*16", "1": "xe*4"}}, {"0": 24, "1": 4}),
        ({"pic": {"0": "ge*48", "1": "something else"}}, {"0": 48}),
        ({"pic": {"0": ""}}, {}),
        ({"pic": ["ge*48"]}, None),
        ({"pic": {"0": "ge*48"}, "modular": True}, None),
        ({}, None),
    ],
)
def test_a_model_has_the_ports_that_are_understood(model: dict[str, Any], ports: dict[str, int] | None) -> None:
    assert ports_of_models([{"model": "EX", **model}]) == ({} if ports is None else {"EX": ports})


@pytest.mark.parametrize(
    "name", ["ge-0/0/23", "ge-0/0/0-23", "et-3/1/3:2", "xe-0/2/99", "irb.10", "*", "ge-0/0/x", "me0"]
)
def test_what_a_model_may_have_is_not_told(name: str) -> None:
    assert list(missing_ports({name: {}}, {"0": 24, "1": 4})) == []


def test_each_name_that_it_lacks_is_told() -> None:
    config = {"ge-0/0/24, ge-0/0/1": {}, "xe-2/1/2-7": {}, "et-0/1/4:0": {}}
    assert [item.split(":")[0] for item in missing_ports(config, {"0": 24, "1": 4})] == [
        "`ge-0/0/24`",
        "`xe-2/1/2-7`",
        "`et-0/1/4",
    ]

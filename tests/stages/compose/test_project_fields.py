"""What takes the project file fast takes nothing that the pydantic model of it refuses, and makes the same of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import ValidationError, convert
from msgspec.structs import fields
from pydantic import ValidationError as Refused

from reconciler.model.project import Project
from reconciler.model.project_fields import model_of, read
from reconciler.model.values import YamlMap

WHOLE: dict[str, Any] = {
    "version": 1,
    "org": {"id": "9777c1a0-6ef6-11e6-8bbf-02e208b2d34f", "name": "Acme"},
    "host": "api.eu.mist.com",
    "vars": {"a": YamlMap({"b": 1})},
    "defaults": {"site": {"timezone": "UTC"}},
    "profiles": {"site": {"branch": {"timezone": "UTC"}}},
    "exclude": ["old/*"],
    "generate": [
        {"template": "sites.yaml.j2", "rows": "sites.csv", "delimiter": ";", "encoding": "cp1252"},
        {
            "kind": "psks",
            "rows": "psks.csv",
            "columns": {"name": "Name", "passphrase": {"column": "Key", "secret": "env:PSK_", "split": ";"}},
            "fields": {"ssid": "Corp"},
            "bad_rows": "skip",
        },
    ],
    "external": {"networktemplates": ["old"]},
    "manage": {"wlan": {"prune": True, "scope": ["*"]}},
    "protect": ["site.*"],
    "limits": {
        "deletes": {"absolute": 3, "percent": 5},
        "changes": {"percent": 2.5},
        "sites": 4,
        "undeclared": 0,
        "kinds": {"site": {"deletes": {"absolute": 0}, "changes": None}},
    },
    "ignore": [{"address": "site.*", "field": "notes", "reason": "by hand", "until": "2027-01-31"}],
    "release": "keep",
    "strict": ["networktemplates"],
    "drift": {"kinds": ["wlan"]},
    "budget": {"leave": 50},
    "secrets": {"commands": True, "directories": ["/run/secrets"], "env": ["NET_*"], "env_file": ".env"},
    "records": {"git": "refs/acme/runs"},
    "lock": {"git": True, "ref": "refs/acme/lock"},
    "policies": ["policies/*.py"],
    "rules": {"plain-secret": "off"},
}
OTHER: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 101, 2.5, float("nan"), float("inf"), 10**30, "", "x", "1", "\n", "skip\n", "clear"),
    *("env:A\n", "refs/heads/main", "refs/a/b\n", "/", "/proc/1", "/run/../etc", "2027-1-1", "20270131", b"x"),
    *([], ["a"], [1], [None], {}, {"a": "b"}, {1: "a"}, {"a": {}}, {"a": {"b": {}}}, {"column": "x"}),
)


def changed(value: Any) -> Iterator[Any]:
    """The value with one of its parts replaced, left out, or with another beside it; each in turn."""
    yield from OTHER
    if isinstance(value, dict):
        yield {**value, "more": 1}
        for key, item in value.items():
            yield {name: other for name, other in value.items() if name != key}
            for other in changed(item):
                yield {**value, key: other}
    if isinstance(value, list):
        for place, item in enumerate(value):
            for other in changed(item):
                yield [*value[:place], other, *value[place + 1 :]]


def test_the_sample_has_every_field() -> None:
    assert set(WHOLE) == {item.name for item in fields(Project)}
    project = convert(WHOLE, Project)
    assert project == read(WHOLE)
    assert type(project.vars["a"]) is YamlMap


@pytest.mark.parametrize("root", sorted(WHOLE))
def test_what_is_taken_fast_is_what_the_model_makes_of_it(root: str) -> None:
    fast = 0
    for value in changed(WHOLE[root]):
        document = {**WHOLE, root: value}
        try:
            taken = convert(document, Project)
        except ValidationError:
            continue
        fast += 1
        closely = read(document)
        assert taken == closely or repr(taken) == repr(closely), document  # a number that is none is not itself
    assert fast


@pytest.mark.parametrize("root", sorted(WHOLE))
def test_what_the_model_takes_is_taken_fast(root: str) -> None:
    for value in changed(WHOLE[root]):
        document = {**WHOLE, root: value}
        try:
            model_of(Project).model_validate(document)
        except Refused:
            continue
        if value is not True or root != "version":  # which is 1 to pydantic, and no mistake that anybody makes
            convert(document, Project)

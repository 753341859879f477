"""The example in an editor: every file names its JSON Schema, and keeps to it."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from reconciler.cli.run import run
from tests.docs.readme import ROOT

INVENTORY = ROOT / "examples" / "inventory"
FILES = sorted([*INVENTORY.rglob("*.yaml"), *(ROOT / "examples" / "branch").rglob("*.yaml")])


class Loader(yaml.CSafeLoader):
    """As an editor reads: our tags are known, their values are as written."""


Loader.add_constructor("!secret", lambda loader, node: loader.construct_scalar(node))
Loader.add_constructor("!merge", lambda loader, node: loader.construct_sequence(node, deep=True))


def modeline(path: Path) -> Path:
    first = path.read_text("utf-8").partition("\n")[0]
    assert first.startswith("# yaml-language-server: $schema="), path
    return (path.parent / first.partition("$schema=")[2]).resolve()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_of_the_example_keeps_to_the_schema_that_it_names(path: Path) -> None:
    schema = json.loads(modeline(path).read_text("utf-8"))
    data: Any = yaml.load(path.read_text("utf-8"), Loader=Loader)
    errors = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(data)]
    assert errors == []


def test_the_examples_are_as_fmt_leaves_them() -> None:
    places = sorted(path.parent for path in (ROOT / "examples").glob("*/reconciler.yaml"))
    assert len(places) >= 4
    assert [place.name for place in places if run(("fmt", "--check", str(place)))] == []


def test_an_editor_is_told_about_our_tags() -> None:
    settings = json.loads((INVENTORY / ".vscode" / "settings.json").read_text("utf-8"))
    assert settings["yaml.customTags"] == ["!secret scalar", "!merge sequence"]


def test_the_secrets_of_the_example_are_evidently_not_real() -> None:
    lines = (INVENTORY / "example.env").read_text("utf-8").splitlines()
    values = [line.partition("=")[2] for line in lines if line and not line.startswith("#")]
    assert len(values) >= 8
    assert all(value.startswith(("example-only-", "00000000-")) for value in values)

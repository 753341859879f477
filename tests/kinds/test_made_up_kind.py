"""A kind is one package: the one that the README shows, taken out of the tree and found in another package, goes from
loading to drift, and nothing else knows of it."""

import importlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.kinds import Kind, Kinds, kinds
from reconciler.kinds.registry import found_in
from reconciler.model.change import Status
from reconciler.schema import export_pages, export_schemas
from tests.docs.readme import README, blocks
from tests.kinds.stages import Stages, rules, summary
from tests.world import ORG, world

FILES = {
    name: next(block.text for block in blocks(README.read_text("utf-8")) if block.note == note)
    for name, note in (("__init__.py", "a kind"), ("fields.py", "its fields"))
}
PACKAGE = "kinds_of_a_test"
DECLARED = """
sites:
  - name: Paris
    assetfilters: [{name: carts, rssi: -70}]
assetfilters:
  - {name: beds, disabled: true, rssi: -80}
"""


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Kind, ...]]:
    """The README's modules in a chapter of a package in a temporary directory, as the registry finds it."""
    directory = tmp_path_factory.mktemp("made_up")
    chapter = directory / PACKAGE / "location"
    chapter.mkdir(parents=True)
    for package in (chapter.parent, chapter):
        (package / "__init__.py").write_text("", "utf-8")
    (chapter / "assetfilter").mkdir()
    for name, text in FILES.items():
        (chapter / "assetfilter" / name).write_text(text, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(directory)
        yield found_in(importlib.import_module(PACKAGE))


def others() -> list[Kind]:
    """All kinds but that one."""
    return [kind for kind in kinds() if kind.name != "assetfilter"]


@pytest.fixture
def stages(entries: tuple[Kind, ...]) -> Stages:
    return Stages(Kinds([*others(), *entries]))


def test_the_readme_shows_the_modules_as_they_are() -> None:
    path = Path("reconciler/kinds/location/assetfilter")
    assert f"`{path}/__init__.py`" in README.read_text("utf-8")
    for name, text in FILES.items():
        assert (README.parent / path / name).read_text("utf-8").strip() == text.strip()


def test_the_registry_finds_a_package_in_a_chapter(entries: tuple[Kind, ...]) -> None:
    assert [kind.name for kind in entries] == ["assetfilter"]


def test_without_its_module_the_kind_is_unknown() -> None:
    assert rules(Stages(Kinds(others())).inventory("assetfilters: [{name: beds}]"))


def test_it_is_validated_by_its_model(stages: Stages) -> None:
    assert rules(stages.inventory(DECLARED)) == {}
    assert "disabled" in rules(stages.inventory("assetfilters: [{name: a, disabld: true}]"))["unknown-key"]


def test_it_is_created_in_the_organisation_and_in_a_site_and_a_second_plan_is_empty(stages: Stages) -> None:
    assert summary(stages.plan(DECLARED)) == [
        ("create", "site.Paris"),
        ("create", "assetfilter.beds"),
        ("create", "site.Paris/assetfilter.carts"),
    ]
    outcomes = stages.apply(DECLARED)
    assert [(item.status, item.verified) for item in outcomes] == [(Status.APPLIED, True)] * 3
    assert stages.acme.only(f"orgs/{ORG}/assetfilters", name="beds")["disabled"] is True
    assert stages.plan(DECLARED).changes == ()


@pytest.mark.parametrize(("made_up", "live"), [("none", None), ("document", False)])
def test_a_field_is_cleared_and_what_the_cloud_puts_there_is_no_difference(
    entries: tuple[Kind, ...], made_up: str, live: bool | None
) -> None:
    stages = Stages(Kinds([*others(), *entries]), world({"server_defaults": made_up}))
    stages.apply(DECLARED)
    cleared = DECLARED.replace("disabled: true", "disabled: null")
    assert summary(stages.plan(cleared)) == [("update", "assetfilter.beds")]
    (outcome,) = stages.apply(cleared)
    assert (outcome.status, outcome.verified) == (Status.APPLIED, True)
    assert stages.acme.only(f"orgs/{ORG}/assetfilters", name="beds").get("disabled") is live
    assert stages.plan(cleared).changes == ()


def test_drift_names_who_changed_it(stages: Stages) -> None:
    stages.apply(DECLARED)
    live = stages.acme.only(f"orgs/{ORG}/assetfilters", name="beds")
    path = f"/api/v1/orgs/{ORG}/assetfilters/{live['id']}"
    stages.acme.emulator.call("PUT", path, body={"rssi": -60}, token="a-person", admin="Jane Doe")
    (change,) = stages.drift(DECLARED)
    assert str(change.address) == "assetfilter.beds"
    assert [(item.path, item.before, item.after) for item in change.fields] == [("rssi", -60, -80)]
    assert change.edited is not None
    assert "Jane Doe" in change.edited.admin


def test_its_json_schema_is_exported(stages: Stages) -> None:
    texts = export_schemas(stages.known)
    assert set(texts) - set(export_schemas(Kinds(others()))) == {"assetfilter.schema.json"}
    assert "assetfilters" in json.loads(texts["inventory.schema.json"])["properties"]
    assert "rssi" in json.loads(texts["assetfilter.schema.json"])["$defs"]["assetfilter"]["properties"]
    assert "assetfilters" in json.loads(texts["site.schema.json"])["$defs"]["site"]["properties"]


def test_its_page_of_the_field_reference_is_made_and_the_index_lists_it_in_its_chapter(stages: Stages) -> None:
    pages = export_pages(stages.known)
    assert set(pages) - set(export_pages(Kinds(others()))) == {"assetfilter.md"}
    page = pages["assetfilter.md"]
    assert "- Address: `assetfilter.NAME` or `site.NAME/assetfilter.NAME`." in page
    assert "| `disabled` | `true` or `false` | `false` |  |" in page
    assert "| `rssi` | whole number |  | Tags that are heard more weakly are left out. |" in page
    assert "## Location" in pages["README.md"].partition("(assetfilter.md)")[0]
    assert "(assetfilter.md)" in pages["site.md"]


def test_the_example_of_its_page_is_valid(stages: Stages) -> None:
    (example,) = (block.text for block in blocks(export_pages(stages.known)["assetfilter.md"]))
    assert rules(stages.inventory(example)) == {}


def test_what_lies_below_a_site_goes_with_it(stages: Stages) -> None:
    assert "sites/{parent_id}/assetfilters" in stages.known.deleted_with("site")

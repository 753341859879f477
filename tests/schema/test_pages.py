"""The field reference in docs/kinds is current, complete, right, and its links lead somewhere."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel
from pydantic import Field as PydanticField

from reconciler.kinds import Kind, kinds
from reconciler.kinds.markers import AsSet, Default, KeyedBy
from reconciler.kinds.shared.base import Model, OpenModel
from reconciler.kinds.shared.types import IpAddress, SecretText, VlanId, VlanIds
from reconciler.pipeline.offline import load_inventory
from reconciler.schema import export_pages
from reconciler.schema.fields import OTHER_KEYS, Section, sections
from reconciler.schema.types_in_words import as_yaml, in_words, models_in
from tests.docs.readme import blocks
from tests.kinds.walk import models_in as classes_in
from tests.stages.compose.support import Files

ROOT = Path(__file__).parents[2]
PAGES = export_pages()
DECLARABLE = [kind for kind in kinds() if kind.model]


def test_the_stored_pages_are_current() -> None:
    stored = {path.name: path.read_text("utf-8") for path in (ROOT / "docs/kinds").glob("*")}
    assert stored == PAGES, "run: reconciler schema --docs -o docs/kinds"


def test_the_pages_are_the_same_every_time() -> None:
    assert export_pages() == PAGES


def test_every_kind_has_a_page_and_the_index_names_them_all() -> None:
    assert set(PAGES) == {"README.md", *(f"{kind.name}.md" for kind in DECLARABLE)}
    assert set(re.findall(r"\]\((\w+\.md)\)", PAGES["README.md"])) == set(PAGES) - {"README.md"}
    assert all(f"`{kind.name}`" in PAGES["README.md"] for kind in kinds() if kind.lookup_only)


@pytest.mark.parametrize("kind", DECLARABLE, ids=lambda kind: kind.name)
def test_the_example_of_a_page_is_valid(kind: Kind) -> None:
    (example,) = (block.text for block in blocks(PAGES[f"{kind.name}.md"]))
    names = re.findall(r"!secret env:(\w+)", example)
    tree = Files({"reconciler.yaml": "version: 1", "example.yaml": example})
    found = load_inventory(tree, environ=dict.fromkeys(names, "correct-horse-battery"))
    assert found.diagnostics == ()
    assert any(item.kind == kind.name for item in found.resources) or kind.composed_only


@pytest.mark.parametrize("kind", DECLARABLE, ids=lambda kind: kind.name)
def test_every_field_of_every_model_has_a_row(kind: Kind) -> None:
    shown = {field.path.rpartition(".")[2] for section in sections(kind) for field in section.fields}
    pending, seen = [kind.model], set[type[BaseModel]]()
    while pending:
        model = pending.pop()
        if model is None or model in seen:
            continue
        seen.add(model)
        for name, info in model.model_fields.items():
            assert (info.alias or name) in shown
            pending += classes_in(info.annotation)
    assert len(sections(kind)) >= len(seen)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_link_leads_to_a_page_or_to_a_heading(name: str) -> None:
    text = PAGES[name]
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    anchors = [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]
    assert len(anchors) == len(set(anchors))
    for page, anchor in re.findall(r"\]\(([^)#]*)(?:#([^)]*))?\)", text):
        assert not anchor or anchor in anchors, anchor
        assert not page or page in PAGES or (ROOT / "docs/kinds" / page).exists(), page


def rows(name: str, path: str) -> dict[str, str]:
    """The rows of one section of a page by field."""
    _, _, rest = PAGES[name].partition(f"### `{path}`" if path else "## Fields")
    table = rest.partition("\n#")[0]
    return {row.split("`")[1]: row for row in table.splitlines() if row.startswith("| `")}


@pytest.mark.parametrize(
    ("page", "path", "field", "texts"),
    [
        ("wlan.md", "", "ssid", ["text, not empty", "Required."]),
        ("wlan.md", "", "bands", ['list, each `"24"`, `"5"` or `"6"`', '`["24", "5", "6"]`', "Compared as a set."]),
        ("wlan.md", "", "wxtags", ["Reference: wxtag, by name or id."]),
        (
            "wlan.md",
            "",
            "auth_servers",
            ["list of objects", "#auth_servers", "Compared by `host` and `port`, in order."],
        ),
        ("wlan.md", "auth", "psk", ["8 to 63 printable characters", "Secret."]),
        ("wlan.md", "auth", "keys", ["Secret."]),
        ("wlan.md", "auth", "key_idx", ["whole number from 1 to 4", "| `1` |"]),
        ("wlan.md", "", "vlan_id", ["a VLAN id from 1 to 4094, or a site variable"]),
        ("wlantemplate.md", "applies", "sitegroups", ["Reference: sitegroup, by name or id."]),
        ("site.md", "", "timezone", ["a time zone of the IANA database", "`UTC`"]),
    ],
)
def test_a_row_says_what_the_model_says(page: str, path: str, field: str, texts: list[str]) -> None:
    assert [text for text in texts if text not in rows(page, path)[field]] == []


def test_a_section_says_which_root_a_change_replaces() -> None:
    assert "A change here replaces `auth` whole." in PAGES["wlan.md"].partition("### `auth`")[2]


class Leaf(Model):
    """A leaf."""

    number: Annotated[int, Default(1)] | None = None


class Sample(Model):
    first: Leaf | None = None
    again: dict[str, list[Leaf]] | None = None
    other: Annotated[Leaf, Default(7, at="number")] | None = None
    token: SecretText | None = None


class Keyed(OpenModel):
    __pydantic_extra__: dict[str, Leaf | None]

    items: Annotated[list[Leaf], KeyedBy("number", ordered=False)] | None = None


def of(model: type[BaseModel]) -> dict[str, Section]:
    kind = Kind(name="sample", plural="samples", title="sample", endpoints=(), fields=model)
    return {section.path: section for section in sections(kind)}


def test_objects_that_are_alike_share_a_section_and_one_with_other_defaults_has_its_own() -> None:
    found = of(Sample)
    assert list(found) == ["", "first", "other"]
    assert found["first"].roots == ("again", "first")
    assert {field.name: field.below for field in found[""].fields} == {
        "first": ("first",),
        "again": ("first",),
        "other": ("other",),
        "token": (),
    }
    assert [found[path].fields[0].defaults for path in ("first", "other")] == [("1",), ("7",)]


def test_keys_of_the_users_choice_are_a_row() -> None:
    items, other = of(Keyed)[""].fields
    assert items.compared == "by `number`"
    assert (other.name, other.holds, other.below) == (OTHER_KEYS, "object", ("items[]",))
    assert other.about == ""


def test_a_row_of_other_keys_says_what_they_may_be() -> None:
    (row,) = re.findall(r"^\| `\(other keys\)`.*", PAGES["networktemplate.md"], re.MULTILINE)
    assert "A key is a known field, or a condition such as match_name[0:3], match_model or match_role." in row


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        (str, "text"),
        (int | None, "whole number"),
        (Annotated[int, PydanticField(ge=1)], "whole number, at least 1"),
        (Annotated[float, PydanticField(le=9)], "number, at most 9"),
        (Annotated[str, PydanticField(min_length=2, max_length=4)], "text, 2 to 4 characters"),
        (Annotated[list[str], AsSet()], "list of texts"),
        (Annotated[list[int], PydanticField(min_length=1)], "list of whole numbers, not empty"),
        (Literal["a"], "`a`"),
        (Literal["", "24", 5, "no"], '`""`, `"24"`, `5` or `"no"`'),
        (dict[str, int], "map of names to whole numbers"),
        (dict[str, list[str]], "map of names, each to list of texts"),
        (IpAddress | None, "an IP address such as 10.0.0.1 or 2001:db8::1"),
        (list[VlanId], "list, each a VLAN id from 1 to 4094, or a site variable"),
        (VlanIds, "VLAN ids from 1 to 4094, such as [10, 20] or '10,20'"),
        (str | int, "text or whole number"),
        (Any, "anything"),
    ],
)
def test_a_type_in_words(annotation: Any, words: str) -> None:
    assert in_words(annotation) == words


def test_the_objects_in_a_type_are_found_with_the_steps_to_them() -> None:
    assert models_in(dict[str, list[Leaf | None]] | None) == [(".NAME[]", Leaf)]
    assert models_in(str | int) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "true"), ("5", '"5"'), ("a b", "a b"), ("", '""'), (["24", 1.5], '["24", 1.5]'), ({"a": []}, "{a: []}")],
)
def test_a_value_is_written_as_in_yaml(value: Any, text: str) -> None:
    assert as_yaml(value) == text

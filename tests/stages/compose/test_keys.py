"""Objects of one name under keys of their own."""

import pytest

from reconciler.pipeline.offline import load_inventory
from reconciler.sources.texts import TextTree

A, B = (f"{number}0000000-0000-4000-8000-000000000000" for number in "ab")


def loaded(wlans: str) -> tuple[dict[str, str], list[str]]:
    text = f"wlantemplates:\n  - name: t\n    wlans:\n{wlans}"
    found = load_inventory(TextTree({"reconciler.yaml": "version: 1\n", "w.yaml": text}), environ={})
    errors = [item.rule for item in found.diagnostics if item.severity == "error"]
    return {item.address.text: str(item.body.get("ssid")) for item in found.resources if item.kind == "wlan"}, errors


def test_two_objects_of_one_name_have_addresses_of_their_keys_and_keep_their_name() -> None:
    one, two = (
        f"      - {{ssid: Corp, id: {pin}, key: Corp {at}, auth: {{type: open}}}}\n" for pin, at in ((A, 5), (B, "6/e"))
    )
    assert loaded(one + two) == (
        {"wlantemplate.t/wlan.Corp 5": "Corp", "wlantemplate.t/wlan.Corp 6%2Fe": "Corp"},
        [],
    )


def test_one_key_is_one_object() -> None:
    row = f"      - {{ssid: Corp, id: {A}, key: x, auth: {{type: open}}}}\n"
    assert loaded(row + row)[1] == ["duplicate-id", "duplicate-object"]


@pytest.mark.parametrize("key", ['"  "', "[x]", '"a\\nb"'])
def test_a_key_is_a_text(key: str) -> None:
    assert loaded(f"      - {{ssid: Corp, key: {key}, auth: {{type: open}}}}\n")[1] == ["bad-key"]


def test_a_key_that_ends_like_the_name_is_one() -> None:
    text = "wlantemplates: [{name: t, wlans: [{ssid: Guest, key: wlan.Guest, auth: {type: open}}]}]\n"
    found = load_inventory(TextTree({"reconciler.yaml": "version: 1\n", "w.yaml": text}), environ={})
    assert [item.has_own_key for item in found.resources if item.kind == "wlan"] == [True]


def test_a_key_needs_no_id() -> None:
    rows = (f"      - {{ssid: Corp, key: c{band}, bands: ['{band}'], auth: {{type: open}}}}\n" for band in ("24", "5"))
    assert loaded("".join(rows)) == ({"wlantemplate.t/wlan.c24": "Corp", "wlantemplate.t/wlan.c5": "Corp"}, [])


@pytest.mark.parametrize(
    "file",
    [
        "sites:\n  - {name: A, setting: {key: x}}\n",
        "sites:\n  - {name: A, aps: [{mac: 485073e01234, key: x}]}\n",
        "acl_tags:\n  - {name: a, key: x, type: any}\n",
    ],
)
def test_what_is_the_only_one_of_its_name_anywhere_takes_no_key(file: str) -> None:
    found = load_inventory(TextTree({"reconciler.yaml": "version: 1\n", "w.yaml": file}), environ={})
    assert [item.rule for item in found.diagnostics if item.rule == "bad-key"] == ["bad-key"]

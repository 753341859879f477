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


@pytest.mark.parametrize(
    ("key", "rule"), [("x", "key-without-id"), ('"  "', "bad-key"), ("[x]", "bad-key"), ('"a\\nb"', "bad-key")]
)
def test_a_key_needs_an_id_and_is_a_text(key: str, rule: str) -> None:
    assert loaded(f"      - {{ssid: Corp, key: {key}, auth: {{type: open}}}}\n")[1] == [rule]

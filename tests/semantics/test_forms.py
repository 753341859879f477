"""What is known of a live body without a form of its own being made for it."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.kinds import kinds
from reconciler.model.values import Secret, SecretRef, YamlMap
from reconciler.semantics.compare import differences
from reconciler.semantics.forms import InventoryBody, unequal
from reconciler.semantics.sealing import may_use, plain_text, secret_variables

WLAN = kinds()["wlan"]
TEXTS = ("", "a", "5c:5b:35:0e:00:01", "****", "https://h.example.net/?token=canary", "{{v}}", "set snmp community c")
LEAVES = st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from((1.0, 0.5, *TEXTS))
KEYS = st.sampled_from(("type", "psk", "enabled", "servers", "host", "other", "wxtag_ids"))
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)
ROOTS = st.sampled_from(("ssid", "auth", "vlan_id", "auth_servers", "wxtag_ids", "id", "portal", "unknown"))


@st.composite
def parts(draw: st.DrawFn, value: Any) -> Any:
    """A value, or a part of a mapping; sometimes another value in the place of one."""
    if isinstance(value, dict):
        return {key: draw(parts(item)) for key, item in value.items() if draw(st.booleans())}
    return draw(st.sampled_from((value, value, draw(LEAVES), Secret("a", origin="env:A"))))


@settings(max_examples=200, deadline=None)
@given(data=st.data(), answer=st.dictionaries(ROOTS, JSON, min_size=1, max_size=3))
def test_what_a_live_body_holds_does_not_differ_from_what_is_declared(data: Any, answer: dict[str, Any]) -> None:
    body = InventoryBody(WLAN, answer, lambda _reference, value: value)
    assert bool(body) == bool(list(body))
    for root in answer:
        value = data.draw(parts(answer[root]))
        if not unequal({root: value}, body):
            assert list(differences(value, body.get(root), WLAN.shape.below(root), root)) == []


def test_a_root_that_the_cloud_makes_or_that_names_others_is_looked_at_in_its_form() -> None:
    answer = {"id": "a", "wxtag_ids": ["1"], "auth": {"type": "open", "eap_reauth": False}}
    body = InventoryBody(WLAN, answer, lambda _reference, value: f"name-of-{value}")
    differing = {"id": "a", "wxtag_ids": ["1"], "auth": {"type": "psk"}, "vlan_id": "1"}
    assert unequal(differing, body) == list(differing.items())
    assert unequal({"wxtags": ["name-of-1"], "auth": {"type": "open"}, "ssid": None}, body) == []


SPACES = st.sampled_from(("", " ", "\n", "\t ", "\v", "\u00a0", '"', "\\", "é", "{", "\ud800"))


@settings(max_examples=200, deadline=None)
@given(before=SPACES, inside=SPACES, name=st.sampled_from(("v", "w", "é", "v_1")), secret=st.booleans())
def test_the_quick_look_misses_no_variable(before: str, inside: str, name: str, secret: bool) -> None:
    text = f"https://jane:{before}{{{{{inside}{name}{inside}}}}}@h.example.net"
    value = Secret(text, origin="live") if secret else text
    body = YamlMap({"a": [{"url": value}], "b": 1})
    for used in secret_variables(body):
        assert may_use(body, {used})
    assert secret or not may_use({"a": ["x {{code}} y"]}, {"v"})


def test_only_what_json_can_say_is_plain() -> None:
    assert plain_text({"a": [1, None, 0.5, "é"]}) == '{"a":[1,null,0.5,"é"]}'.encode()
    assert plain_text({"a": [Secret("x", origin="env:X")]}) is None
    assert plain_text({"a": {"b": SecretRef("env", "X", mark=("a", 1, 1))}}) is None
    assert plain_text({"a": "\ud800"}) is None

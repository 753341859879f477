"""Objects: addresses, parents, children, meta keys, references, shared ACL tags."""

import pytest

from reconciler.diagnostics import SourceRange
from reconciler.model.values import mark_of
from tests.stages.compose.support import body, clean, composed, only

UUID = "11111111-2222-4333-8444-555555555555"

SITE = """\
sites:
  - name: Paris
    id: 11111111-2222-4333-8444-55555555ABCD
    aliases: [Lutetia]
    raw: {later: 1}
    sitegroups: [emea]
    setting: {vars: {a: "1"}}
    wlans:
      - {ssid: Lab}
    webhooks:
      - {name: zones, url: https://x.example.net/?a=b}
wlantemplates:
  - name: corp
    wlans: [{ssid: Corp}]
webhooks:
  - {url: https://y.example.net/z}
  - {name: rooms, site: Paris}
wlans:
  - {ssid: Guest, wlantemplate: corp}
"""


def test_children_are_resources_of_their_own_in_a_fixed_order() -> None:
    resources = clean(SITE)
    assert list(resources) == [
        "site.Paris",
        "site.Paris/setting",
        "wlantemplate.corp",
        "site.Paris/wlan.Lab",
        "wlantemplate.corp/wlan.Corp",
        "wlantemplate.corp/wlan.Guest",
        "site.Paris/webhook.rooms",
        "site.Paris/webhook.zones",
        "webhook.https:%2F%2Fy.example.net%2Fz",
    ]
    assert str(resources["site.Paris/wlan.Lab"].parent) == "site.Paris"
    assert resources["site.Paris/setting"].key is None


def test_meta_keys_and_children_leave_the_body_and_raw_stays() -> None:
    site = clean(SITE)["site.Paris"]
    assert site.body == {"name": "Paris", "raw": {"later": 1}, "sitegroups": ["emea"]}
    assert site.api_id == "11111111-2222-4333-8444-55555555abcd"
    assert site.aliases == ("Lutetia",)
    assert site.source == SourceRange("a.yaml", 2, 5)
    assert body(clean(SITE), "site.Paris/webhook.rooms") == {"name": "rooms"}


def test_the_order_does_not_depend_on_the_files() -> None:
    parts = SITE.split("wlantemplates:")
    split = {"z.yaml": parts[0], "b.yaml": "wlantemplates:" + parts[1]}
    assert list(clean(split)) == list(clean(SITE))


def test_an_object_without_layers_is_not_copied() -> None:
    from reconciler.kinds import kinds
    from reconciler.sources.secrets import secrets_for
    from reconciler.stages.compose import compose
    from reconciler.stages.load import load
    from tests.stages.compose.support import Files

    tree = Files({"reconciler.yaml": "version: 1", "a.yaml": "sitegroups: [{name: emea}]"})
    loaded = load(tree)
    inventory = compose(loaded, kinds=kinds(), secrets=secrets_for(tree, {}))
    assert inventory.resources[0].body is loaded.documents[0].data["sitegroups"][0]


def test_composing_changes_nothing_of_what_was_loaded() -> None:
    from reconciler.kinds import kinds
    from reconciler.sources.secrets import secrets_for
    from reconciler.stages.compose import compose
    from reconciler.stages.load import load
    from tests.stages.compose.support import Files

    project = "version: 1\ndefaults: {sites: {notes: x, setting: {vars: {b: '2'}}}}\n"
    tree = Files({"reconciler.yaml": project, "a.yaml": SITE + "acl_tags: []\n"})
    loaded, again = load(tree), load(tree)
    compose(loaded, kinds=kinds(), secrets=secrets_for(tree, {}))
    assert loaded == again
    assert loaded.documents[0].data["sites"][0].marks == again.documents[0].data["sites"][0].marks


@pytest.mark.parametrize(
    ("text", "rule", "line", "part"),
    [
        ("site: []", "unknown-kind", 1, "'sites'"),
        ("devices: []", "unknown-kind", 1, "is the API's name; write 'aps', 'gateways', 'switches'"),
        ("templates: []", "unknown-kind", 1, "is the API's name; write 'wlantemplates'"),
        ("apitokens: []", "unknown-kind", 1, "can't be declared yet"),
        ("sitse: []", "unknown-kind", 1, "did you mean 'sites'"),
        ("defaults: {}", "unknown-kind", 1, "reconciler.yaml"),
        ("zzz: 1", "unknown-kind", 1, "'zzz'"),
        ("sites: {name: A}", "not-a-list", 1, "put `- ` before"),
        ("sites:\n  - A", "not-an-object", 2, "element of 'sites'"),
        ("sites:\n  - notes: x", "no-name", 2, "`name:`"),
        ("sites:\n  - name: ''", "no-name", 2, "`name:`"),
        ("sites:\n  - nmae: x", "no-name", 2, "'nmae' is none of its fields: did you mean 'name'?"),
        ("wlantemplates:\n  - name: w\n    wlans:\n      - SSID: x", "no-name", 4, "did you mean 'ssid'?"),
        ("acl_tags:\n  - type: any", "no-name", 2, "an ACL tag needs"),
        ("sites:\n  - name: [a]", "no-name", 2, "`name:`"),
        ("sites:\n  - name: true", "no-name", 2, "`name:`"),
        ("webhooks:\n  - type: http-post", "no-name", 2, "`name:` or `url:`"),
        ("wlans:\n  - ssid: A", "no-parent", 2, "`wlantemplate:` or `site:`"),
        ("settings:\n  - vars: {}", "no-parent", 2, "`site:`"),
        ("wlans:\n  - {ssid: A, site: S, wlantemplate: T}", "two-parents", 2, "keep one"),
        ("wlans:\n  - {ssid: A, site: [S]}", "bad-parent", 2, "takes a name"),
        ("wlans:\n  - {ssid: A, site: ''}", "bad-parent", 2, "takes a name"),
        ("sites:\n  - name: A\n    wlans: [{ssid: B, site: A}]", "two-parents", 3, "take `site:` away"),
        ("sites:\n  - name: A\n    setting: [x]", "not-an-object", 3, "takes a mapping"),
        ("sites:\n  - name: A\n    wlans: {ssid: B}", "not-a-list", 3, "takes a list"),
        ("sites:\n  - name: A\n    id: abc", "bad-id", 3, "UUID"),
        ("sites:\n  - name: A\n    aliases: B", "bad-aliases", 3, "list of former names"),
        ("sites:\n  - name: A\n    aliases: [1]", "bad-aliases", 3, "list of former names"),
        ("sites:\n  - name: A\n    profiles: b", "bad-profiles", 3, "list of names"),
        ("sites:\n  - name: A\n    profiles: [brnach]", "unknown-profile", 3, "did you mean 'branch'"),
        ("sites:\n  - name: A\n    profiles: [{}]", "unknown-profile", 3, "not among"),
        ("sites:\n  - name: A\n    sitegroups: []\n    sitegroup_ids: []", "two-spellings", 4, "the same reference"),
    ],
)
def test_a_mistake_is_one_error_at_its_line(text: str, rule: str, line: int, part: str) -> None:
    found = only(composed(text, "profiles: {sites: {branch: {notes: x}}}\n"))
    assert (found.rule, found.source and found.source.line) == (rule, line)
    assert part in found.detail


def test_a_number_as_name_is_left_for_validate_to_refuse() -> None:
    assert list(clean("sites: [{name: 100}]")) == ["site.100"]


def test_empty_lists_and_null_hold_no_objects() -> None:
    assert clean("sites: []\nwlans: null\nx-anchors: {a: &a 1}\n") == {}
    assert list(clean("sites: [{name: A, wlans: null, setting: null}]")) == ["site.A"]


@pytest.mark.parametrize("empty", ["null", "[]", "''", "{}", "[null]"])
@pytest.mark.parametrize("key", ["wlans", "setting", "webhooks", "aliases", "id", "profiles"])
def test_what_is_empty_holds_no_object_and_no_name(key: str, empty: str) -> None:
    assert list(clean(f"sites: [{{name: A, {key}: {empty}}}]")) in (["site.A"], ["site.A", "site.A/setting"])


def test_a_setting_may_stand_at_top_level() -> None:
    resources = clean("settings: [{site: Paris, vars: {a: '1'}}]\nsites: [{name: Paris}]")
    assert body(resources, "site.Paris/setting") == {"vars": {"a": "1"}}


def test_a_top_level_setting_lies_over_what_the_sites_profile_gives() -> None:
    project = "profiles: {sites: {office: {setting: {vars: {a: '1', b: '1'}}}}}\n"
    files = "settings: [{site: Paris, vars: {b: '2'}}]\nsites: [{name: Paris, profiles: [office]}]"
    assert body(clean(files, project), "site.Paris/setting") == {"vars": {"a": "1", "b": "2"}}
    alone = clean("sites: [{name: Paris, profiles: [office]}]", project)
    assert body(alone, "site.Paris/setting") == {"vars": {"a": "1", "b": "1"}}


def test_api_keys_of_references_become_the_readable_keys_with_their_marks() -> None:
    text = f"sites:\n  - name: A\n    sitegroup_ids: [{UUID}]\n    rftemplate_id: {UUID}\n"
    resource = clean(text)["site.A"]
    assert resource.body == {"name": "A", "sitegroups": [UUID], "rftemplate": UUID}
    assert mark_of(resource.body, ("sitegroups",)) == SourceRange("a.yaml", 3, 5)


def test_nested_api_keys_of_references_are_renamed_too() -> None:
    text = f"wlantemplates: [{{name: T, applies: {{site_ids: [{UUID}], sitegroups: [g]}}, exceptions: null}}]"
    assert body(clean(text), "wlantemplate.T") == {
        "name": "T",
        "applies": {"sites": [UUID], "sitegroups": ["g"]},
        "exceptions": None,
    }


def test_a_nested_reference_written_twice_is_an_error() -> None:
    found = only(composed("wlantemplates:\n- name: T\n  applies:\n    sites: [a]\n    site_ids: [b]\n"))
    assert (found.rule, found.source) == ("two-spellings", SourceRange("a.yaml", 5, 5))


ACL = """\
acl_tags:
  - name: iot
    type: network
    network: iot
  - {name: dns, type: resource}
  - {name: unused, type: any}
networktemplates:
  - name: N
    acl_tags: {dns: {type: subnet}}
    acl_policies:
      - {name: p, src_tags: [iot, nobody], actions: [{dst_tag: dns}, {dst_tag: any}, x]}
      - text
  - {name: odd, acl_tags: text, acl_policies: [{src_tags: [iot]}]}
  - {name: cleared, acl_tags: null, acl_policies: [{src_tags: [iot]}]}
  - {name: none, acl_policies: null}
"""


def test_shared_acl_tags_that_policies_name_are_composed_in() -> None:
    resources = clean(ACL)
    template = resources["networktemplate.N"]
    assert template.body["acl_tags"] == {"dns": {"type": "subnet"}, "iot": {"type": "network", "network": "iot"}}
    assert mark_of(template.body, ("acl_tags", "iot", "network")) == SourceRange("a.yaml", 4, 5)
    assert mark_of(template.body, ("acl_tags", "iot")) == SourceRange("a.yaml", 2, 5)
    assert body(resources, "acl_tag.iot") == {"name": "iot", "type": "network", "network": "iot"}


def test_acl_tags_of_another_shape_are_left_for_validate() -> None:
    resources = clean(ACL)
    assert body(resources, "networktemplate.odd")["acl_tags"] == "text"
    assert body(resources, "networktemplate.cleared")["acl_tags"] == {"iot": {"type": "network", "network": "iot"}}
    assert "acl_tags" not in body(resources, "networktemplate.none")


def test_shared_tags_serve_site_settings_and_profiles_too() -> None:
    project = "defaults: {settings: {acl_policies: [{src_tags: [iot]}]}}\n"
    files = "acl_tags: [{name: iot, type: any}]\nsites: [{name: A, setting: {}}]"
    assert body(clean(files, project), "site.A/setting")["acl_tags"] == {"iot": {"type": "any"}}

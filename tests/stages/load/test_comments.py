"""A comment that cuts a name is an error; comments as people write them never are."""

import pytest

from tests.stages.compose.support import composed

CUT = {
    "sites:\n  - name: Store #12\n": ("a.yaml:2:11", "`name` is 'Store'"),
    "sites:\n  - {name: A, address: 12 Main St #5\n    }\n": ("a.yaml:2:24", "`#5\n"),
    "sites:\n  - name: A\n    address: 12 Main St #5, Unit #B  # the old one\n": ("a.yaml:3:14", "12 Main St"),
    "sites:\n  - name: A\n    sitegroups:\n      - Group #1\n": ("a.yaml:4:9", "`sitegroups` is 'Group'"),
    "sites:\n  - name: Straße #12\n    setting: {vars: {a: 'b:c'}}\n": ("a.yaml:2:11", "Straße"),
    "wlans:\n  - site: Store #12\n    ssid: L\n": ("a.yaml:2:11", "`site` is 'Store'"),
}


@pytest.mark.parametrize(("text", "wanted"), CUT.items(), ids=[repr(text) for text in CUT])
def test_a_text_that_goes_on_behind_a_number_sign_is_an_error_at_its_place(text: str, wanted: tuple[str, str]) -> None:
    found = [item for item in composed(text).diagnostics if item.rule == "cut-text"]
    assert [str(item.source) for item in found] == [wanted[0]]
    assert wanted[1].strip() in found[0].detail


@pytest.mark.parametrize(
    "line",
    [
        "name: Store  # 12",
        "name: Store # 12",
        "name: Store  #12",
        "name: Store   #12",
        "name: 'Store #12'",
        'name: "Store #12"  #main',
        "name: Store#12",
        "name: Store ## 12",
        "name: A\n    latlng: {lat: 1, lng: 2} #here",
        "name: A\n    country_code: FR #France",
        "name: A\n    #notes: Store #12",
        "name: A #\n",
        "name: A\n    notes: |\n      Store #12\n",
    ],
)
def test_a_comment_as_people_write_it_is_none(line: str) -> None:
    assert [item for item in composed(f"sites:\n  - {line}\n").diagnostics if item.rule == "cut-text"] == []

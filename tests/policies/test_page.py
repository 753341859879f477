"""The page about policies says what is so."""

import re
from pathlib import Path

from reconciler.policies import ChangeView, InventoryView, PlanView, ResourceView
from reconciler.policies.rules import catalogue
from tests.cli.conftest import PROJECT, Command

PAGE = (Path(__file__).parent.parent.parent / "docs" / "policies.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_inventory_of_the_page_is_valid_and_its_policy_finds_an_open_wlan(
    command: Command, inventory: Path
) -> None:
    (inventory / "policies").mkdir()
    (inventory / "policies" / "shops.py").write_text(blocks("python")[0])
    (inventory / "reconciler.yaml").write_text(PROJECT + "".join(blocks("yaml")))
    (inventory / "shop.yaml").write_text(
        "sitegroups: [{name: shops}]\n"
        "sites:\n"
        "  - {name: Shop, timezone: Europe/Paris, country_code: FR, address: x, sitegroups: [shops],\n"
        "     wlans: [{ssid: Free, auth: {type: open}}]}\n"
    )
    result = command("validate")
    assert result.code == 3
    assert "error[no-open-ssid-in-shops]" in result.out
    assert "Give it a passphrase" in result.out
    assert result.out.count("error[") == 1


def test_what_the_page_names_exists() -> None:
    rows = re.findall(r"^\| `(inventory|plan)` \| (.*) \|$", PAGE, flags=re.MULTILINE)
    for name, text in rows:
        view = {"inventory": InventoryView, "plan": PlanView}[name]
        known = set(dir(view))
        assert set(re.findall(r"`(\w+)", text)) <= known
    sentence = re.search(r"An object has (.*?); a\nchange has (.*?)\.\n", PAGE, flags=re.DOTALL)
    assert sentence
    for view, text in zip((ResourceView, ChangeView), sentence.groups(), strict=True):
        assert set(re.findall(r"`(\w+)", text)) <= set(dir(view))


def test_the_rules_that_the_page_changes_can_be_changed() -> None:
    changeable = {item.id for item in catalogue({}) if item.changeable}
    assert set(re.findall(r"^  ([a-z-]+): (?:error|off|warning)", blocks("yaml")[0], flags=re.MULTILINE)) <= changeable

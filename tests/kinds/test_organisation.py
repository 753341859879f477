"""The organisation's own object and its setting: one of each, changed and never made or deleted."""

from typing import Any

from reconciler.kinds import kinds
from reconciler.model.change import Action, Status
from reconciler.model.options import Options
from tests.kinds.stages import Stages, rules
from tests.kinds.test_models import SAMPLES
from tests.world import ORG, World, declare, world

IDP = "33333333-0000-4000-8000-000000000001"
ALARM = "33333333-0000-4000-8000-000000000002"
TUNNEL = "33333333-0000-4000-8000-000000000003"
BRANCH = "33333333-0000-4000-8000-000000000004"
PRUNE = Options(threads=1, prune=True, ack_deletes=0)


def acme() -> World:
    return world(
        None,
        ssos=[{"id": IDP, "name": "radius-proxy", "idp_type": "oauth"}],
        alarmtemplates=[{"id": ALARM, "name": "night"}],
        mxtunnels=[{"id": TUNNEL, "name": "guests"}],
        gatewaytemplates=[{"id": BRANCH, "name": "branch"}],
        setting={"ui_idle_timeout": 30, "celona": {"api_prefix": "old", "api_key": "by-hand"}},
    )


def settled(cloud: World, *declared: Any) -> None:
    outcomes = cloud.apply(*declared)
    assert [(item.action, item.status, item.verified) for item in outcomes] == [
        (Action.UPDATE, Status.APPLIED, True)
    ] * len(declared)
    assert cloud.plan(*declared).changes == ()


def test_both_are_written_with_names_for_ids_and_what_nobody_declares_stays() -> None:
    cloud = acme()
    settled(cloud, *(declare(name, SAMPLES[name]) for name in ("organisation", "organisation_setting")))
    setting = cloud.call("GET", f"orgs/{ORG}/setting")
    assert setting["ui_idle_timeout"] == 30
    assert setting["mgmt"]["mxtunnel_ids"] == [TUNNEL]
    assert setting["mist_nac"]["idps"][0]["id"] == setting["mist_nac"]["default_idp_id"] == IDP
    assert setting["auto_site_assignment"]["rules"][0]["gatewaytemplate_id"] == BRANCH
    assert cloud.call("GET", f"orgs/{ORG}")["alarmtemplate_id"] == ALARM


def test_what_is_cleared_is_gone() -> None:
    cloud = acme()
    settled(cloud, declare("organisation", SAMPLES["organisation"]))
    settled(cloud, declare("organisation", {"alarmtemplate": None}))
    settled(cloud, declare("organisation_setting", {"celona": None}))
    assert not cloud.call("GET", f"orgs/{ORG}").get("alarmtemplate_id")
    assert not cloud.call("GET", f"orgs/{ORG}/setting").get("celona")


def test_neither_is_ever_deleted_or_made() -> None:
    manage = {"organisation_setting": {"prune": True}, "organisation": {"prune": True}}
    assert acme().plan(options=PRUNE, manage=manage).changes == ()


def test_a_file_holds_the_only_one_as_a_mapping_and_no_list() -> None:
    stages = Stages(kinds(), acme())
    text = "organisation_setting: {ap_updown_threshold: 10}\norganisation: {session_expiry: 480}"
    assert [str(change.address) for change in stages.plan(text).changes] == ["organisation", "organisation_setting"]
    found = rules(stages.inventory("organisation_setting: [{ap_updown_threshold: 10}]"))
    assert found == {"not-an-object": "'organisation_setting' takes a mapping with its fields: there is only one of it"}

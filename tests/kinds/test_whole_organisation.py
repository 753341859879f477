"""All that can be configured, in one organisation: declared, applied to an empty one, changed by hand, reported,
adopted, and nothing is left to do."""

from collections import Counter
from typing import Any

from reconciler.diagnostics import Severity
from reconciler.drift.adopt import adopt
from reconciler.kinds import Kind, kinds
from reconciler.model.change import Action
from reconciler.model.options import Options
from reconciler.model.resource import Resource
from reconciler.pipeline.offline import load_inventory
from reconciler.pipeline.online import make_plan
from reconciler.sources.texts import TextTree
from reconciler.stages.apply.body import clearing
from reconciler.stages.validate.bodies import secret_parts
from tests.export.support import QUIET, exported, prove
from tests.export.test_export import everything
from tests.kinds.test_contract import CLAIMED, done, own_fields
from tests.world import ORG, World, declare, world

ONE = Options(threads=1)
ORGANISATION = """
    aamwprofiles alarmtemplates aptemplates assetfilters assets avprofiles deviceprofiles evpn_topologies
    gatewaytemplates idpprofiles mxclusters mxedges mxtunnels nacportals nacrules nactags networks networktemplates
    pskportals psks rftemplates sdktemplates secintelprofiles secpolicies servicepolicies services setting sitegroups
    sites sitetemplates ssoroles ssos templates usermacs vpns webhooks wlans wxrules wxtags wxtunnels
"""
SITE = """
    assetfilters assets beacons devices evpn_topologies maps mxedges psks rssizones setting vbeacons webhooks wlans
    wxrules wxtags wxtunnels zones
"""
"""What an organisation, and a site, has of configuration: every list and setting of the vendor's document that is
state and neither a handshake, a file, nor write-only. The claimed devices come with those of the sites."""


def test_every_collection_of_configuration_has_a_kind() -> None:
    paths = {end.collection or end.item for kind in kinds() if kind.model for end in kind.endpoints}
    wanted = {f"orgs/{{org_id}}/{name}" for name in ORGANISATION.split()} | {
        f"sites/{{parent_id}}/{name}" for name in SITE.split()
    }
    assert wanted - paths == set()
    assert "orgs/{org_id}" in paths


def with_a_site_edge(acme: World) -> Resource:
    """A Mist Edge at the site: it can't be made there."""
    made = acme.call("POST", f"orgs/{ORG}/mxedges", {"name": "at-the-site", "model": "ME-100"})
    site = acme.only(f"orgs/{ORG}/sites", name="home-site")["id"]
    acme.call("POST", f"orgs/{ORG}/mxedges/assign", {"mxedge_ids": [made["id"]], "site_id": site})
    return declare("site.home-site/mxedge.at-the-site", {"ntp_servers": ["ntp.example.net"]})


NEEDED = {("webhook", "topics"), ("wxtag", "match"), ("wxtag", "op"), ("wxtag", "values")}
"""Without these a rule of the kind refuses the object, so that nobody would adopt it."""


def plain_field(kind: Kind) -> str | None:
    """A field of the sample that a person can clear, and that a file may hold: no secret, no call of its own."""
    assigned = {item.root for item in kind.references if item.assigned}
    found = (name for name in own_fields(kind) if name not in assigned and (kind.name, name) not in NEEDED)
    return next((name for name in found if secret_parts(kind.shape.below(name)) is None), None)


def change_by_hand(acme: World, resources: list[Resource], ids: dict[str, str]) -> set[str]:
    """Clears a field of everything that has one to clear; the addresses."""
    changed = set()
    for item in resources:
        kind = kinds()[item.kind]
        field = None if kind.singleton or kind.composed_only else plain_field(kind)
        if field is None or item.body.get(field) is None:
            continue
        endpoint = kind.endpoint(item.parent.kind if item.parent else None)
        assert endpoint is not None
        parent = ids[item.parent.text] if item.parent else ""
        path = endpoint.item.format(org_id=ORG, parent_id=parent, id=ids[item.address.text])
        acme.call("PUT", path, clearing(kind, field))
        changed.add(item.address.text)
    return changed


def test_everything_is_applied_changed_by_hand_reported_adopted_and_plans_to_nothing() -> None:
    acme = world(QUIET, inventory=CLAIMED)
    declared = everything()
    done(acme.apply(*declared, options=ONE))
    declared.append(with_a_site_edge(acme))
    done(acme.apply(*declared, options=ONE))
    asked = len(acme.emulator.calls.log)
    acme.client = acme.connect()
    before = acme.plan(*declared)
    paths = [call.path for call in list(acme.emulator.calls.log)[asked:]]
    assert len(paths) == before.reads
    twice = {path.rpartition("/")[2]: count for path, count in Counter(paths).items() if count > 1}
    assert twice == {"deviceprofiles": 3}  # one list holds three kinds, and is asked for each by its type
    assert [(item.address.text, item.fields) for item in before.changes] == []
    export = exported(acme)
    inventory = prove(acme, export)
    assert {item.kind for item in inventory.resources} == {
        kind.name for kind in kinds() if kind.model and not kind.composed_only
    }

    changed = change_by_hand(acme, list(inventory.resources), dict(before.ids))
    assert len({address.rpartition("/")[2].partition(".")[0] for address in changed}) > 40
    told = make_plan(inventory, acme.client, org_id=ORG, options=ONE)
    assert {item.address.text for item in told.changes} == changed
    assert {item.action for item in told.changes} == {Action.UPDATE}

    adoption = adopt(told.changes, inventory, export.files.__getitem__, kinds=kinds())
    assert [(str(item.address), item.path, item.reason) for item in adoption.refused] == []
    files: dict[str, Any] = {**export.files, **adoption.files}
    secrets = {name: secret.reveal() for name, secret in export.secrets.items()}
    again = load_inventory(TextTree(files), environ=secrets)
    assert [item.detail for item in again.diagnostics if item.severity is Severity.ERROR] == []
    after = make_plan(again, acme.client, org_id=ORG, options=ONE)
    assert [(item.address.text, item.fields) for item in after.changes] == []

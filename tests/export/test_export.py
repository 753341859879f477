"""An organisation that exists becomes an inventory that plans to nothing."""

from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.emulator import Emulator
from reconciler.emulator.seed import read_seed
from reconciler.kinds import kinds
from reconciler.model.options import Options
from reconciler.model.resource import Resource
from reconciler.pipeline.export import FACTORS, read_everything
from reconciler.yamltext.events import parse
from tests.export.support import QUIET, UUID, exported, objects_in, prove, rebuilt, told
from tests.kinds.test_contract import CLAIMED, PLACES, around, done, sample_of
from tests.kinds.test_models import SAMPLES
from tests.steps import grows
from tests.strategies import NAMES, bodies
from tests.world import ORG, World, declare, world

SEED = Path(__file__).parent.parent.parent / "examples" / "emulator" / "seed.yaml"


def lived_in() -> World:
    """The organisation of the examples, under the id of the tests."""
    data = read_seed(SEED)
    data["orgs"][0] |= {"id": ORG, "name": "Acme"}
    emulator = Emulator(data=data)
    emulator.settings.update({"quirks": QUIET})
    return World(emulator)


def everything() -> list[Resource]:
    """The sample of every kind, wherever it can live, with what it refers to."""
    wanted: dict[str, Resource] = {}
    for place in PLACES:
        for item in (*around(place), sample_of(place)):
            wanted[item.address.text] = item
    setting = declare("site.home-site/setting", SAMPLES["setting"])
    return [
        *wanted.values(),
        setting,
        *(declare(name, SAMPLES[name]) for name in ("organisation", "organisation_setting")),
    ]


@cache
def with_samples() -> World:
    """An organisation that has everything."""
    acme = world(QUIET, inventory=CLAIMED)
    done(acme.apply(*everything(), options=Options(threads=1)))
    return acme


def as_text(value: Any) -> Any:
    """The value with numbers as texts: the cloud keeps a VLAN either way."""
    if isinstance(value, dict):
        return {key: as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_text(item) for item in value]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def test_the_lived_in_organisation_exports_to_a_tree_that_plans_to_nothing() -> None:
    acme = lived_in()
    export = exported(acme)
    prove(acme, export)
    assert (export.objects, export.live) == (40, 40)
    assert told(export) == {}
    assert "organisation/sitegroups.yaml" in export.files
    assert "sites/paris-hq.yaml" in export.files
    assert "wireless/wlantemplates/guest.yaml" in export.files


def test_the_lived_in_organisation_is_rebuilt_from_its_export() -> None:
    export = exported(lived_in())
    again, before = objects_in(rebuilt(export)), objects_in(export)
    made = again["wlantemplate.guest/wlan.Kestrel-Guest"]
    assert made.get("l2_isolation") in (None, True)  # the cloud may put it beside `isolation` in a new object
    again["wlantemplate.guest/wlan.Kestrel-Guest"] = {key: made[key] for key in made if key != "l2_isolation"}
    assert as_text(again) == as_text(before)


def test_an_export_has_no_id_but_the_organisations_own() -> None:
    for file, text in exported(lived_in()).files.items():
        assert set(UUID.findall(text)) <= {ORG}, file


def test_a_second_export_is_the_same_byte_by_byte() -> None:
    acme = lived_in()
    assert exported(acme).files == exported(acme).files


def test_the_samples_of_every_kind_export_to_a_tree_that_plans_to_nothing() -> None:
    acme = with_samples()
    export = exported(acme)
    inventory = prove(acme, export)
    # A WLAN inside a security policy has a key of the cloud's own that no model has.
    assert [text.partition(":")[0] for text in told(export).pop("not-exported")] == ["secpolicy.no-open-networks"]
    assert told(export).keys() == {"not-exported"}
    modelled = {kind.name for kind in kinds() if kind.model and not kind.composed_only}
    assert {item.kind for item in inventory.resources} == modelled


def test_what_the_samples_make_is_rebuilt_from_their_export() -> None:
    export = exported(with_samples())
    assert objects_in(rebuilt(export)) == objects_in(export)


def test_with_full_defaults_it_plans_to_nothing_too() -> None:
    acme = with_samples()
    export = exported(acme, full=True)
    prove(acme, export)
    assert sum(map(len, export.files.values())) > sum(map(len, exported(acme).files.values()))


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_made_up_organisation_exports_to_a_tree_that_plans_to_nothing(data: st.DataObject) -> None:
    acme = world(QUIET)
    names = data.draw(st.lists(NAMES, min_size=2, max_size=4, unique_by=str.casefold))
    declared = []
    for name in names:
        kind = data.draw(st.sampled_from(["networktemplate", "rftemplate", "site", "sitegroup", "network", "service"]))
        body = data.draw(bodies(kind, without=("name", "routertemplate_id")))  # a plain id: it names nothing
        declared.append(declare(f"{kind}.{name}", {key: item for key, item in body.items() if key != "name"}))
    site = f"site.{names[0]}-home"
    declared += [declare(site), declare(f"{site}/setting", data.draw(bodies("setting")))]
    acme.apply(*declared)
    export = exported(acme, factor=data.draw(st.sampled_from(FACTORS)))
    prove(acme, export)
    left = {rule for rule in told(export) if rule != "not-exported"}
    assert left == set()
    said = UUID.findall("".join(text for file, text in export.files.items() if file != "reconciler.yaml"))
    ids = {item.id for item in read_everything(acme.client, org_id=ORG).live.objects}  # a beacon has a UUID of its own
    assert ids.isdisjoint(said)
    assert as_text(objects_in(rebuilt(export))) == as_text(objects_in(export))


def stores(count: int) -> World:
    """Stores that share their country and most settings, on one of two templates."""
    templates = [
        {"id": f"a0000000-0000-4000-8000-00000000000{at}", "name": name} for at, name in enumerate(("big", "small"))
    ]
    sites = [
        {
            "name": f"Store-{at}",
            "country_code": "DE",
            "timezone": "Europe/Berlin",
            "address": f"Street {at}",
            "networktemplate_id": templates[at % 2]["id"],
            "latlng": {"lat": 48.5 if at % 2 else 50.5, "lng": 9.5},
            "setting": {
                "vars": {"till": str(at), "corp": "10"},
                "rogue": {"enabled": True, "min_rssi": -70, "honeypot_enabled": at != 0},
                "auto_upgrade": {"enabled": True, "day_of_week": "sun" if at else "mon", "time_of_day": "03:00"},
            },
            "wlans": [{"ssid": "Lab", "auth": {"type": "psk", "psk": f"canary-{at:05}"}}],
        }
        for at in range(count)
    ]
    return world(QUIET, sites=sites, networktemplates=templates)


def test_what_many_share_is_written_once_under_a_name_that_says_what_they_share() -> None:
    acme = stores(14)
    export, plain = exported(acme), exported(acme, factor="none")
    prove(acme, export)
    assert objects_in(export) == objects_in(plain)
    project = export.files["reconciler.yaml"]
    shared = parse(project.encode(), "reconciler.yaml").value
    assert shared["defaults"]["sites"] == {"country_code": "DE", "timezone": "Europe/Berlin", "latlng": {"lng": 9.5}}
    assert shared["profiles"]["sites"]["small"] == {"networktemplate": "small", "latlng": {"lat": 48.5}}
    assert list(shared["profiles"]["settings"]) == ["standard"]
    assert "networktemplate" not in export.files["sites/store-3.yaml"]
    assert "profiles: [small]" in export.files["sites/store-3.yaml"]


def test_secrets_of_one_field_are_told_apart_by_what_holds_them() -> None:
    names = sorted(exported(stores(2)).secrets)
    assert names == ["STORE_0_LAB_PSK", "STORE_1_LAB_PSK"]


def test_the_work_grows_with_the_number_of_objects_alone() -> None:
    def export_of_size(count: int) -> Any:
        acme = stores(count)
        return lambda: exported(acme)

    assert grows(export_of_size, size=6) < 4.6

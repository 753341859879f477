"""Objects that differ in a few scalars become one template and a table, and are what they were."""

from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.pipeline.again import export_again
from reconciler.pipeline.export import FULL, NONE, export_of, read_everything
from reconciler.sources.texts import TextTree
from tests.export.support import HOST, QUIET, exported, objects_in, prove
from tests.export.test_export import lived_in, stores, with_samples
from tests.steps import grows
from tests.strategies import WORDS
from tests.world import ORG, World, world

HARD = (
    *(
        "${ x }",
        "{% if %}",
        "{# no #}",
        "{{iot_vlan}}",
        "a,b;c\td",
        'say "hi"',
        "line\nbreak",
        "#1",
        "~",
        "null",
        "007",
    ),
    *("007", "47.1000", "true", "=HYPERLINK", "[x]", "@x", "!secret env:X", "Qx0Qx", "- a", "\u2028", "\ue100", "é"),
)


def shops(*rows: Mapping[str, Any], **org: Any) -> World:
    """An organisation with a site for each row."""
    usual = {"country_code": "FR", "timezone": "Europe/Paris", "setting": {"vars": {"corp": "10"}}}
    return world(QUIET, sites=[{"name": f"Shop {at:02}", **usual, **row} for at, row in enumerate(rows)], **org)


def same_as_plain(acme: World) -> Mapping[str, str]:
    """The files with tables, after the proof that they say the same as those without."""
    matches = read_everything(acme.client, org_id=ORG)
    export = export_of(matches, host=HOST, factor=FULL)
    assert objects_in(export) == objects_in(export_of(matches, host=HOST, factor=NONE))
    return export.files


def test_branches_of_the_lived_in_organisation_are_rows_of_one_table() -> None:
    acme = lived_in()
    files = same_as_plain(acme)
    export = exported(acme, factor=FULL)
    prove(acme, export)
    assert export.files == files
    assert files["sites/branch.csv"].splitlines()[:2] == [
        "name,address,lat,lng,notes,timezone,iot_vlan,branch_subnet",
        'Branch-Brest,"40 rue de Siam, 29200 Brest",48.3861,-4.4919,"Kestrel store no. 2, open 9-19",Europe/Paris,30,'
        "10.64.2.0/24",
    ]
    assert "    latlng: {lat: ${ lat }, lng: ${ lng }}\n" in files["sites/branch.yaml.j2"]
    assert "  - {template: sites/branch.yaml.j2, rows: sites/branch.csv}\n" in files["reconciler.yaml"]
    assert "sites/paris-hq.yaml" in files


def test_the_samples_of_every_kind_say_the_same_with_tables() -> None:
    same_as_plain(with_samples())


def test_every_value_is_the_same_from_a_cell() -> None:
    notes = [{"notes": value, "address": f"{at} {value}"} for at, value in enumerate(HARD)]
    files = same_as_plain(shops(*notes, *({"setting": {"vars": {"corp": value}}} for value in HARD)))
    assert "notes: ${ notes }" in files["sites/sites.yaml.j2"]


def test_what_a_template_would_take_for_its_own_is_a_column_even_where_all_have_it() -> None:
    files = same_as_plain(shops(*({"notes": "${ x } {% y %}"} for _ in range(6))))
    assert "${ x }" not in files["sites/sites.yaml.j2"]


def test_a_key_that_some_lack_is_an_empty_cell_and_a_rare_one_a_table_of_its_own() -> None:
    few = [{"alarmtemplate_id": "a0000000-0000-4000-8000-000000000001"}]
    rows = [{"notes": "n"} if at % 2 else {} for at in range(40)]
    files = same_as_plain(shops(*rows, *few, alarmtemplates=[{"id": few[0]["alarmtemplate_id"], "name": "24x7"}]))
    assert files["sites/sites.csv"].splitlines()[1:3] == ["Shop 00,", "Shop 01,n"]
    assert "Shop 40" not in files["sites/sites.csv"]
    assert "sites/shop-40.yaml" in files


def test_secrets_that_differ_have_names_that_begin_alike_and_the_rest_in_a_column() -> None:
    files = same_as_plain(stores(6))
    assert "psk: !secret env:PSK_STORE_${ psk_secret }" in "".join(files.values())
    assert "canary" not in "".join(files.values())


def test_what_lies_in_sites_in_different_numbers_is_a_table_of_its_own() -> None:
    rows = [{"wlans": [{"ssid": f"W{at}-{one}", "auth": {"type": "open"}} for one in range(at)]} for at in range(6)]
    files = same_as_plain(shops(*rows))
    assert files["sites/wlans.csv"].splitlines()[1].startswith("W1-0,")
    assert "    site: ${ site }\n" in files["sites/wlans.yaml.j2"] or "site: ${ site }," in files["sites/wlans.yaml.j2"]


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(
        st.fixed_dictionaries({"address": WORDS}, optional={"notes": WORDS | st.sampled_from(HARD), "tzoffset": WORDS}),
        min_size=5,
        max_size=8,
    )
)
def test_any_sites_say_the_same_with_tables(rows: list[dict[str, Any]]) -> None:
    same_as_plain(shops(*rows))


def test_onto_templates_and_tables_nothing_is_written_and_a_change_is_told() -> None:
    acme = shops(*({"notes": f"n{at}"} for at in range(6)))
    files = exported(acme, factor=FULL).files
    again = export_again(TextTree(files), read_everything(acme.client, org_id=ORG), environ={})
    assert (again.files, again.fields, again.new, again.diagnostics) == ({}, (), (), ())


def test_the_work_grows_with_the_number_of_rows_alone() -> None:
    def export_of_size(count: int) -> Any:
        acme = stores(count)
        return lambda: exported(acme, factor=FULL)

    assert grows(export_of_size, size=8) < 4.6

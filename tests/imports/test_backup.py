"""The JSON of the public backup scripts becomes an inventory that is what they read."""

import json
from typing import Any

import pytest

from reconciler.errors import UsageError
from reconciler.imports.backup import backup_in
from reconciler.pipeline.backup import import_backup
from reconciler.pipeline.export import FULL, Export
from tests.export.support import HOST, QUIET, exported, objects_in, prove, told
from tests.export.test_export import lived_in, with_samples
from tests.imports.backups import as_bytes, backup_of
from tests.world import ORG, world

SITE = {"name": "HQ [old] 50% / a", "country_code": "FR", "timezone": "UTC"}


def imported(conf: Any, inventory: Any = None, **options: Any) -> Export:
    found = backup_in(as_bytes(conf), None if inventory is None else as_bytes(inventory), file="backup.json")
    return import_backup(found, host=HOST, **options)


@pytest.mark.parametrize("factor", ["profiles", FULL])
def test_a_backup_of_the_lived_in_organisation_is_what_an_export_of_it_is(factor: str) -> None:
    acme = lived_in()
    export = imported(*backup_of(acme), factor=factor)
    assert export.files == exported(acme, factor=factor).files
    assert told(export).keys() == {"not-in-backup"}
    if factor == FULL:
        prove(acme, export)


def test_of_every_kind_only_what_the_scripts_never_ask_for_is_missing_and_told() -> None:
    acme = with_samples()
    export = imported(*backup_of(acme))
    missing = {
        text.rpartition("/")[2].partition(".")[0] for text in objects_in(exported(acme)).keys() - objects_in(export)
    }
    words = " ".join(told(export)["not-in-backup"] + told(export)["unread"])
    assert [kind for kind in sorted(missing) if kind.removesuffix("y") not in words] == []


def test_a_list_that_the_script_could_not_read_is_told_and_is_not_an_empty_one() -> None:
    conf, inventory = backup_of(world(QUIET, sites=[SITE], sitegroups=[{"name": "g"}]))
    conf["org"]["sitegroups"] = None
    export = imported(conf, inventory)
    assert any("sitegroup objects" in words and "could not read it" in words for words in told(export)["unread"])
    assert "site.HQ [old] 50%25 %2F a" in objects_in(export)


def test_without_the_file_of_devices_these_are_told_as_not_read() -> None:
    conf, _ = backup_of(world(QUIET, sites=[SITE]))
    assert any("ap objects" in words and "org_inventory_file.json" in words for words in told(imported(conf))["unread"])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "1:1"),
        (b"{", "1:2"),
        (b"gAAAAAB\xff", "Decrypt it first"),
        (b"[]", "no object"),
        (b"[" * 100_000, "nested too deeply"),
        (b"{}", "no `org` with an `id`"),
        (json.dumps({"org": {"id": ORG}, "sites": {"x": []}}).encode(), "`sites.x` is no object"),
        (json.dumps({"org": {"id": ORG, "sites": [{"name": "a"}]}, "sites": {}}).encode(), "`org.sites`"),
        (json.dumps({"org": {"id": ORG, "wlans": [1]}, "sites": {}}).encode(), "`org.wlans`"),
        (json.dumps({"org": {"id": ORG}, "sites": {"x": {"maps": [{}]}}}).encode(), "`sites.x.maps`"),
    ],
)
def test_what_is_no_backup_is_refused_with_what_it_is(content: bytes, words: str) -> None:
    with pytest.raises(UsageError) as error:
        backup_in(content, None, file="backup.json")
    assert words in f"{error.value} {error.value.remedy}"


@pytest.mark.parametrize("devices", [{}, {"org": {}}, {"org": {"sites": {"HQ": {"devices": [1]}}}}])
def test_what_is_no_backup_of_devices_is_refused(devices: Any) -> None:
    with pytest.raises(UsageError, match=r"org_inventory_file\.json"):
        backup_in(as_bytes({"org": {"id": ORG}, "sites": {}}), as_bytes(devices), file="backup.json")


@pytest.mark.parametrize("value", [None, 3, "x", {}, []])
@pytest.mark.parametrize("word", ["data", "settings", "sites", "wlans"])
def test_values_of_other_types_end_in_words_and_never_in_a_traceback(word: str, value: Any) -> None:
    conf, _ = backup_of(world(QUIET, sites=[SITE]))
    conf["org"][word] = value
    left = told(imported(conf))
    assert "not-in-backup" in left
    assert value in ({}, []) or any("could not read it" in words for words in left["unread"])

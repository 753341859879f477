"""reconciler.yaml: everything that is wrong in it is told at its line."""

import pytest

from reconciler.diagnostics import SourceRange
from reconciler.kinds import kinds
from reconciler.sources.secrets import secrets_for
from reconciler.stages.compose import compose
from reconciler.stages.load import load
from tests.stages.compose.support import Files, composed, only


@pytest.mark.parametrize(
    ("project", "place", "rule", "part"),
    [
        ("hots: x", (2, 1), "unknown-key", "hots; did you mean 'host'"),
        ("org:\n  nam: x", (3, 3), "unknown-key", "org.nam; did you mean 'name'"),
        ("limits:\n  deletes:\n    absolut: 1", (4, 5), "unknown-key", "did you mean 'absolute'"),
        ("manage:\n  sites:\n    prun: true", (4, 5), "unknown-key", "did you mean 'prune'"),
        ("ignore:\n  - address: x\n    feild: y", (4, 5), "unknown-key", "did you mean 'field'"),
        ("limits:\n  kinds:\n    sites:\n      delets: {}", (5, 7), "unknown-key", "did you mean 'deletes'"),
        ("zzz: 1", (2, 1), "unknown-key", "zzz"),
        ("ignore: [{address: x, until: 2026-02-30}]", (2, 23), "bad-project", "ignore.0.until: must be a date"),
        ("ignore: [{address: x, until: 20260131}]", (2, 23), "bad-project", "must be text"),
        ("ignore: [{address: x, until: '20260131'}]", (2, 23), "bad-project", "must be a date"),
        ("host: 1", (2, 1), "bad-project", "host: must be text"),
        ("protect: x", (2, 1), "bad-project", "protect: must be a list"),
        ("protect: [1]", (2, 11), "bad-project", "protect.0: must be text"),
        ("org: x", (2, 1), "bad-project", "org: must be a mapping"),
        ("secrets: {commands: 'yes'}", (2, 11), "bad-project", "must be true or false"),
        ("limits: {deletes: {absolute: -1}}", (2, 20), "bad-project", "greater than or equal to 0"),
        ("limits: {deletes: {absolute: 1.5}}", (2, 20), "bad-project", "whole number"),
        ("generate: [{rows: x.csv}]", (2, 12), "bad-project", "generate.0: takes `template`, or"),
        ("defaults: {sites: [x]}", (2, 12), "bad-project", "must be a mapping"),
        ("defaults: {sitse: {}}", (2, 12), "unknown-kind", "did you mean 'sites'"),
        ("manage: {wlns: {prune: true}}", (2, 10), "unknown-kind", "did you mean 'wlans'"),
        ("external: {zzz: [a]}", (2, 12), "unknown-kind", "external.zzz"),
        ("limits: {kinds: {zzz: {}}}", (2, 18), "unknown-kind", "limits.kinds.zzz"),
    ],
)
def test_a_mistake_in_the_project_file_is_one_error_at_its_place(
    project: str, place: tuple[int, int], rule: str, part: str
) -> None:
    found = only(composed({}, project + "\n"))
    assert (found.rule, found.source) == (rule, SourceRange("reconciler.yaml", *place))
    assert part in found.detail


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [("", 1, "write `version: 1`"), ("host: x\n", 1, "write `version: 1`"), ("host: x\nversion: 2\n", 2, "version: 1")],
)
def test_the_version_must_be_there_and_known(text: str, line: int, part: str) -> None:
    tree = Files({"reconciler.yaml": text})
    found = only(compose(load(tree), kinds=kinds(), secrets=secrets_for(tree, {})))
    assert (found.rule, found.source and found.source.line) == ("project-version", line)
    assert part in found.detail


@pytest.mark.parametrize("files", [{}, {"reconciler.yaml": "a: [\n"}, {"reconciler.yaml": "- a\n"}])
def test_a_project_file_that_is_missing_or_broken_is_told_once(files: dict[str, str]) -> None:
    tree = Files(files)
    inventory = compose(load(tree), kinds=kinds(), secrets=secrets_for(tree, {}))
    assert len(inventory.diagnostics) == 1
    assert inventory.project.version == 1


def test_what_is_right_counts_beside_what_is_wrong() -> None:
    inventory = composed("sites: [{name: A}]", "host: api.mist.com\nprotect: 1\nlimits: {deletes: {percent: 3}}\n")
    assert inventory.project.host == "api.mist.com"
    assert inventory.project.limits.deletes.percent == 3
    assert [str(resource.address) for resource in inventory.resources] == ["site.A"]


def test_kinds_are_known_by_name_and_plural_and_come_out_by_name() -> None:
    project = composed(
        {},
        "manage: {wlans: {prune: true}}\nlimits: {kinds: {site: {deletes: {absolute: 1}}}}\n"
        "external: {alarmtemplates: [a], port_usages: [n]}\n",
    ).project
    assert list(project.manage) == ["wlan"]
    assert list(project.limits.kinds) == ["site"]
    assert list(project.external) == ["alarmtemplate", "port_usages"]


def test_an_exception_may_end_on_a_date() -> None:
    inventory = composed({}, "ignore: [{address: x, until: 2026-01-31}]\n")
    assert (inventory.diagnostics, inventory.project.ignore[0].until) == ((), "2026-01-31")


def test_no_project_message_holds_a_value() -> None:
    found = composed({}, "host: [hunter2]\nvars: hunter2\norg: {id: [hunter2]}\n").diagnostics
    assert len(found) == 3
    assert "hunter2" not in str(found)


def test_an_organisation_id_is_checked_offline() -> None:
    found = composed({}, "org: {id: 5a1c0e77-3b0d}\n").diagnostics
    assert [(item.rule, item.source and item.source.line) for item in found] == [("bad-project", 2)]
    assert "must be an id such as" in found[0].detail
    assert composed({}, "org: {id: 5A1C0E77-3b0d-4c3e-9f50-0d9a6c1b7e01}\n").diagnostics == ()

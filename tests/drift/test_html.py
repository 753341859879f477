"""The page: self-contained, escaped, the same every time, and its picture."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace

from reconciler.diagnostics import Diagnostic, Severity, SourceRange
from reconciler.model.address import Address
from reconciler.model.change import UNKNOWN, Action, Change, Edit, FieldChange, Note, Plan
from reconciler.model.drift import Drift, DriftException, Hidden, LogRead, SitePlace, SiteState, Unmanaged
from reconciler.model.resource import Resource
from reconciler.model.values import Secret, YamlMap
from reconciler.report.html import drift_page
from reconciler.report.html_map import WIDTH, picture

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ANN = Edit(admin="Ann", timestamp=NOW.timestamp() - 2 * 86400, message="Update", address="192.0.2.1", shown=True)
BOB = Edit(admin="Bob", timestamp=NOW.timestamp() - 3 * 3600, message="Update")
GONE = Edit(admin="Cat", timestamp=NOW.timestamp() - 30, message='Delete Webhook "w"', shown=True)
VOID = frozenset({"meta", "rect", "path", "circle", "br"})


def change(address: str, *fields: FieldChange, action: Action = Action.UPDATE, edited: Edit | None = None) -> Change:
    return Change(address=Address(address), kind=Address(address).kind, action=action, fields=fields, edited=edited)


EVIL = "<script>alert('x')</script>\u202e&"
DRIFT = Drift(
    plan=Plan(
        org_id="o",
        org_name=f"Acme {EVIL}",
        changes=(
            change(
                "site.Paris",
                FieldChange(path="notes", before=EVIL, after="a", edited=ANN),
                FieldChange(path="vars", before={"a": "x" * 80}, after=None, edited=BOB),
                FieldChange(path="topics", before=["a", "b"], after=["a", "c"], note=Note.UNORDERED, edited=UNKNOWN),
                FieldChange(path="order", before=["a"], after=["b"], note=Note.ORDER, edited=ANN),
                FieldChange(path="auth.psk", sensitive=True, edited=ANN),
                edited=BOB,
            ),
            change("webhook.w", FieldChange(path="secret", sensitive=True), action=Action.CREATE, edited=GONE),
            *(change(f"site.S{n}/setting", FieldChange(path="x", before=1, after=2, edited=ANN)) for n in range(6)),
        ),
        diagnostics=(Diagnostic(severity=Severity.WARNING, rule="r", summary="Careful", detail=EVIL),),
        unchanged=5,
        reads=9,
    ),
    unmanaged=(Unmanaged(address=Address("webhook.x"), edited=BOB), Unmanaged(address=Address("webhook.y"))),
    exceptions=(
        DriftException(
            address=f"site.{EVIL}",
            field="n",
            reason=EVIL,
            until="2026-12-31",
            hides=(Hidden(address=Address("site.A"), path="n"),),
        ),
        DriftException(address="site.*", hides=tuple(Hidden(address=Address(f"site.{n}")) for n in range(14))),
        DriftException(address="site.B", until="2026-01-01", expired=True),
        DriftException(address="site.never-hides"),
    ),
    sites=(
        SitePlace(name="Paris", state=SiteState.DRIFTED, differs=1, latitude=48.8, longitude=2.3),
        SitePlace(name=f"L {EVIL}", state=SiteState.IN_SYNC, latitude=45.7, longitude=4.8),
        SitePlace(name="Nowhere", state=SiteState.UNREAD),
        SitePlace(name="Other", state=SiteState.UNMANAGED),
    ),
    log=LogRead(days=30, entries=812, problem="only some"),
)


class Page(HTMLParser):
    """Tags, attributes and text; fails where tags are not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += f" {data.strip()}" if data.strip() else ""


PAGE = drift_page(DRIFT, now=NOW)


def test_the_page_tells_who_when_and_from_where() -> None:
    text = Page(PAGE).text
    assert "changed by Ann 2026-11-19 09:30 UTC , 2 days ago from 192.0.2.1" in text
    assert "object last edited by Bob 2026-11-21 06:30 UTC , 3 hours ago" in text
    assert "deleted by Cat 2026-11-21 09:29 UTC , just now" in text
    assert "unknown: the audit log does not tell" in text
    assert "812 entries of the audit log of the last 30 days; only some" in text


def test_every_part_has_its_place() -> None:
    text = Page(PAGE).text
    for part in (
        "only here: c (and 1 more in both)",
        "only the order differs",
        "the secret differs; its value is never shown",
        "not set",
        "The same in 5 more sites S1, S2, S3, S4, S5",
        "until 2026-12-31",
        "expired on 2026-01-01",
        "Hides nothing now.",
        "and 2 more",
        "last edited by Bob",
        "Without coordinates",
        "1 site drifted: Paris; 1 site unread: Nowhere; 1 site unmanaged: Other; 1 site in sync",
        "warning: Careful",
    ):
        assert part in text, part
    assert "never-hides" not in text


def test_nothing_is_loaded_from_elsewhere_and_nothing_runs() -> None:
    page = Page(PAGE)
    assert not {"script", "link", "img", "iframe", "object", "style2"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on") or name in ("src", "srcset")]
    assert all(value.startswith("#") for name, value in page.attributes if name == "href")
    assert "url(" not in PAGE
    assert "@import" not in PAGE
    assert re.findall(r"https?://[^\s\"<]*", PAGE) == []


def test_names_from_the_cloud_stay_text() -> None:
    assert "<script" not in PAGE
    assert "\u202e" not in PAGE
    assert "&lt;script&gt;" in PAGE


def test_links_lead_to_places_of_the_page() -> None:
    page = Page(PAGE)
    ids = {value for name, value in page.attributes if name == "id"}
    assert {value[1:] for name, value in page.attributes if name == "href"} <= ids
    assert len(ids) == len([value for name, value in page.attributes if name == "id"])


def test_the_same_report_is_the_same_page_and_the_time_is_all_that_differs() -> None:
    assert drift_page(DRIFT, now=NOW) == PAGE
    later = drift_page(DRIFT, now=NOW.replace(minute=31))
    assert later != PAGE
    assert len(later.splitlines()) == len(PAGE.splitlines())


def test_a_page_without_drift_or_sites_is_a_page_too() -> None:
    page = Page(drift_page(Drift(plan=Plan(org_id="o-1", org_name="")), now=NOW))
    assert "No drift." in page.text
    assert "svg" not in page.tags


def test_secrets_never_stand_in_the_page() -> None:
    secret = Secret("canary-page", origin="env:X")
    fields = (
        FieldChange(path="auth", before={"psk": secret}, after=[secret]),
        FieldChange(path="list", before=[{"secret": secret, "more": "y" * 90}], after=None),
    )
    plan = Plan(org_id="o", org_name="A", changes=(change("site.A", *fields),))
    page = drift_page(Drift(plan=plan), now=NOW)
    assert "canary" not in page
    assert "(secret)" in page


def sites(count: int, *, placed: bool = True, state: SiteState = SiteState.IN_SYNC) -> list[SitePlace]:
    return [
        SitePlace(
            name=f"S{n}",
            state=SiteState.DRIFTED if n % 50 == 7 else state,
            latitude=40 + (n * 7 % 100) / 10 if placed else None,
            longitude=(n * 13 % 100) / 10 if placed else None,
        )
        for n in range(count)
    ]


@pytest.mark.parametrize("count", [1, 2, 14, 60, 300, 2000])
@pytest.mark.parametrize("placed", [True, False])
def test_every_site_is_drawn_once_inside_of_the_picture(count: int, placed: bool) -> None:
    drawn = picture(sites(count, placed=placed))
    assert sorted(mark.site.name for mark in drawn.marks) == sorted(f"S{n}" for n in range(count))
    assert all(0 < mark.x < WIDTH and 0 < mark.y < drawn.height for mark in drawn.marks)
    assert bool(drawn.rules) is placed


@pytest.mark.parametrize(("count", "placed"), [(14, True), (200, True), (14, False), (300, False)])
def test_marks_do_not_cover_each_other(count: int, placed: bool) -> None:
    same = [replace(site, latitude=48.0, longitude=2.0) if placed else site for site in sites(count, placed=placed)]
    marks = picture(same).marks
    for at, one in enumerate(marks):
        for other in marks[at + 1 :]:
            assert (one.x - other.x) ** 2 + (one.y - other.y) ** 2 >= (1.7 * min(one.size, other.size)) ** 2


def test_what_needs_attention_is_drawn_last_and_keeps_its_place() -> None:
    crowd = [replace(site, latitude=48.0, longitude=2.0) for site in sites(60)]
    marks = picture(crowd).marks
    assert marks[-1].site.state is SiteState.DRIFTED
    middle = {(mark.x, mark.y) for mark in marks if mark.site.name == "S57" or mark.site.name == "S7"}
    assert any(abs(x - WIDTH / 2) < 1 for x, _ in middle)


def test_north_is_up_and_east_is_right() -> None:
    north, south = (
        SitePlace(name=n, state=SiteState.IN_SYNC, latitude=lat, longitude=0) for n, lat in (("n", 60), ("s", 10))
    )
    west, east = (
        SitePlace(name=n, state=SiteState.IN_SYNC, latitude=30, longitude=lng) for n, lng in (("w", -30), ("e", 40))
    )
    at = {mark.site.name: mark for mark in picture([north, south, west, east]).marks}
    assert at["n"].y < at["w"].y < at["s"].y
    assert at["w"].x < at["n"].x < at["e"].x


def test_names_stand_where_there_is_room() -> None:
    few = picture(sites(14))
    assert len(few.names) > 7
    assert picture(sites(2000)).names == ()
    only_urgent = picture([*sites(7), *(replace(site, name=f"T{site.name}") for site in sites(60)[8:57])])
    assert {name.state for name in only_urgent.names} <= {SiteState.DRIFTED}
    long = picture([SitePlace(name="x" * 60, state=SiteState.DRIFTED, latitude=1, longitude=1)])
    assert long.names[0].text == "x" * 21 + "…"


def test_what_one_template_made_for_many_sites_is_told_once_with_a_table_of_the_rest() -> None:
    place = SourceRange("sites/shops.yaml.j2", 4, 5)
    shops = [f"Shop {at} {EVIL}" for at in range(40)]
    gone = tuple(
        Change(
            address=Address.of("site", name),
            kind="site",
            action=Action.CREATE,
            fields=(
                FieldChange(path="name", after=name),
                FieldChange(path="timezone", after="Europe/Paris"),
                FieldChange(path="vars", after={"key": Secret("canary-key", origin="plain"), "store": f"{at} {EVIL}"}),
            ),
            declared=Resource(address=Address.of("site", name), kind="site", body=YamlMap(), key=name, source=place),
        )
        for at, name in enumerate(shops)
    )
    places = tuple(SitePlace(name=name, state=SiteState.DRIFTED, differs=1) for name in shops)
    page = drift_page(Drift(plan=Plan(org_id="o", org_name="Acme", changes=gone), sites=places), now=NOW)
    read = Page(page)
    assert read.tags.count("article") == 1
    assert read.tags.count("tr") == 40
    assert "and 39 more from the same line of the template" in read.text
    assert ", and 39 more" in read.text
    assert page.count("Europe/Paris") == 1
    assert {value for name, value in read.attributes if name == "href"} == {"#site-0"}
    assert "canary" not in page
    assert "<script" not in page


def test_the_sites_of_one_difference_can_all_be_read() -> None:
    edits = tuple(
        change(f"site.S{at:03}/setting", FieldChange(path="x", before=1, after=2, edited=ANN)) for at in range(200)
    )
    text = Page(drift_page(Drift(plan=Plan(org_id="o", org_name="Acme", changes=edits)), now=NOW)).text
    assert "Site S000, and 199 more" in text
    assert all(f"S{at:03}" in text for at in range(200))


def test_the_picture_shows_the_coasts_and_borders_that_are_in_sight_and_no_more() -> None:
    def seen(*places: tuple[float, float]) -> tuple[int, int]:
        sites = [SitePlace(name=f"{at}", latitude=at[0], longitude=at[1], state=SiteState.IN_SYNC) for at in places]
        drawn = picture(sites)
        for path in (drawn.coasts, drawn.borders):
            numbers = [float(text) for text in re.findall(r"-?[0-9.]+(?:e-?[0-9]+)?", path)]
            assert len(numbers) % 2 == 0
            assert all(abs(number) < 20_000 for number in numbers)
        return len(drawn.coasts), len(drawn.borders)

    france = seen((48.4, -4.5), (43.6, 7.1))
    assert all(100 < length < 3_000 for length in france)
    assert seen((-45.0, -130.0), (-46.0, -131.0)) == (0, 0)
    world = seen((60.0, -150.0), (-45.0, 170.0))
    assert sum(france) < sum(world) < 120_000
    assert picture([SitePlace(name="A", latitude=None, longitude=None, state=SiteState.IN_SYNC)]).coasts == ""

"""A list is whole or an error: paging, and everything that can go wrong with pages."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from reconciler.emulator import Emulator, EmulatorAdapter
from reconciler.errors import BadAnswer, NotFound, ServerFailure, Unreachable
from reconciler.mist.answers import Answer
from reconciler.mist.client import MistClient, connect
from reconciler.mist.paging import Shifted, all_pages
from tests.mist.conftest import GROUPS, ORG, connection, paths
from tests.transport.fake_time import FakeTime


@pytest.fixture
def many(emulator: Emulator) -> Emulator:
    """An organisation of 2,300 site groups."""
    groups = [{"id": f"00000000-0000-4000-9000-{n:012d}", "name": f"group-{n}"} for n in range(2300)]
    emulator.load({"orgs": [{"id": ORG, "name": "Acme", "sitegroups": groups}]})
    return emulator


def test_a_long_list_is_read_page_by_page(client: MistClient, many: Emulator) -> None:
    assert len(client.list(GROUPS)) == 2300
    assert [dict(call.query)["page"] for call in many.calls.log] == ["1", "2", "3"]


def test_a_list_of_exactly_one_page_takes_a_second_call_that_finds_nothing(
    client: MistClient, emulator: Emulator
) -> None:
    groups = [{"id": f"00000000-0000-4000-9000-{n:012d}", "name": str(n)} for n in range(1000)]
    emulator.load({"orgs": [{"id": ORG, "name": "Acme", "sitegroups": groups}]})
    assert len(client.list(GROUPS)) == 1000
    assert emulator.calls.total == 2


class Headerless(EmulatorAdapter):
    """The emulator without some of the headers of a page."""

    def __init__(self, emulator: Emulator, *names: str) -> None:
        super().__init__(emulator)
        self.names = names

    def send(self, *args: Any, **kwargs: Any) -> Response:
        response = super().send(*args, **kwargs)
        for name in self.names:
            response.headers.pop(name, None)
        return response


@pytest.mark.parametrize("names", [("X-Page-Total",), ("X-Page-Total", "X-Page-Limit", "X-Page-Page")])
@pytest.mark.parametrize("number", [0, 1, 999, 1000, 1001, 1100, 2000, 2300])
def test_a_full_page_is_followed_by_the_next_one_whatever_the_headers_are(
    emulator: Emulator, fake_time: FakeTime, names: tuple[str, ...], number: int
) -> None:
    groups = [{"id": f"00000000-0000-4000-9000-{n:012d}", "name": str(n)} for n in range(number)]
    emulator.load({"orgs": [{"id": ORG, "name": "Acme", "sitegroups": groups}]})
    client = connect(connection(), adapter=Headerless(emulator, *names), timing=fake_time.timing)
    assert len(client.list(GROUPS)) == number
    assert emulator.calls.total == number // 1000 + 1


def test_a_total_that_is_too_small_is_found_out_by_the_page_behind_it(client: MistClient, many: Emulator) -> None:
    many.faults.add({"headers": {"X-Page-Total": "1000"}})
    with pytest.raises(BadAnswer, match="holds 2000 objects and says 1000"):
        client.list(GROUPS)


def test_a_page_that_shifts_while_the_list_is_read_makes_it_read_again(client: MistClient, many: Emulator) -> None:
    many.faults.add({"query": "page=2", "shift": 5, "times": 1})
    assert len({item["id"] for item in client.list(GROUPS)}) == 2300


def test_an_object_that_comes_twice_makes_the_list_be_read_again(client: MistClient, many: Emulator) -> None:
    first = many.call("GET", GROUPS, query={"limit": "1000"})
    many.faults.add({"query": "page=2", "body": json.dumps(first.body), "times": 1})
    assert len(client.list(GROUPS)) == 2300


@pytest.mark.parametrize(
    "fault",
    [
        {"headers": {"X-Page-Total": "2299"}},
        {"shift": 1000},
        {"body": "<html>maintenance</html>"},
        {"body": "[]"},
        {"body": "{}"},
        {"body": "[1]"},
        {"body": '[{"name": "no id"}]'},
        {"body": '[{"id": 7}]'},
        {"body": '[{"id": ""}]'},
        {"truncate": 100},
        {"headers": {"X-Page-Total": "many"}},
        {"status": 500},
    ],
    ids=str,
)
@pytest.mark.parametrize("page", [2, 3])
def test_a_list_that_keeps_failing_on_a_later_page_is_an_error_and_never_short(
    client: MistClient, many: Emulator, fault: dict[str, object], page: int
) -> None:
    many.faults.add({"query": f"page={page}", **fault})
    with pytest.raises((BadAnswer, ServerFailure)):
        client.list(GROUPS)
    assert sum(("page", "1") in call.query for call in many.calls.log) == 3, "the whole list is read three times"


def test_a_list_that_can_not_be_reached_on_page_two_is_an_error(client: MistClient, many: Emulator) -> None:
    many.faults.add({"query": "page=2", "drop": "before"})
    with pytest.raises(Unreachable):
        client.list(GROUPS)


def test_a_list_that_is_gone_on_page_two_is_an_error(client: MistClient, many: Emulator) -> None:
    many.faults.add({"query": "page=2", "status": 404})
    with pytest.raises(NotFound):
        client.list(GROUPS)


@pytest.mark.parametrize("body", ["", "nonsense", '[{"id": "a"}', "[NaN]", "\ufeff[]", "[" * 100_000])
def test_a_first_page_that_is_no_json_is_an_error_and_never_an_empty_list(
    client: MistClient, emulator: Emulator, body: str
) -> None:
    emulator.faults.add({"body": body})
    with pytest.raises(BadAnswer):
        client.list(GROUPS)


class Canned(BaseAdapter):
    """Answers every request with one body and its headers."""

    def __init__(self, body: bytes, headers: dict[str, str]) -> None:
        super().__init__()
        self.body, self.headers = body, headers

    def send(self, request: PreparedRequest, *args: object, **kwargs: object) -> Response:
        response = Response()
        response.status_code = 200
        response.headers.update(self.headers)
        response.raw = io.BytesIO(self.body)
        return response

    def close(self) -> None:
        pass


def canned(body: bytes, headers: dict[str, str], fake_time: FakeTime) -> MistClient:
    return connect(connection(), adapter=Canned(body, headers), timing=fake_time.timing)


def test_a_list_without_a_total_is_complete(fake_time: FakeTime) -> None:
    client = canned(b'[{"id": "a"}]', {"Content-Type": "application/json"}, fake_time)
    assert client.list("x") == [{"id": "a"}]
    assert client.calls.reads == 1


@pytest.mark.parametrize("content_type", ["application/vnd.api+json", "Application/JSON; charset=utf-8"])
def test_both_json_types_of_the_cloud_are_read(fake_time: FakeTime, content_type: str) -> None:
    assert canned(b"[]", {"Content-Type": content_type}, fake_time).list("x") == []


@pytest.mark.parametrize("content_type", [None, "text/html", "text/plain", "application/xml", "application/jsonish"])
def test_any_other_type_is_no_data(fake_time: FakeTime, content_type: str | None) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    with pytest.raises(BadAnswer, match="not JSON"):
        canned(b"[]", headers, fake_time).list("x")


def test_bytes_that_are_no_utf_8_are_no_data(fake_time: FakeTime) -> None:
    with pytest.raises(BadAnswer):
        canned(b'["\xff"]', {"Content-Type": "application/json"}, fake_time).list("x")


def test_an_object_that_comes_as_a_list_is_an_error(fake_time: FakeTime) -> None:
    client = canned(b"[]", {"Content-Type": "application/json"}, fake_time)
    with pytest.raises(BadAnswer, match="is no object"):
        client.get("x")


def pages(total: str | None, *contents: list[str]) -> Callable[[int], Answer]:
    def page(number: int) -> Answer:
        ids = contents[number - 1] if number <= len(contents) else []
        headers = {} if total is None else {"x-page-total": total}
        return Answer(status=200, data=[{"id": each} for each in ids], headers=headers)

    return page


def test_more_objects_than_the_total_are_an_error() -> None:
    with pytest.raises(Shifted, match="holds 3 objects and says 2"):
        all_pages(pages("2", ["a", "b", "c"]))


def test_a_total_that_is_lost_on_a_later_page_is_an_error() -> None:
    first, later = pages("3", ["a"]), pages(None, ["a"], ["b"])
    with pytest.raises(Shifted, match="said 3 objects first and None"):
        all_pages(lambda number: first(number) if number == 1 else later(number))


@pytest.mark.parametrize("total", [None, "3", "4"])
def test_the_size_of_a_page_is_what_the_cloud_made_of_it(total: str | None) -> None:
    def page(number: int) -> Answer:
        plain = pages(total, ["a", "b"], ["c", "d"] if total == "4" else ["c"])(number)
        return Answer(status=200, data=plain.data, headers={**plain.headers, "x-page-limit": "2"})

    assert len(all_pages(page)) == (4 if total == "4" else 3)


def test_a_route_without_pages_answers_whole() -> None:
    assert len(all_pages(pages(None, ["a", "b", "c"]), size=2)) == 3


def test_a_route_that_gives_the_same_full_page_again_and_again_is_an_error() -> None:
    with pytest.raises(Shifted, match="twice"):
        all_pages(lambda _number: pages(None, ["a", "b"])(1), size=2)


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=3), unique=True), st.integers(1, 5), st.booleans())
def test_every_list_is_read_whole_at_every_page_size_with_and_without_a_total(
    ids: list[str], size: int, with_total: bool
) -> None:
    contents = [ids[at : at + size] for at in range(0, len(ids), size)]
    total = str(len(ids)) if with_total else None
    assert [item["id"] for item in all_pages(pages(total, *contents), size=size)] == ids


@given(st.lists(st.lists(st.sampled_from("abcdef"), max_size=4), max_size=4), st.integers(0, 8))
def test_pages_give_every_object_once_or_an_error(contents: list[list[str]], total: int) -> None:
    try:
        found = [item["id"] for item in all_pages(pages(str(total), *contents))]
    except Shifted:
        return
    assert len(found) == len(set(found)) == total


def test_the_log_of_the_emulator_shows_no_call_beyond_the_last_page(client: MistClient, many: Emulator) -> None:
    client.list(GROUPS)
    assert len(paths(many)) == 3

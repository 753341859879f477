"""Many calls at a time: order, the first failure, and a token that is revoked half way."""

import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from reconciler.emulator import Emulator, EmulatorAdapter, Settings
from reconciler.errors import NotFound, RateLimited, Unauthorized, Unreachable
from reconciler.mist.client import MistClient, connect
from reconciler.transport.pacing import Gate
from tests.mist.conftest import ORG, connection
from tests.steps import steps
from tests.transport.fake_time import FakeTime


def test_results_have_the_order_of_the_items_whatever_finishes_first(client: MistClient) -> None:
    def slow_first(item: int) -> int:
        time.sleep(0.02 if item < 4 else 0)
        return item * 2

    assert client.map(slow_first, range(40)) == tuple(range(0, 80, 2))


@pytest.mark.parametrize(("threads", "items"), [(1, 5), (4, 1), (4, 0)])
def test_little_work_needs_no_threads(make_client: Callable[..., MistClient], threads: int, items: int) -> None:
    names = make_client(threads=threads).map(lambda _item: threading.current_thread().name, range(items))
    assert set(names) <= {threading.current_thread().name}
    assert len(names) == items


def test_the_first_failure_cancels_what_has_not_begun_and_is_raised(make_client: Callable[..., MistClient]) -> None:
    begun: list[int] = []

    def work(item: int) -> None:
        begun.append(item)
        if item == 3:
            raise NotFound("third")
        time.sleep(0.01)

    with pytest.raises(NotFound, match="third"):
        make_client(threads=2).map(work, range(500))
    assert len(begun) < 100


def test_an_interrupt_wakes_the_threads_that_wait_and_ends_the_work(emulator: Emulator) -> None:
    emulator.faults.add({"status": 503, "retry_after": 60})
    client = connect(connection(threads=2), adapter=EmulatorAdapter(emulator))

    def work(item: int) -> None:
        if item == 1:
            time.sleep(0.1)
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        client.get("self")

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        client.map(work, range(100))
    assert time.monotonic() - began < 5
    assert emulator.calls.total <= 2
    with pytest.raises(Unreachable, match="interrupted"):
        client.get("self")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_wakes_every_thread_that_waits_for_a_pause_of_the_cloud(emulator: Emulator, number: int) -> None:
    """As an apply does it: its own pool, whose threads all wait for a 429 when the person has had enough."""
    emulator.faults.add({"status": 429, "retry_after": 56})
    waiting = threading.Barrier(5)
    client = connect(connection(threads=4, on_wait=lambda _seconds: None), adapter=EmulatorAdapter(emulator))

    def work() -> None:
        waiting.wait(5)
        client.get("self")

    def interrupt() -> None:
        waiting.wait(5)
        time.sleep(0.2)
        signal.pthread_kill(threading.main_thread().ident or 0, number)

    before = signal.signal(number, lambda *_: client.stop())
    try:
        with ThreadPoolExecutor(5) as pool:
            futures = [pool.submit(work) for _ in range(4)]
            pool.submit(interrupt)
            began = time.monotonic()
            errors = [future.exception(20) for future in futures]
    finally:
        signal.signal(number, before)
    assert time.monotonic() - began < 1.2
    assert [str(error) for error in errors] == ["The run was interrupted"] * 4
    with pytest.raises(Unreachable, match="interrupted"):
        client.post("self", {})
    assert emulator.calls.total <= 4


def test_a_signal_that_comes_while_the_gate_is_held_does_not_hang(fake_time: FakeTime) -> None:
    """A handler runs in the main thread, between two lines of whatever that thread was doing."""

    class Interrupted(FakeTime):
        def clock(self) -> float:
            gate.stop(Unreachable("interrupted"))
            return 0.0

    gate = Gate(Interrupted().timing)
    pausing = threading.Thread(target=gate.pause, args=(5,), daemon=True)
    pausing.start()
    pausing.join(5)
    assert not pausing.is_alive()
    assert gate.reason is not None


class Watched(BaseAdapter):
    """The emulator, with a note of how many requests began after the first 401 had been answered."""

    def __init__(self, emulator: Emulator) -> None:
        super().__init__()
        self._inner = EmulatorAdapter(emulator)
        self.refused = threading.Event()
        self.after_refusal = 0

    def send(self, request: PreparedRequest, *args: object, **kwargs: object) -> Response:
        if self.refused.is_set():
            self.after_refusal += 1
        response = self._inner.send(request, *args, **kwargs)  # type: ignore[arg-type]
        if response.status_code == 401:
            self.refused.set()
        return response

    def close(self) -> None:
        pass


def test_after_a_token_is_revoked_half_way_at_most_two_more_requests_leave_with_16_threads() -> None:
    emulator = Emulator(data={"orgs": [{"id": ORG, "name": "Acme"}]}, settings=Settings(latency_ms=5))
    emulator.faults.add({"status": 401, "skip": 60})
    adapter = Watched(emulator)
    client = connect(connection(threads=16), adapter=adapter)
    with pytest.raises(Unauthorized):
        client.map(lambda _item: client.get("self"), range(1000))
    assert adapter.after_refusal <= 2
    assert emulator.calls.total <= 60 + 16


def test_when_the_budget_of_calls_is_used_up_all_threads_stop(fake_time: FakeTime) -> None:
    emulator = Emulator(data={"orgs": [{"id": ORG, "name": "Acme"}]})
    emulator.faults.add({"status": 429, "retry_after": 3000, "skip": 30})
    client = connect(connection(threads=8), adapter=EmulatorAdapter(emulator), timing=fake_time.timing)
    with pytest.raises(RateLimited, match="until"):
        client.map(lambda _item: client.get("self"), range(1000))
    assert emulator.calls.total <= 30 + 8


def test_a_token_that_is_revoked_wakes_threads_that_wait_for_their_turn() -> None:
    emulator = Emulator(data={"orgs": [{"id": ORG, "name": "Acme"}]})
    emulator.faults.replace([{"path": "self$", "status": 503, "retry_after": 60}, {"path": "orgs", "status": 401}])
    client = connect(connection(threads=2), adapter=EmulatorAdapter(emulator))
    began = time.monotonic()
    with pytest.raises(Unauthorized):
        client.map(client.get, ["self", f"orgs/{ORG}"])
    assert time.monotonic() - began < 5


def test_calls_are_counted_exactly_from_many_threads(client: MistClient, emulator: Emulator) -> None:
    client.map(lambda _item: client.get("self"), range(200))
    assert client.calls.reads == emulator.calls.total == 200


def test_sharing_out_an_item_costs_few_steps(make_client: Callable[..., MistClient]) -> None:
    """A pool of futures takes some seventy-five for each."""
    client = make_client(threads=16)
    few, many = (steps(lambda size=size: client.map(abs, range(size))) for size in (1000, 3000))
    assert (many - few) / 2000 < 15

"""Work that is given out one by one: what comes back, and what never begins."""

import threading
from functools import partial

import pytest

from reconciler.mist.crew import Hands


def test_results_come_back_under_their_keys_and_a_failure_is_raised() -> None:
    hands: Hands[str, int] = Hands(2, name="test")
    for number in range(5):
        hands.give(f"k{number}", partial(pow, number, 2))
    found: dict[str, int] = {}
    while hands.busy:
        found |= dict(hands.take())
    assert found == {f"k{number}": number**2 for number in range(5)}
    hands.give("bad", lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        list(hands.take())
    hands.close()


def test_what_has_not_begun_when_it_is_closed_never_begins_and_all_threads_end() -> None:
    begun: list[int] = []
    go_on, entered = threading.Event(), threading.Event()

    def work(number: int) -> None:
        begun.append(number)
        entered.set()
        go_on.wait(5)

    hands: Hands[int, None] = Hands(1, name="closing")
    for number in range(3):
        hands.give(number, partial(work, number))
    assert entered.wait(5)
    assert not hands.free
    hands.close()
    go_on.set()
    assert [key for key, _ in hands.take(seconds=5)] == [0]
    for thread in [item for item in threading.enumerate() if item.name.startswith("closing")]:
        thread.join(5)
        assert not thread.is_alive()
    assert begun == [0]
    assert list(hands.take(seconds=0)) == []

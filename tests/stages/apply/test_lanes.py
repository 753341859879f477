"""Sites of one group go one after the other, whatever else there is, and none is forgotten."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.kinds import kinds
from reconciler.model.change import Action, Change
from reconciler.stages.apply.lanes import Lanes
from tests.world import declare

GROUPS = st.lists(st.sets(st.sampled_from("abc")).map(sorted), max_size=12)


@settings(max_examples=150)
@given(GROUPS, st.integers(1, 4), st.randoms(use_true_random=False))
def test_no_two_of_a_group_are_under_way_and_all_are_done(
    groups: list[list[str]], threads: int, chance: Random
) -> None:
    changes = [
        Change(address=item.address, kind="site", action=Action.CREATE, declared=item)
        for item in (declare(f"site.S{at}", {"sitegroups": names}) for at, names in enumerate(groups))
    ]
    lanes, of = (
        Lanes(changes, kinds()),
        {change.address: set(names) for change, names in zip(changes, groups, strict=True)},
    )
    for change in changes:
        lanes.add(change.address)
    running, done = [], []
    while len(done) < len(changes):
        while len(running) < threads and (begun := lanes.take()) is not None:
            assert all(of[begun].isdisjoint(of[other]) for other in running)
            running.append(begun)
        assert running
        ended = running.pop(chance.randrange(len(running)))
        lanes.done(ended)
        done.append(ended)
    assert lanes.take() is None

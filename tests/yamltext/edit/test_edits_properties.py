"""What an edit promises for every text: the new value is read back, everything else says what it said."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from reconciler.yamltext.edit.edits import rewritten
from reconciler.yamltext.edit.formatting import meaning
from reconciler.yamltext.edit.nodes import Unwritable, parsed, walk
from reconciler.yamltext.events import parse
from tests.yamltext.edit.texts import MAPS, SCALARS, VALUES, texts

QUIET = settings(
    max_examples=70, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
Draw = Callable[[Any], Any]


def read(text: str) -> Any:
    found = parse(text.encode(), "t.yaml")
    assert not found.diagnostics, (found.diagnostics, text)
    return settled(found.value)


def settled(value: Any) -> Any:
    """The value with untyped texts as texts: the texts of these tests stand in no field."""
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        value[key] = settled(item)
    return str(value) if isinstance(value, str) else value


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of everything below a value."""
    steps: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for step, item in steps for found in [(*path, step), *paths(item, (*path, step))]]


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A copy of a value with another one at a path."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = put(copy[path[0]], path[1:], new)
    return copy


@st.composite
def cases(draw: Draw, new: Any) -> tuple[str, Any, tuple[Any, ...], Any]:
    value = draw(MAPS)
    path = draw(st.sampled_from(paths(value)))
    return draw(texts(value)), value, path, draw(new)


@QUIET
@given(MAPS.flatmap(lambda value: st.tuples(st.just(value), texts(value))))
def test_the_texts_of_these_tests_say_what_they_should(case: tuple[Any, str]) -> None:
    value, text = case
    assert meaning(read(text)) == meaning(value)


@QUIET
@given(cases(VALUES))
def test_a_new_value_is_read_back_and_nothing_else_changes(case: tuple[str, Any, tuple[Any, ...], Any]) -> None:
    text, value, path, new = case
    try:
        result = rewritten(text, path, new)
    except Unwritable:
        assume(False)
    assert meaning(read(result)) == meaning(put(value, path, new)), f"\n{text}\n---\n{result}"


@QUIET
@given(cases(SCALARS))
def test_a_new_scalar_changes_one_line(case: tuple[str, Any, tuple[Any, ...], Any]) -> None:
    text, value, path, new = case
    old = value
    for step in path:
        old = old[step]
    assume(not isinstance(old, dict | list))
    result = rewritten(text, path, new)
    before, after = text.splitlines(keepends=True), result.splitlines(keepends=True)
    assert len(before) == len(after)
    assert sum(one != other for one, other in zip(before, after, strict=True)) <= 1
    assert meaning(read(result)) == meaning(put(value, path, new))


@QUIET
@given(MAPS.flatmap(lambda value: st.tuples(st.just(value), texts(value))), st.data())
def test_a_value_that_is_there_already_changes_nothing(case: tuple[Any, str], data: st.DataObject) -> None:
    value, text = case
    path = data.draw(st.sampled_from(paths(value)))
    new = value
    for step in path:
        new = new[step]
    assume(isinstance(new, dict | list) and new)
    assert rewritten(text, path, new) == text


@QUIET
@given(MAPS.flatmap(texts))
def test_every_node_begins_and_ends_with_its_own_characters(text: str) -> None:
    root = parsed(text)
    assert root is not None
    for node in walk(root):
        part = text[node.body : node.end]
        assert part == part.strip() or node.style
        assert not part.endswith((" ", "\n", "#"))

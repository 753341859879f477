"""The outlines of the models are as the models are, and accept nothing that these refuse."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from reconciler.diagnostics import SourceRange
from reconciler.kinds import Kind, kinds
from reconciler.kinds.outline import KINDS, PACKAGE, file_of, outline_of
from reconciler.model.values import SecretRef
from reconciler.stages.validate.checker import checker_of
from tests.kinds.test_models import SAMPLES
from tests.strategies import bodies

ROOT = Path(__file__).parent.parent.parent
DECLARED = [kind for kind in kinds() if kind.fields is not None]
WRONG = st.one_of(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    st.sampled_from(["\u0661", "10.0.0.1\n", "00:11:22:33:44:55\n", "{{a}}", "{{\x1c}}", "1" * 13, "Europe/Paris", ""]),
    st.sampled_from([[], {}, [[]], [None], {"": 1}, {"a": {}}, ["a", 1], b"x", (), {1: 2}]),
)


def test_the_outlines_are_those_of_the_models() -> None:
    done = subprocess.run(
        [sys.executable, "tools/make_outlines.py", "--check"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("kind", DECLARED, ids=lambda kind: kind.name)
def test_every_kind_has_an_outline_with_the_models_shape(kind: Kind) -> None:
    assert kind.outline is not None
    assert kind.shape == kind.shape_of_model
    assert list(kind.shape.fields) == list(kind.shape_of_model.fields)


def test_no_part_of_a_model_is_left_to_the_model_alone() -> None:
    assert [path.parent.name for path in KINDS.rglob("*.outline.json") if '["never"]' in path.read_text("utf-8")] == []


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_sample_fits_and_with_a_key_too_many_or_a_required_one_too_few_it_does_not(name: str) -> None:
    kind, sample = kinds()[name], SAMPLES[name]
    assert kind.outline is not None
    assert kind.outline.fits(sample)
    assert not kind.outline.fits({**sample, "no_such_key": 1})
    for key in sample:
        assert kind.outline.fits({name: value for name, value in sample.items() if name != key}) == (
            not refused(kind, {name: value for name, value in sample.items() if name != key})
        )


def refused(kind: Kind, body: dict[str, Any]) -> bool:
    assert kind.model is not None
    try:
        checker_of(kind.model, frozenset(body)).validate_python(body)
    except ValidationError:
        return True
    return False


def changed(data: st.DataObject, value: Any) -> Any:
    """The value with one of its parts replaced, however deep."""
    if isinstance(value, dict) and value and data.draw(st.integers(0, 4)):
        key = data.draw(st.sampled_from(sorted(value)))
        return {**value, key: changed(data, value[key])}
    if isinstance(value, list) and value and data.draw(st.integers(0, 4)):
        place = data.draw(st.integers(0, len(value) - 1))
        return [*value[:place], changed(data, value[place]), *value[place + 1 :]]
    return data.draw(WRONG)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_fits_is_accepted_by_the_model_and_what_the_model_accepts_fits(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(DECLARED))
    assert kind.outline is not None
    body = data.draw(bodies(kind.name, size=3) | st.just(SAMPLES.get(kind.name, {})))
    if body:
        key = data.draw(st.sampled_from(sorted(body)))
        other = {**body, key: changed(data, body[key])}
        assert not (kind.outline.fits(other) and refused(kind, other)), other
    if kind.outline.fits(body) == refused(kind, body):
        assert any(not part.isascii() for part in texts(body)), body  # which the outline leaves to the model


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in texts(part)]
    return [text for part in value for text in texts(part)] if isinstance(value, list) else [str(value)]


def test_an_outline_that_was_made_from_other_sources_is_not_used(tmp_path: Path) -> None:
    where = f"{PACKAGE}location.zone.fields.Zone"
    name = file_of(where)
    text = (KINDS / name).read_text("utf-8")
    for number, (old, new) in enumerate((("", ""), ('"digest":"', '"digest":"0'), ("kinds/shapes.py", "gone.py"))):
        folder = tmp_path / str(number)
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text.replace('"digest": "', '"digest":"').replace(old, new, 1) if old else text)
        assert (outline_of(where, folder) is None) == bool(old)
    (folder / name).write_text("{")
    assert outline_of(where, folder) is None


def test_a_secret_that_was_not_looked_up_fits_where_its_own_value_is_judged() -> None:
    secret = SecretRef("env", "PSK", mark=SourceRange("a.yaml", 1, 1))
    outline = kinds()["psk"].outline
    assert outline is not None
    assert outline.fits({**SAMPLES["psk"], "passphrase": secret})
    assert not outline.fits_at(("passphrase",), secret)

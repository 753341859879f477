"""`reconciler demo`: the story is told to its end, quickly, and leaves nothing behind."""

import os
from pathlib import Path

import pytest

from reconciler import demo
from reconciler.errors import ReconcilerError


def children_seconds() -> float:
    """Processor time of the commands: the clock on the wall tells more about what else the machine does."""
    times = os.times()
    return times.children_user + times.children_system


def test_the_demo_tells_the_whole_story_in_less_than_15_seconds(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MIST_HOST", "api.mist.com")
    monkeypatch.setenv("MIST_APITOKEN", "the-person's-own-token")
    monkeypatch.setenv("PYTHONPATH", str(Path(demo.__file__).parent.parent))
    told: list[str] = []
    before = children_seconds()
    assert demo.run_demo(say=told.append) == 0
    assert children_seconds() - before < 15
    shown = [
        line.removeprefix("$ ").split()[1] for text in told for line in text.splitlines() if "$ reconciler" in line
    ]
    assert shown == ["emulator", "validate", "plan", "apply", "plan", "drift"]
    printed = capfd.readouterr().out
    for words in ("Valid.", "to create", "Read back and verified", "No changes.", "changed by Jane Doe"):
        assert words in printed
    assert list(tmp_path.iterdir()) == []


def test_a_command_that_ends_otherwise_ends_the_demo(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    stage = demo._Stage(directory=tmp_path, host="http://127.0.0.1:9", environ=demo._environ("x"), say=len)
    with pytest.raises(ReconcilerError, match="`reconciler validate` ended with"):
        stage.run("validate", "nowhere")
    assert "nowhere" in capfd.readouterr().err


def test_the_examples_are_found_in_an_installed_package_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (demo.examples() / "inventory" / "reconciler.yaml").is_file()
    (tmp_path / "_examples").mkdir()
    monkeypatch.setattr(demo, "__file__", str(tmp_path / "demo.py"))
    assert demo.examples() == tmp_path / "_examples"

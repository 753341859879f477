"""Commands are imported when they are asked for, and their table says what they say of themselves."""

import subprocess
import sys

import click
import pytest

from reconciler.cli.app import COMMANDS, app
from reconciler.cli.commands.drift import WAYS_BACK, drift
from reconciler.cli.lazy import LazyGroup
from reconciler.report.formats import FORMATS, Subject, formats_of

EVERY = [(app, name, text) for name, (_, text) in COMMANDS.items()]
EVERY += [(drift, name, text) for name, (_, text) in WAYS_BACK.items()]


@pytest.mark.parametrize(("group", "name", "text"), EVERY, ids=lambda value: value if isinstance(value, str) else "")
def test_the_list_of_commands_says_what_a_command_says_of_itself(group: click.Command, name: str, text: str) -> None:
    assert isinstance(group, LazyGroup)
    command = group.load(name)
    assert command.name == name
    assert command.get_short_help_str(limit=200) in (text, text.removesuffix("."))


def test_validate_imports_neither_an_http_library_nor_what_reads_and_writes() -> None:
    script = (
        "import sys\n"
        "sys.argv = ['reconciler', 'validate', 'examples/inventory', '--quiet']\n"
        "from reconciler.__main__ import answer\n"
        "assert not answer()\n"
        "stages = ('reconciler.stages.read', 'reconciler.stages.apply', 'reconciler.pipeline.online')\n"
        "online = ('requests', 'urllib3', *stages)\n"
        "assert not set(online) & set(sys.modules), set(online) & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("words", "subject"), [("plan", "plan"), ("show", "plan"), ("drift report", "drift"), ("validate", "findings")]
)
def test_a_command_offers_just_the_formats_that_can_show_its_result(words: str, subject: Subject) -> None:
    command: click.Command | None = app
    for word in words.split():
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), word)
    assert command
    (option,) = [item for item in command.params if item.name == "format"]
    assert isinstance(option.type, click.Choice)
    assert tuple(option.type.choices) == formats_of(subject)


def test_every_format_shows_something() -> None:
    assert all(any((item.plan, item.drift, item.findings)) for item in FORMATS.values())


def test_a_process_ends_with_all_that_was_printed_and_its_exit_code_and_is_not_taken_apart() -> None:
    script = (
        "import atexit, sys\n"
        "atexit.register(print, 'taken apart')\n"
        "sys.argv = ['reconciler', 'render', 'examples/inventory', '--no-color']\n"
        "from reconciler.__main__ import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("acl_tags:\n")
    assert done.stdout.endswith("env:SPLUNK_TOKEN\n")
    assert len(done.stdout) > 10_000
    assert "taken apart" not in done.stdout
    assert done.returncode == 0


def test_a_thread_that_still_works_is_waited_for() -> None:
    script = (
        "import sys, threading, time\n"
        "threading.Thread(target=lambda: (time.sleep(0.1), print('worked', flush=True))).start()\n"
        "sys.argv = ['reconciler', 'no-such-command']\n"
        "from reconciler.__main__ import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("worked\n", 64)

"""`reconciler demo`: the whole story on an emulated cloud. In: nothing. Out: a story on stdout, and an exit code.

It types what a person would type: every command line is shown before its output, so that a reader can repeat it, and
the commands run as processes of their own on a copy of the examples in a temporary directory.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from msgspec import Struct

from reconciler.errors import ReconcilerError

INVENTORY = "examples/inventory"
SEED = "examples/emulator/seed.yaml"
SAVED = "approved.plan"
ORG = "5a1c0e77-3b0d-4c3e-9f50-0d9a6c1b7e01"
GUEST_WLAN = f"/api/v1/orgs/{ORG}/wlans/08000000-0000-4000-8000-000000000003"
CAMPUS = f"/api/v1/orgs/{ORG}/networktemplates/0e000000-0000-4000-8000-000000000001"
SOMEBODY = "Jane Doe"
LISTENING = "listening on http://"
DRIFT = 2

Say = Callable[[str], object]


def run_demo(*, say: Say = sys.stdout.write) -> int:
    """Plays the story; 0 when every command ended as it should. `say` takes the text between the commands."""
    with copied_examples() as directory, running_emulator(directory, say=say) as host:
        stage = _Stage(directory=directory, host=host, environ=_environ(host), say=say)
        for scene in _SCENES:
            scene(stage)
        stage.text(
            "That was the whole story: validated, planned, applied, an empty second plan, drift found.",
            f"The inventory and the seed are in {examples()}. Next: README.md, `reconciler --help`.",
        )
    return 0


class _Stage(Struct, frozen=True, kw_only=True):
    """Where the story plays."""

    directory: Path
    host: str
    environ: Mapping[str, str]
    say: Say

    def text(self, *sentences: str) -> None:
        """A paragraph of the story."""
        self.say("\n" + "".join(f"# {sentence}\n" for sentence in sentences))
        sys.stdout.flush()

    def run(self, *words: str, expected: int = 0) -> None:
        """Shows and runs one `reconciler` command; another exit code than the expected one ends the demo."""
        self.say(f"\n$ {_shown(['reconciler', *words])}\n")
        sys.stdout.flush()
        done = subprocess.run([*_COMMAND, *words], cwd=self.directory, env=dict(self.environ), check=False)  # noqa: S603
        if expected:
            self.say(f"(exit code {done.returncode})\n")
        if done.returncode != expected:
            raise ReconcilerError(
                f"The demo went wrong: `reconciler {words[0]}` ended with {done.returncode} instead of {expected}"
            )

    def edit(self, path: str, body: Mapping[str, Any]) -> None:
        """Shows a PUT as curl, and sends it as somebody who works in the portal."""
        text = json.dumps(body)
        lines = [
            f"curl -sS -X PUT {self.host}{path}",
            f"-H 'Authorization: Token portal' -H 'X-Emulator-Admin: {SOMEBODY}' -H 'Content-Type: application/json'",
            f"-d '{text}'",
        ]
        self.say("\n$ " + " \\\n    ".join(lines) + "\n")
        _call(self.host, "PUT", path, text)

    def read(self, path: str) -> dict[str, Any]:
        """One object as it is in the emulator."""
        return _call(self.host, "GET", path, None)


def _validate(stage: _Stage) -> None:
    stage.text(
        f"An inventory is a directory of YAML files: {INVENTORY} describes the organisation Kestrel Retail.",
        "Is it sound? This looks at files only and needs no network.",
    )
    stage.run("validate", INVENTORY)


def _plan(stage: _Stage) -> None:
    stage.text(
        "How does the live organisation differ? Nothing is written.",
        "Where a root is replaced whole, the plan says what it holds; what nobody declared is kept.",
    )
    stage.run("plan", INVENTORY, "--out", SAVED)


def _apply(stage: _Stage) -> None:
    stage.text(
        "The saved plan is an approval: it is applied only if it is still what would be done now.",
        "In the order of what depends on what; then everything that was written is read back.",
        f"(Without a saved plan: reconciler apply {INVENTORY}, which shows the plan and asks.)",
    )
    stage.run("apply", SAVED)


def _plan_again(stage: _Stage) -> None:
    stage.text(
        "A second plan is empty: that is the definition of done. With --detailed-exitcode, 2 would mean changes."
    )
    stage.run("plan", INVENTORY, "--detailed-exitcode")


def _edit_by_hand(stage: _Stage) -> None:
    stage.text(f"Days later {SOMEBODY} helps herself in the portal: faster downloads for guests, and a hole in an ACL.")
    stage.edit(GUEST_WLAN, {"client_limit_down": 100000, "isolation": False})
    policies = stage.read(CAMPUS)["acl_policies"]
    for policy in policies:
        if policy["name"] == "iot-out":
            policy["actions"] = [{"dst_tag": "any", "action": "allow"}]
    stage.edit(CAMPUS, {"acl_policies": policies})


def _drift(stage: _Stage) -> None:
    stage.text("The nightly job compares, reads only, and asks the audit log who it was.")
    stage.run("drift", INVENTORY, expected=DRIFT)


_SCENES = (_validate, _plan, _apply, _plan_again, _edit_by_hand, _drift)
_COMMAND = (sys.executable, "-m", "reconciler")


def examples() -> Path:
    """The examples: in a clone beside the package, in an installed package inside it."""
    inside = Path(__file__).parent / "_examples"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "examples"


@contextmanager
def copied_examples() -> Iterator[Path]:
    """A temporary directory that holds a copy of the examples."""
    with tempfile.TemporaryDirectory(prefix="reconciler-demo-") as name:
        shutil.copytree(examples(), Path(name) / "examples")
        yield Path(name)


@contextmanager
def running_emulator(directory: Path, *, say: Say) -> Iterator[str]:
    """An emulator on a free port, with the examples' seed; its address."""
    say("# A Mist cloud of our own, with a lived-in organisation in it. Any token is good for it.\n")
    words = ("emulator", "--port", "0", "--seed", SEED)
    say(f"\n$ {_shown(['reconciler', *words])} &\n")
    with subprocess.Popen([*_COMMAND, *words], cwd=directory, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line.startswith(LISTENING):
                raise ReconcilerError("The demo went wrong: the emulator did not start")
            say(line)
            host = line.removeprefix("listening on ").strip()
            say(f"\n$ export MIST_HOST={host} MIST_APITOKEN=demo\n")
            yield host
        finally:
            process.terminate()


def _environ(host: str) -> dict[str, str]:
    """The environment of the commands: nothing of the person's own Mist settings, and no proxy to this machine."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("MIST_")}
    return {**ours, "MIST_HOST": host, "MIST_APITOKEN": "demo", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}


def _shown(words: Sequence[str]) -> str:
    return " ".join(words)


def _call(host: str, method: str, path: str, body: str | None) -> dict[str, Any]:
    connection = HTTPConnection(host.removeprefix("http://"), timeout=10)
    headers = {"Authorization": "Token portal", "X-Emulator-Admin": SOMEBODY, "Content-Type": "application/json"}
    try:
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        data = json.loads(answer.read())
    finally:
        connection.close()
    if answer.status != 200 or not isinstance(data, dict):
        raise ReconcilerError(f"The demo went wrong: the emulator answered {answer.status} to {method} {path}")
    return data

"""Applies of the example in a hostile world: lists that lag, one call in ten that fails, a budget of calls that ends in
the middle, answers of its own to the open questions about the cloud (drawn at random), and a colleague.

The colleague edits by hand all the while, fields that are declared and fields that are not. In: how many applies, and a
seed. Out: a line for each broken promise, and one with what was done. The promises: nothing that the colleague wrote in
a field that nobody declares is lost; what he wrote in a declared one is put back only after a plan has shown it, never
in silence; no object is doubled; and an apply that says it is done has left nothing to do. No call of the API can keep
an edit that falls between the last read and the write that follows it at once: those are counted apart.

`python tools/long_promises.py --hostile` runs it.
"""

import os
import random
import re
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from reconciler.emulator import Emulator, read_seed  # noqa: E402
from reconciler.emulator.server import serve  # noqa: E402

INVENTORY, SEED = ROOT / "examples/inventory", ROOT / "examples/emulator/seed.yaml"
QUIRKS = {"list_lag_s": 2, "mask_secrets": True, "rotate_urls": True}
"""What makes every one of these clouds a hard one; all else is drawn."""
COLLECTIONS = ("networktemplates", "rftemplates", "sites", "wlans")
FIELD = "x_colleague"
"""A field that nobody declares."""
DECLARED = {"sites": "address", "networktemplates": "dns_suffix"}
"""Fields that the example declares, and plans show."""
NAMED = (("sites", "name"), ("sitegroups", "name"), ("networktemplates", "name"), ("webhooks", "name"))

CALLS = 150
"""About so many calls take an apply of the example."""
ATTEMPTS = 8
ENDS = {0, 1, 4, 5, 6}
"""5: what is left of the hour does not suffice, which is said before the first write."""


class Colleague:
    """Edits a random object by hand, again and again; `wrote` is what has to be there in the end, `against` the texts
    that went into declared fields."""

    def __init__(self, emulator: Emulator, org: str, choose: random.Random) -> None:
        self.emulator, self.org, self.choose = emulator, org, choose
        self.wrote: dict[str, str] = {}
        self.against: dict[str, str] = {}
        self._ended = threading.Event()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Edits while the block runs."""
        self._ended.clear()
        thread = threading.Thread(target=self._edit)
        thread.start()
        try:
            yield
        finally:
            self._ended.set()
            thread.join()

    def _edit(self) -> None:
        while not self._ended.wait(self.choose.uniform(0.005, 0.05)):
            collection = self.choose.choice(COLLECTIONS)
            listed = objects(self.emulator, collection)
            if not listed:
                continue
            found = self.choose.choice(listed)
            path = f"orgs/{self.org}/{collection}/{found['id']}" if collection != "sites" else f"sites/{found['id']}"
            value = f"by hand {self.choose.randrange(10**9)}"
            if collection in DECLARED and self.choose.random() < 0.3:
                self._against(collection, f"/api/v1/{path}", value.replace(" ", "-"))
                continue
            if self.emulator.call("PUT", f"/api/v1/{path}", body={FIELD: value}, admin="Colleague").status == 200:
                self.wrote[path] = value
            else:
                self.wrote.pop(path, None)  # a call that failed may have been stored

    def _against(self, collection: str, path: str, value: str) -> None:
        field = DECLARED[collection]
        body = {field: [value] if field == "dns_suffix" else value}
        if self.emulator.call("PUT", path, body=body, admin="Colleague").status == 200:
            self.against[value] = path

    def overwritten(self, said: str) -> tuple[list[str], int]:
        """Edits of declared fields that were put back although no output shows them; and how many fell into the moment
        between a read of the object, or of its list, and the write that followed at once."""
        calls = [(item.method, item.path, item.sent or "") for item in self.emulator.calls.log]
        silent, moments = [], 0
        for value, path in self.against.items():
            written = next((at for at, call in enumerate(calls) if call[0] == "PUT" and f'"{value}"' in call[2]), None)
            if written is None or value in said:
                continue
            after = calls[written + 1 :]
            field = next(name for collection, name in DECLARED.items() if f"/{collection}/" in path)
            put = next((at for at, (how, to, sent) in enumerate(after) if _sets(how, to, sent, path, field)), None)
            if put is None or "by-hand-" in after[put][2]:
                continue  # it is there still, or the colleague wrote over it himself
            reads = {path, path.rpartition("/")[0], f"/api/v1/orgs/{self.org}/sites"}
            if any(how == "GET" and to in reads for how, to, _ in after[:put]):
                silent.append(f"{path}: {value!r} was put back and no output has it")
            else:
                moments += 1
        return silent, moments

    def lost(self) -> list[str]:
        """Where an edit is not there any more, of objects that still are."""
        found = []
        for path, value in sorted(self.wrote.items()):
            reply = self.emulator.call("GET", f"/api/v1/{path}")
            if reply.status == 200 and reply.body.get(FIELD) != value:
                found.append(f"{path}: {FIELD} is {reply.body.get(FIELD)!r}, the colleague wrote {value!r}")
        return found


def _sets(how: str, to: str, sent: str, path: str, field: str) -> bool:
    return how == "PUT" and to == path and f'"{field}"' in sent


def objects(emulator: Emulator, collection: str) -> list[Any]:
    """What is in the store, whatever lists show."""
    return emulator.state()["orgs"][0].get(collection) or []


def doubled(emulator: Emulator) -> list[str]:
    """Names that two objects of one list have."""
    found = []
    for collection, key in NAMED:
        counts = Counter(item.get(key) for item in objects(emulator, collection))
        found += [f"{collection}: {name} is there {count} times" for name, count in counts.items() if count > 1]
    wlans = Counter((item.get("template_id"), item.get("ssid")) for item in objects(emulator, "wlans"))
    return [*found, *(f"wlans: {name} is there {count} times" for name, count in wlans.items() if count > 1)]


def faults(choose: random.Random) -> list[dict[str, Any]]:
    """A tenth of the calls of an apply fails; of the writes among them some were stored."""
    failing = {"path": "/api/v1/", "status": 503, "times": 1}
    places = [(choose.randrange(CALLS), choose.random() < 0.5) for _ in range(CALLS // 10)]
    return [{**failing, "skip": skip, "stored": stored} for skip, stored in places]


def one(number: int, choose: random.Random) -> tuple[list[str], int, int]:
    """One apply to its end, from the organisation of the example; what was broken, how many runs it took, and how many
    edits fell between a read and its write."""
    emulator = Emulator(data=read_seed(SEED))
    org = emulator.state()["orgs"][0]["id"]
    with serve(emulator) as server, tempfile.TemporaryDirectory() as home:
        environ = {**os.environ, "MIST_HOST": server.url, "XDG_STATE_HOME": home, "CI": ""}
        said: list[str] = []

        def run(*words: str) -> subprocess.CompletedProcess[str]:
            command = [sys.executable, "-m", "reconciler", *words, str(INVENTORY)]
            hour = {**environ, "MIST_APITOKEN": f"hour-{len(said)}"}  # each token has a budget of its own
            done = subprocess.run(command, cwd=ROOT, env=hour, capture_output=True, text=True, check=False)
            said.append(done.stdout + done.stderr)
            return done

        cloud = choose.randrange(10**6)
        emulator.settings.update({"quirks": {"random": cloud, **QUIRKS}})
        colleague, broken, runs, done = Colleague(emulator, org, choose), [], 0, None
        while runs < ATTEMPTS and (done is None or done.returncode != 0):
            runs += 1
            emulator.faults.replace(faults(choose))
            budget = choose.randrange(CALLS // 2, 2 * CALLS) if runs < ATTEMPTS // 2 else 5000
            emulator.settings.update({"hourly_limit": budget})
            with colleague.at_work():
                done = run("apply", "--auto-approve", "--verbose")
            if done.returncode not in ENDS or re.search(r"^Traceback", done.stderr, re.MULTILINE):
                broken.append(f"apply ended with {done.returncode}: {done.stderr[-300:]}")
        emulator.faults.replace([])
        emulator.settings.update({"quirks": {"list_lag_s": 0}, "hourly_limit": 5000})
        after = run("plan", "--detailed-exitcode")
        if done is None or done.returncode != 0:
            broken.append(f"not done after {ATTEMPTS} runs: {done.stdout[-300:] if done else ''}")
        elif after.returncode not in (0, 2) or (after.returncode == 2 and "by-hand-" not in after.stdout):
            broken.append(f"done, and the next plan ends with {after.returncode}: {after.stdout[-400:]}")
        silent, moments = colleague.overwritten("".join(said))
        found = (*broken, *silent, *colleague.lost(), *doubled(emulator))
        return [f"apply {number}, cloud {cloud}: {text}" for text in found], runs, moments


def hostile(applies: int, seed: int) -> int:
    """Runs them; the number of broken promises."""
    choose = random.Random(seed)
    found: list[str] = []
    total = between = 0
    for number in range(1, applies + 1):
        broken, runs, moments = one(number, choose)
        total += runs
        between += moments
        found += broken
        for text in broken:
            print(text, flush=True)
    apart = f", {between} edits fell between a read and its write" if between else ""
    print(f"{applies} applies in {total} runs: {len(found)} promises broken{apart}", flush=True)
    return len(found)

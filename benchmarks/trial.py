"""The trial of an organisation under the hourly budget, with the emulator's hours shortened.

python benchmarks/trial.py [SITES] [SECONDS OF AN HOUR]

SITES (5,000) of four objects each are made by one command, which waits for as many hours as it takes. A night later 50
of them are touched by hand, and the nightly drift with a snapshot names these and asks little else. Then a variable
changes in a tenth of the sites, and costs what its plan announced. An hour allows as many calls as there are sites:
with 5,000 that is what the cloud allows. No call may be answered 429. It ends with 1 where one of these does not hold.

Each hour that begins is one more look at `/self/usage`: since the hours are shorter than the cloud's, those after the
first are not counted as calls of a command.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent))

import requests
from calls import ORG, ROOT, TEMPLATE, TOKEN
from scale import cloud

NIGHT = 86_400.0
TOUCHED = 50
MOST = 100
"""Calls of a nightly drift with so many sites touched."""
PAGE = 1000


@dataclass(frozen=True, slots=True)
class Trial:
    """The cloud, and a person's working directory."""

    url: str
    folder: Path
    sites: int

    def rows(self, changed: int, value: str) -> None:
        """The table of sites; the first ones have another value."""
        lines = [f"S{n},{value if n <= changed else 10}" for n in range(1, self.sites + 1)]
        (self.folder / "sites.csv").write_text("\n".join(["name,vlan", *lines]) + "\n", "utf-8")

    def settings(self, changes: Mapping[str, float]) -> None:
        requests.put(f"{self.url}/__emulator__/settings", json=changes, timeout=60).raise_for_status()

    def run(self, *words: str, code: int = 0) -> tuple[Any, Counter[str], float]:
        """A command: its JSON, its `calls` and how many of them were answered `429`, and its wall seconds."""
        requests.delete(f"{self.url}/__emulator__/calls", timeout=60).raise_for_status()
        kept = {key: value for key, value in os.environ.items() if key not in ("CI", "RECONCILER_PLAN_KEY")}
        mine = {"MIST_HOST": self.url, "MIST_APITOKEN": TOKEN, "MIST_ORG_ID": ORG, "PYTHONPATH": str(ROOT)}
        environ = {**kept, **mine, "XDG_STATE_HOME": str(self.folder / "state")}
        command = (sys.executable, "-m", "reconciler", *words, "--wait", "--quiet", "--json")
        began = time.perf_counter()
        done = subprocess.run(command, cwd=self.folder, env=environ, capture_output=True, text=True, check=False)
        taken = time.perf_counter() - began
        if done.returncode != code:
            sys.exit(f"{' '.join(words)}: {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        log = requests.get(f"{self.url}/__emulator__/calls", timeout=60).json()["log"]
        looks = sum(call["path"].endswith("/self/usage") for call in log)
        counted = Counter({"calls": len(log) - max(0, looks - 1), "429": sum(call["status"] == 429 for call in log)})
        return json.loads(done.stdout), counted, taken


def touch(trial: Trial) -> None:
    """Somebody changes a variable of 50 sites in the portal."""
    headers = {"Authorization": "Token somebody", "X-Emulator-Admin": "Jane Doe"}
    sites: list[dict[str, Any]] = []
    while len(sites) < trial.sites:
        where = f"{trial.url}/api/v1/orgs/{ORG}/sites?limit={PAGE}&page={len(sites) // PAGE + 1}"
        sites += requests.get(where, headers=headers, timeout=60).json()
    chosen = {f"S{n}" for n in range(1, TOUCHED + 1)}
    for site in (site for site in sites if site["name"] in chosen):
        where = f"{trial.url}/api/v1/sites/{site['id']}/setting"
        requests.put(where, json={"vars": {"corp_vlan": "99"}}, headers=headers, timeout=60).raise_for_status()


def main(sites: int = 5000, hour: float = 40.0) -> None:
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as name, cloud() as url:
        trial = Trial(url, Path(name), sites)
        project = "version: 1\ngenerate: [{template: sites.yaml.j2, rows: sites.csv}]\n"
        (trial.folder / "reconciler.yaml").write_text(project, "utf-8")
        (trial.folder / "sites.yaml.j2").write_text(TEMPLATE, "utf-8")
        template = "networktemplates:\n  - {name: branch, dns_servers: [10.0.0.1]}\n"
        (trial.folder / "templates.yaml").write_text(template, "utf-8")
        trial.rows(0, "10")
        trial.settings({"hourly_limit": sites, "hour_s": hour})

        _, made, taken = trial.run("apply", "--auto-approve")
        hours = f"{taken / hour:.1f} hours, {made['429']} answers 429"
        print(f"{sites:,} sites made by one command: {made['calls']:,} calls in {hours}")
        wrong += ["an answer 429 while sites were made"] if made["429"] else []

        trial.settings({"ahead_s": NIGHT})
        trial.run("drift", "--snapshot", "night.snapshot")
        touch(trial)
        trial.settings({"ahead_s": 2 * NIGHT})
        found, asked, _ = trial.run("drift", "--snapshot", "night.snapshot", code=2)
        named = {change["address"] for change in found["drift"]}
        expected = {f"site.S{n}/setting" for n in range(1, TOUCHED + 1)}
        print(
            f"nightly drift with {TOUCHED} sites touched: {asked['calls']} calls (at most {MOST}), {len(named)} named"
        )
        wrong += ["drift does not name what was touched"] if named != expected else []
        wrong += ["the nightly drift asks too much"] if asked["calls"] > MOST else []

        trial.settings({"ahead_s": 3 * NIGHT})
        trial.rows(max(TOUCHED, sites // 10), "20")
        planned, asked, _ = trial.run("plan", "--out", "p.plan", "--snapshot", "night.snapshot")
        _, applied, _ = trial.run("apply", "p.plan")
        told = planned["calls"]
        print(
            f"one variable in {len(planned['changes'])} sites: {asked['calls']} calls to plan ({told['read']} told), "
            f"{applied['calls']} to apply ({told['apply']} announced)"
        )
        wrong += ["a plan costs more than it tells"] if asked["calls"] != told["read"] else []
        wrong += ["an apply costs not what was announced"] if applied["calls"] != told["apply"] else []
        wrong += ["an answer 429"] if asked["429"] + applied["429"] else []
    for one in wrong:
        print(f"does not hold: {one}")
    print(f"trial of {sites:,} sites: {'holds' if not wrong else 'does not hold'}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

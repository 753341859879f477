"""How many calls reach the cloud: generated sites of four objects each, counted in the emulator's own log.

python benchmarks/calls.py [SITES ...]

Each row is `reconciler plan --out FILE` and `reconciler apply FILE` as a person runs them, on what the row above left.
Next to it stands what the vendor's Terraform provider takes for the same work, as a formula that was fitted to its
runs on this emulator with 20, 100 and 500 sites.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from reconciler.emulator import Emulator
from reconciler.emulator.server import serve

ROOT = Path(__file__).parent.parent
ORG = "00000000-0000-4000-8000-000000000001"
TOKEN = "benchmark"
SIZES = (20, 100, 500)
TEMPLATE = """\
sites:
  - name: ${ name }
    country_code: FR
    timezone: Europe/Paris
    networktemplate: branch
    setting: {vars: {corp_vlan: "${ vlan }"}}
    wlans:
      - {ssid: Corp, auth: {type: open}}
      - {ssid: Guest, auth: {type: open}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is done: the VLAN of every site and of the first one, the template's server, and the plan's selection;
    Terraform's calls for it."""

    what: str
    vlan: str = "10"
    first: str = "10"
    server: str = "10.0.0.1"
    target: tuple[str, ...] = ()
    terraform: Callable[[int], int]


ROWS = (
    Row(what="first plan and apply", terraform=lambda n: 4 * n + 9),
    Row(what="plan without changes", terraform=lambda n: 4 * n + 8),
    Row(what="one variable everywhere", vlan="20", first="20", terraform=lambda n: 5 * n + 9),
    Row(
        what="the same, `--target 'site.*/setting'`",
        vlan="30",
        first="30",
        target=("site.*/setting",),
        terraform=lambda n: 5 * n + 9,
    ),
    Row(what="one network template", vlan="30", first="30", server="10.0.0.2", terraform=lambda n: 4 * n + 10),
    Row(
        what="one site, `--target site.S1`",
        vlan="30",
        first="40",
        server="10.0.0.2",
        target=("site.S1",),
        terraform=lambda n: n + 9,
    ),
)


def write_inventory(folder: Path, sites: int, row: Row) -> None:
    """The inventory of one row: a template, and a table with a line for each site."""
    lines = [f"S{n},{row.first if n == 1 else row.vlan}" for n in range(1, sites + 1)]
    texts = {
        "reconciler.yaml": "version: 1\ngenerate: [{template: sites.yaml.j2, rows: sites.csv}]\n",
        "sites.yaml.j2": TEMPLATE,
        "sites.csv": "\n".join(["name,vlan", *lines]) + "\n",
        "templates.yaml": f"networktemplates:\n  - {{name: branch, dns_servers: [{row.server}]}}\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")


def run(folder: Path, environ: Mapping[str, str], *words: str) -> None:
    """One command; ends this script where it fails."""
    command = (sys.executable, "-m", "reconciler", *words, "--quiet")
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(words)}: {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def measure(sites: int) -> list[int]:
    """The calls of each row."""
    emulator = Emulator(data={"orgs": [{"id": ORG, "name": "Acme"}]}, token=TOKEN)
    emulator.settings.update({"hourly_limit": 10_000_000})
    found = []
    with tempfile.TemporaryDirectory() as name, serve(emulator) as server:
        folder = Path(name)
        kept = {key: value for key, value in os.environ.items() if key not in ("CI", "RECONCILER_PLAN_KEY")}
        environ = {**kept, "MIST_HOST": server.url, "MIST_APITOKEN": TOKEN, "MIST_ORG_ID": ORG, "PYTHONPATH": str(ROOT)}
        for row in ROWS:
            write_inventory(folder, sites, row)
            emulator.calls.reset()
            run(folder, environ, "plan", "--out", "p.plan", *(f"--target={target}" for target in row.target))
            if row.what != "plan without changes":
                run(folder, environ, "apply", "p.plan")
            found.append(emulator.calls.total)
    return found


def main(sizes: tuple[int, ...]) -> None:
    columns = {sites: measure(sites) for sites in sizes}
    heads = [f"{sites} sites" for sites in sizes]
    print("| what | " + " | ".join(f"{head} | Terraform" for head in heads) + " |")
    print("| --- " * (1 + 2 * len(sizes)) + "|")
    for at, row in enumerate(ROWS):
        cells = [f"{calls[at]:,} | {row.terraform(sites):,}" for sites, calls in columns.items()]
        print(f"| {row.what} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)

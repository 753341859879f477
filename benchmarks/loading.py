"""Loading, composing and checking 5,000 site files, compared with PyYAML's C loader that only parses them.

    python benchmarks/loading.py [--files 5000] [--rounds 7]

Both run in this process by turns, on CPU time; the figures are medians. The C loader gets the files' bytes from
memory, ours reads them from the disk as `reconciler validate` does, and both keep what they made. The C loader is also
measured when it throws every result away at once: then the garbage collector has nothing to look through. `load` and
`load + compose` are parts of the whole, measured by themselves.
"""

import argparse
import gc
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from reconciler.diagnostics import has_errors
from reconciler.kinds import kinds
from reconciler.pipeline.collector import paused_collector
from reconciler.pipeline.offline import load_inventory
from reconciler.sources.directory import DirectoryTree
from reconciler.sources.secrets import secrets_for
from reconciler.stages.compose import compose
from reconciler.stages.load import load

SITE = """\
sites:
  - name: Branch-{number:04d}
    timezone: Europe/Paris
    country_code: FR
    address: {number} rue de la Paix, 75002 Paris
    latlng: {{lat: 48.8566, lng: 2.3522}}
    notes: "Opened in 2021, contact the local desk"
    sitegroups: [emea, retail]
    networktemplate: campus
    rftemplate: offices
    setting:
      vars:
        corp_vlan: "20"
        guest_vlan: "30"
        branch_subnet: 10.{high}.{low}.0/24
      rogue:
        enabled: true
        min_rssi: -80
        honeypot_enabled: true
        whitelisted_ssids: [Neighbour, Cafe]
      persist_config_on_device: true
      ntp_servers:
        - 10.0.0.1
        - 10.0.0.2
      dns_servers: [10.0.0.53, 10.0.1.53]
    wlans:
      - ssid: Lab
        enabled: true
        vlan_enabled: true
        vlan_id: "{{{{corp_vlan}}}}"
        bands: ["5", "6"]
        auth:
          type: psk
          psk: !secret env:LAB_PSK
      - ssid: Guest
        auth: {{type: open}}
        isolation: true
    webhooks:
      - name: zones
        type: http-post
        url: https://hooks.example.net/z/{number}
        topics: [zone]
"""
SHARED = """\
sitegroups: [{name: emea}, {name: retail}]
networktemplates: [{name: campus}]
rftemplates: [{name: offices}]
"""


class Loader(yaml.CSafeLoader):
    """PyYAML's C loader, told about our tag; the rest is as it comes."""


Loader.add_constructor("!secret", lambda _loader, node: str(node.value))


def write_inventory(root: Path, files: int) -> list[Path]:
    """An inventory of that many site files, a hundred to a directory."""
    (root / "reconciler.yaml").write_text("version: 1\n")
    (root / "shared.yaml").write_text(SHARED)
    written = []
    for number in range(files):
        path = root / "sites" / f"{number // 100:03d}" / f"branch-{number:04d}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SITE.format(number=number, high=number // 250, low=number % 250))
        written.append(path)
    return written


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of one call, starting without garbage."""
    gc.collect()
    started = time.process_time()
    result = work()
    spent = time.process_time() - started
    del result
    return spent


def parse_only(contents: list[bytes]) -> None:
    """The C loader over all files, one after the other."""
    for content in contents:
        yaml.load(content, Loader=Loader)


def measure(root: Path, files: int, rounds: int) -> dict[str, float]:
    """Medians of all steps, and the median ratios of the whole to the C loader's times in the same rounds."""
    contents = [path.read_bytes() for path in write_inventory(root, files)]
    environ = {"LAB_PSK": "correct horse battery"}
    if has_errors(load_inventory(DirectoryTree(root), environ=environ).diagnostics):
        raise SystemExit("the benchmark's own inventory is not valid")

    def run_compose() -> object:
        tree = DirectoryTree(root)
        with paused_collector():
            return compose(load(tree), kinds=kinds(), secrets=secrets_for(tree, environ))

    steps: dict[str, Callable[[], object]] = {
        "pyyaml": lambda: [yaml.load(content, Loader=Loader) for content in contents],
        "pyyaml, nothing kept": lambda: parse_only(contents),
        "load": lambda: load(DirectoryTree(root)),
        "load+compose": run_compose,
        "all": lambda: load_inventory(DirectoryTree(root), environ=environ),
    }
    taken: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(rounds):
        for name, step in steps.items():
            taken[name].append(cpu(step))
    medians = {name: statistics.median(values) for name, values in taken.items()}
    return {
        "files": files,
        "rounds": rounds,
        "pyyaml CSafeLoader, parse only (s)": round(medians["pyyaml"], 3),
        "pyyaml CSafeLoader, nothing kept (s)": round(medians["pyyaml, nothing kept"], 3),
        "load (s)": round(medians["load"], 3),
        "load + compose (s)": round(medians["load+compose"], 3),
        "load + compose + validate (s)": round(medians["all"], 3),
        "ratio": ratio(taken["all"], taken["pyyaml"]),
        "ratio, nothing kept": ratio(taken["all"], taken["pyyaml, nothing kept"]),
    }


def ratio(ours: list[float], theirs: list[float]) -> float:
    """The median of the ratios of all rounds."""
    return round(statistics.median(a / b for a, b in zip(ours, theirs, strict=True)), 3)


def main() -> None:
    """Measures in a temporary directory and prints one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as root:
        print(json.dumps(measure(Path(root), options.files, options.rounds), indent=2))


if __name__ == "__main__":
    main()

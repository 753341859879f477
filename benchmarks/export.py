"""What an export costs beside its calls: 500 sites, every kind, 16 threads, 100 ms latency.

python benchmarks/export.py [SITES]

The emulator runs on a port in a process of its own. Reading, composing, proving, factoring and writing the files is
one run, as `reconciler export` does it. The bounds are 1.15 times latency x calls / threads, and 5 s of processor time
beyond reading (for 500 sites).
"""

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent))


from scale import cloud

from reconciler.kinds import kinds
from reconciler.mist.client import connect
from reconciler.mist.connection import Connection
from reconciler.model.values import Secret
from reconciler.pipeline.export import export_of, read_everything
from reconciler.sources.writing import write_files

ORG = "00000000-0000-4000-8000-000000000001"
THREADS = 16
LATENCY = 0.1
WALL, BEYOND = 1.15, 5.0


def seed(count: int) -> dict[str, object]:
    """An organisation of `count` sites with settings, a WLAN and a webhook, on four templates."""
    templates = [{"id": f"a0000000-0000-4000-8000-00000000000{at}", "name": f"store-{at}"} for at in range(4)]
    return {
        "orgs": [
            {
                "id": ORG,
                "name": "Acme",
                "networktemplates": templates,
                "sitegroups": [{"id": "b0000000-0000-4000-8000-000000000001", "name": "branches"}],
                "sites": [
                    {
                        "name": f"branch-{n}",
                        "country_code": "FR",
                        "timezone": "Europe/Paris",
                        "address": f"{n} rue de Siam",
                        "networktemplate_id": templates[n % 4]["id"],
                        "sitegroup_ids": ["b0000000-0000-4000-8000-000000000001"],
                        "setting": {"vars": {"vlan": str(n)}, "rogue": {"enabled": True, "min_rssi": -70 - n % 3}},
                        "wlans": [{"ssid": "Lab", "auth": {"type": "psk", "psk": f"passphrase-{n:05}"}}],
                        "webhooks": [{"name": "zones", "url": "https://hooks.example.net/z", "topics": ["zone"]}],
                    }
                    for n in range(count)
                ],
            }
        ]
    }


def measure(url: str, out: Path) -> tuple[float, float, float, int, int]:
    """(seconds, of these reading, processor seconds beyond reading, calls, files) of one export."""
    token = Secret("benchmark", origin="env:MIST_APITOKEN")
    client = connect(Connection(host=url, token=token, threads=THREADS))
    began = time.perf_counter()
    matches = read_everything(client, org_id=ORG)
    reading, used = time.perf_counter() - began, time.process_time()
    export = export_of(matches, host=None)
    write_files(out, export.files)
    seconds, beyond = time.perf_counter() - began, time.process_time() - used
    client.close()
    if export.objects != export.live:
        sys.exit(f"{export.objects} of {export.live} objects: {export.diagnostics[:3]}")
    return seconds, reading, beyond, export.calls, len(export.files)


def main(count: int = 500) -> None:
    kinds()
    with tempfile.TemporaryDirectory() as folder, cloud(seed(count), latency=LATENCY) as url:
        seconds, reading, beyond, calls, files = measure(url, Path(folder) / "out")
    bound = LATENCY * calls / THREADS
    print(f"{count} sites, {calls:,} calls, {files} files, {THREADS} threads, {LATENCY * 1000:.0f} ms latency")
    print(
        f"bound {bound:.2f} s, reading {reading:.2f} s, taken {seconds:.2f} s, "
        f"ratio {seconds / bound:.3f} (at most {WALL})"
    )
    print(f"processor time beyond reading {beyond:.2f} s (at most {BEYOND:g} for 500 sites)")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

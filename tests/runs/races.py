"""Machines that race for the lease of one organisation: processes, each with a clone of one bare repository.

In: where to work, how many races of how many machines. Out: what was broken; nothing is as it should be. Each machine
takes the lease, notes in a file of all of them that it writes, works a moment, notes that it is done, and gives the
lease back.
"""

import subprocess
import sys
from pathlib import Path

_MACHINE = """
import sys, time, os
from pathlib import Path
from reconciler.errors import GuardRefusal
from reconciler.runs.sharing import Share, Span
from reconciler.runs.ref import RemoteRef
directory, log, start, races = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])

def note(text):
    handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, f"{text} {directory.name}\\n".encode())
    os.close(handle)

time.sleep(max(0, start - time.time()))
for number in range(races):
    ref = RemoteRef(directory, "refs/mist-reconciler/runs", "acme")
    share = Share(ref, None, {"actor": directory.name}, leased=True, span=Span(look=0.02))
    try:
        share.take(timeout=60, tell=lambda _text: None)
    except GuardRefusal as error:
        note(f"refused: {error.message}")
        continue
    share.must_hold()
    note("begins")
    time.sleep(0.02)
    share.beat()
    share.must_hold()
    note("ends")
    problem = share.end()
    if problem:
        note(f"problem: {problem}")
"""


def race(directory: Path, *, races: int, machines: int) -> list[str]:
    """Runs them; `races` turns for each machine."""
    remote = directory / "race.git"
    _git(directory, "init", "--quiet", "--bare", str(remote))
    clones = [directory / f"machine{number}" for number in range(machines)]
    for clone in clones:
        _git(directory, "clone", "--quiet", str(remote), str(clone))
    log = directory / "log"
    words = [sys.executable, "-c", _MACHINE]
    running = [subprocess.Popen([*words, str(clone), str(log), "0", str(races)]) for clone in clones]
    codes = [process.wait() for process in running]
    lines = log.read_text().splitlines()
    broken = [f"a machine ended with {code}" for code in codes if code]
    broken += [line for line in lines if line.split()[0] not in ("begins", "ends")]
    writer = ""
    for line in lines:
        word, _, name = line.partition(" ")
        if word == "begins":
            broken += [f"{name} writes beside {writer}"] if writer else []
            writer = name
        elif word == "ends":
            broken += [f"{name} ends, and {writer or 'nobody'} wrote"] if writer != name else []
            writer = ""
    count = sum(line.startswith("begins") for line in lines)
    return broken if count == races * machines else [*broken, f"{count} turns instead of {races * machines}"]


def _git(directory: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=directory, check=True, capture_output=True)

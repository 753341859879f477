"""Runs every benchmark and writes the results into README.md, between its two marks: a table, then what was printed."""

import platform
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
SCRIPTS = ("startup", "loading", "diffing", "reading", "export", "applying", "one_object", "scale", "trial")
BEGIN, END = "<!-- results -->\n", "<!-- end of results -->\n"

ROWS = (
    ("`reconciler --version`, against `python -c pass`", "at most 3 x", "startup", r"--version: .* ([\d.]+) x"),
    ("heavy libraries that it loads", "none", "startup", r"heavy libraries that it loads: (.+)"),
    ("`reconciler validate` of the example", "under 1 s", "startup", r"validate examples/inventory: (.+?) \("),
    ("load, compose and validate 5,000 files, against CSafeLoader", "at most 2 x", "loading", r'"ratio": ([\d.]+)'),
    ("the same, CSafeLoader keeping nothing", "for comparison", "loading", r'"ratio, nothing kept": ([\d.]+)'),
    ("5,000 pairs of which 1 % differ, against DeepDiff", "50 x faster", "diffing", r"pairs, .*, (\d+) x faster"),
    ("list of 250, 40 % changed, against DeepDiff", "500 x faster", "diffing", r"list of 250, .*, (\d+) x faster"),
    ("reading 500 sites, against latency x calls / threads", "at most 1.15 x", "reading", r"ratio ([\d.]+)"),
    ("processor time of a call", "at most 0.6 ms", "reading", r"client ([\d.]+ ms)"),
    ("the same, against urllib3 alone", "for comparison", "reading", r"urllib3 alone .*, ratio ([\d.]+)"),
    (
        "500 new sites at 150 ms, against the bound of the network",
        "at most 1.10 x",
        "applying",
        r" 0 of .*\n.*\n.*ratio ([\d.]+)",
    ),
    ("the same, 50 of them in one site group", "at most 1.10 x", "applying", r"50 of .*\n.*\n.*ratio ([\d.]+)"),
    (
        "one object from a saved plan, beside the chain of its calls",
        "at most 0.35 s",
        "one_object",
        r"chain ([\d.]+ s) \(",
    ),
    ("export of 500 sites, against latency x calls / threads", "at most 1.15 x", "export", r"ratio ([\d.]+)"),
    ("processor time of that export beyond reading", "at most 5 s", "export", r"beyond reading ([\d.]+ s)"),
    ("processor time of each command for 4 times the sites", "at most 4.6 x", "scale", r"largest growth ([\d.]+)"),
    ("a quiet plan without its calls, against diffsync's diff", "at most 1 x", "scale", r"diffsync's diff ([\d.a-z]+)"),
    (
        "peak of memory for 50,000 objects, against diffsync's",
        "at most 0.9 x",
        "scale",
        r"memory, against diffsync's ([\d.a-z]+)",
    ),
    ("calls of a nightly drift of 5,000 sites, 50 touched", "at most 100", "trial", r"touched: (\d+) calls"),
    ("answers 429 while these sites are made by one command", "none", "trial", r"(\d+) answers 429"),
    ("that trial", "holds", "trial", r"trial of .*: (.+)"),
)
"""What is measured, its bound, the script, and where its output tells the figure."""


def main() -> None:
    printed: dict[str, str] = {}
    for name in SCRIPTS:
        print(f"$ python benchmarks/{name}.py", flush=True)
        done = subprocess.run((sys.executable, HERE / f"{name}.py"), stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode and not done.stdout:
            sys.exit(f"{name}.py failed")
        printed[name] = done.stdout.rstrip()
        print(printed[name], flush=True)
    readme = HERE / "README.md"
    head, _, rest = readme.read_text("utf-8").partition(BEGIN)
    readme.write_text(head + BEGIN + "\n" + _results(printed) + "\n" + END + rest.partition(END)[2], "utf-8")


def _results(printed: dict[str, str]) -> str:
    lines = [f"`benchmarks/run`, Python {platform.python_version()}, {platform.machine()}.", ""]
    lines += ["| what | bound | measured |", "| --- | --- | --- |"]
    for what, bound, script, pattern in ROWS:
        found = re.search(pattern, printed[script])
        lines.append(f"| {what} | {bound} | {found[1] if found else 'not told'} |")
    for name, text in printed.items():
        lines += ["", "```console", f"$ python benchmarks/{name}.py", text, "```"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()

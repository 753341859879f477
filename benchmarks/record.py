"""Runs every benchmark and writes what they printed into README.md, between its two marks."""

import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
SCRIPTS = ("startup", "loading", "diffing", "reading")
BEGIN, END = "<!-- results -->\n", "<!-- end of results -->\n"


def main() -> None:
    parts = [f"Python {platform.python_version()}, {platform.machine()}.\n"]
    for name in SCRIPTS:
        command = f"python benchmarks/{name}.py"
        print(f"$ {command}", flush=True)
        done = subprocess.run((sys.executable, HERE / f"{name}.py"), stdout=subprocess.PIPE, text=True, check=True)
        print(done.stdout, flush=True)
        parts.append(f"```console\n$ {command}\n{done.stdout.rstrip()}\n```\n")
    readme = HERE / "README.md"
    head, _, rest = readme.read_text("utf-8").partition(BEGIN)
    tail = rest.partition(END)[2]
    readme.write_text(head + BEGIN + "\n" + "\n".join(parts) + "\n" + END + tail, "utf-8")


if __name__ == "__main__":
    main()

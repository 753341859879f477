"""`python -m reconciler.emulator record --out DIR`: what a live organisation says to the open questions.

Host, token and organisation come from MIST_HOST, MIST_APITOKEN and MIST_ORG_ID, as for every other command.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from reconciler.emulator.errors import EmulatorError
from reconciler.emulator.record import FILE, over_http, record


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m reconciler.emulator", description="Read an organisation, once.")
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("record", help="write what it shows of the open questions, without names and secrets")
    one.add_argument("--out", type=Path, required=True, metavar="DIR")
    out: Path = parser.parse_args(arguments).out
    given = [os.environ.get(name, "") for name in ("MIST_HOST", "MIST_APITOKEN", "MIST_ORG_ID")]
    if not all(given):
        sys.stderr.write("error: MIST_HOST, MIST_APITOKEN and MIST_ORG_ID are needed\n")
        return 2
    host, token, org = given
    try:
        answers = record(over_http(host, token), org, out)
    except (EmulatorError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    count = sum(map(len, answers["objects"].values()))
    questions = len(answers["quirks"])
    said = f"{out / FILE}: {count} objects, {questions} questions answered. Nothing was written to the cloud."
    sys.stdout.write(f"{said}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

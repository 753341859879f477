"""`reconciler emulator` and `demo`: a Mist cloud on this machine."""

from pathlib import Path

import click

from reconciler.cli.failures import OK
from reconciler.demo import run_demo
from reconciler.emulator.errors import EmulatorError
from reconciler.emulator.server import run
from reconciler.errors import UsageError


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8801, show_default=True, help="0 picks a free one.")
@click.option("--seed", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="What it holds at first.")
@click.option("--state", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Kept over restarts.")
@click.option("--token", metavar="TOKEN", help="The only token it accepts; any without.")
@click.option(
    "--like", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Answer open questions as recorded."
)
def emulator(port: int, seed: Path | None, state: Path | None, token: str | None, like: Path | None) -> int:
    """Run a local Mist cloud on 127.0.0.1, for trials and tests.

    The first line on stdout says where it listens; then: export MIST_HOST=http://127.0.0.1:8801 MIST_APITOKEN=any

    Without a seed there is one empty organisation; the second line has its id.

    While it runs, PUT JSON to what lies below /__emulator__/: "settings" for latency_ms, hourly_limit, webhooks and
    quirks ({"quirks": "random", "seed": 7} draws them all), "faults" for errors, delays and cut connections
    ([{"path": "wlans", "times": 2, "status": 503}]), "state" for everything stored. GET "calls" lists the calls made.
    docs/emulator.md has all of them.
    """
    if seed and not seed.is_file():
        raise UsageError(f"The seed {seed} does not exist", remedy="Try examples/emulator/seed.yaml")
    try:
        run(port=port, seed=seed, state=state, token=token, recorded=like)
    except EmulatorError as error:
        raise UsageError(
            f"The emulator can't start: {error}", remedy="Check --port (0 picks a free one), --seed, --state and --like"
        ) from error
    return OK


@click.command(short_help="The whole story on a local emulator.")
def demo() -> int:
    """The whole story on a local emulator, nothing to configure: validate, plan, apply, drift."""
    return run_demo() or OK

"""The command `reconciler`. `--version` is answered before anything else is imported, so that it costs nothing."""

import gc
import sys


def main() -> None:
    """Runs the command line and ends the process with its exit code."""
    if sys.argv[1:] == ["--version"]:
        from reconciler import __version__

        sys.stdout.write(f"reconciler {__version__}\n")
        return
    gc.set_threshold(50_000)  # objects that live as long as the process are no garbage to look for every moment
    from reconciler.cli.run import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()

"""The command `reconciler`. `--version` is answered before anything else is imported, so that it costs nothing."""

import gc
import os
import sys


def main() -> None:
    """Runs the command line and ends the process with its exit code."""
    if sys.argv[1:] == ["--version"]:
        from reconciler import __version__

        sys.stdout.write(f"reconciler {__version__}\n")
        return
    gc.set_threshold(50_000)  # objects that live as long as the process are no garbage to look for every moment
    from reconciler.cli.run import run

    code = run(sys.argv[1:])
    if code > 128:  # ended by a signal: nobody waits for threads that still wait for an answer
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    main()

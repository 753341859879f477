"""The command `reconciler`. `--version` is answered before anything else is imported, so that it costs nothing."""

import gc
import os
import sys


def answer() -> int:
    """Runs the command line; returns the exit code."""
    if sys.argv[1:] == ["--version"]:
        from reconciler import __version__

        sys.stdout.write(f"reconciler {__version__}\n")
        return 0
    gc.set_threshold(200_000)  # objects that live as long as the process are no garbage to look for every moment
    from reconciler.cli.run import run

    return run(sys.argv[1:])


def main() -> None:
    """Runs the command line and ends the process with its exit code.

    At once: to take apart, object by object, what goes with the process anyway takes Python a fifth of a second. Only a
    thread that still works is waited for as usual, unless a signal ended the run: nobody waits for an answer then.
    """
    code = answer()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            continue  # `run` told it, where it can be told
    if code > 128 or not _works():
        os._exit(code)
    sys.exit(code)


def _works() -> bool:
    """Whether a thread is left that the process would wait for."""
    threading = sys.modules.get("threading")
    return threading is not None and any(
        not thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread()
    )


if __name__ == "__main__":
    main()

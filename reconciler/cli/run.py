"""One run of the command line: arguments in, exit code out. Every way in which a run can end is handled here."""

import _thread
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

import click

from reconciler.cli.app import app
from reconciler.cli.failures import FAILED, OK, report_failure
from reconciler.cli.progress import Writes

COMPLETION = "_RECONCILER_COMPLETE"
"""Set by the shell, when it asks for completions."""


def run(argv: Sequence[str]) -> int:
    """Runs `reconciler ARGV...`; never shows a traceback unless `--debug` asks for it."""
    for stream in (sys.stdout, sys.stderr):
        # A name in a script that the terminal's encoding lacks is shown as an escape, not as a crash.
        getattr(stream, "reconfigure", _nothing)(errors="backslashreplace")
    writes = Writes()
    try:
        if COMPLETION in os.environ:
            app.main(prog_name="reconciler")
        with signals_end(writes), app.make_context("reconciler", list(argv), obj=writes) as context:
            code = app.invoke(context)
        sys.stdout.flush()
    except BrokenPipeError:
        return _quietly_closed()
    except (Exception, KeyboardInterrupt, click.exceptions.Exit) as error:
        try:
            return report_failure(interrupt_in(error, writes) or error, argv=argv, writes=writes)
        except BrokenPipeError:
            return _quietly_closed()
    if writes.signal:  # an apply has shown its outcomes
        return 128 + writes.signal
    return code if isinstance(code, int) else OK


def interrupt_in(error: BaseException, writes: Writes) -> KeyboardInterrupt | None:
    """The interrupt that a library took for a failure of its own, as pydantic's core does while it builds a model: it
    tells the exception's name and nothing else of it."""
    if writes.signal and isinstance(error, Exception) and KeyboardInterrupt.__name__ in str(error):
        return KeyboardInterrupt()
    return None


@contextmanager
def signals_end(writes: Writes) -> Iterator[None]:
    """While it lasts, SIGTERM ends the run as Ctrl-C does, and `writes` knows which one it was."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, _frame: FrameType | None) -> None:
        writes.signal = number
        raise KeyboardInterrupt

    def ignored(what: "sys.UnraisableHookArgs") -> None:
        """An interrupt that came inside a callback of the interpreter, which drops it, comes again just after it."""
        if what.exc_type is KeyboardInterrupt and writes.signal:
            threading.Timer(_AGAIN_S, _thread.interrupt_main, (writes.signal,)).start()
        else:
            usual(what)

    usual, sys.unraisablehook = sys.unraisablehook, ignored
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    heard = [number for number, handler in before.items() if handler not in (signal.SIG_IGN, None)]
    for number in heard:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in heard:
            signal.signal(number, before[number])
        sys.unraisablehook = usual


_AGAIN_S = 0.02


def _nothing(*, errors: str) -> None:
    """Stands in for `reconfigure` of streams that have none."""


def _quietly_closed() -> int:
    """The reader of stdout went away (`| head`): no message, and none at the interpreter's exit either."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FAILED

"""`reconciler` as a command that starts at once, for tests that run it many times from a shell.

A server process has everything imported and forks for each call; the command is a small client that hands over its
arguments, environment, directory and streams. Nothing is shared between calls.
"""

import importlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
_CLIENT = """\
import json, os, socket, struct, sys
call = json.dumps({"argv": sys.argv[2:], "cwd": os.getcwd(), "environ": dict(os.environ)}).encode()
with socket.socket(socket.AF_UNIX) as server:
    server.connect(sys.argv[1])
    socket.send_fds(server, [struct.pack("!I", len(call))], [0, 1, 2])
    server.sendall(call)
    sys.exit((server.recv(1) or b"\\xff")[0])
"""


@contextmanager
def quick_command(name: str = "reconciler") -> Iterator[Path]:
    """A directory for PATH with the command in it."""
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        (place / "client.py").write_text(_CLIENT)
        command = place / "bin" / name
        command.parent.mkdir()
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "{place}/client.py" "{place}/socket" "$@"\n')
        command.chmod(0o755)
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("COV_", "MIST_"))}
        server = subprocess.Popen(
            [sys.executable, "-P", "-m", "tests.quick", f"{place}/socket"],
            cwd=ROOT,
            env={**clean, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        try:
            assert server.stdout is not None
            assert server.stdout.readline() == b"ready\n"
            yield command.parent
        finally:
            server.terminate()
            server.wait()
            server.stdout.close()


def _serve(path: str) -> None:
    from reconciler.cli.app import COMMANDS
    from reconciler.pipeline.offline import load_inventory
    from reconciler.sources.directory import DirectoryTree

    for module in sorted({module for module, _ in COMMANDS.values()}):  # all is imported, and the models built, once
        importlib.import_module(module)
    load_inventory(DirectoryTree(ROOT / "examples/inventory"), environ=None)
    os.fsync = lambda _file: None  # as in conftest.py
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(16)
        os.write(1, b"ready\n")
        while True:
            caller, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                _answer(caller)
            caller.close()


def _answer(caller: socket.socket) -> None:
    """Runs one call in this process, which ends with it."""
    code = 70
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        head, streams, _, _ = socket.recv_fds(caller, 4, 3)
        length = struct.unpack("!I", head)[0]
        text = b""
        while len(text) < length:
            text += caller.recv(length - len(text))
        call = json.loads(text)
        for target, stream in enumerate(streams):
            os.dup2(stream, target)
            os.close(stream)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
        os.chdir(call["cwd"])
        os.environ.clear()
        os.environ.update(call["environ"])
        from reconciler.cli.run import run

        code = run(call["argv"])
        sys.stdout.flush()
        sys.stderr.flush()
        os.closerange(0, 3)
    except BaseException:
        traceback.print_exc()
    finally:
        caller.send(bytes([code]))
        os._exit(code)


if __name__ == "__main__":
    _serve(sys.argv[1])

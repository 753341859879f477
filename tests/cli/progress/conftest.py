"""The fixtures of the command line's tests."""

from tests.cli.conftest import command, emulator, environ, host, inventory

__all__ = ["command", "emulator", "environ", "host", "inventory"]

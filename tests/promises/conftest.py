"""The command line against an emulator on a port, as the tests of the command line have it."""

from tests.cli.conftest import command, emulator, environ, host, inventory

__all__ = ["command", "emulator", "environ", "host", "inventory"]

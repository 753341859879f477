"""The command line in a directory with an inventory, as in tests/cli."""

from tests.cli.conftest import command, emulator, environ, host, inventory

__all__ = ["command", "emulator", "environ", "host", "inventory"]

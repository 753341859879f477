"""Looks up `!secret` references: `env:NAME`, `file:PATH`, `cmd:COMMAND`. No message ever holds a value.

The project file decides what is allowed: commands only with `secrets.commands: true`, environment variables only
those that `secrets.env` names where it is given. This tool's own credentials and those of a pipeline are never an
inventory's secret, whatever it says. Of an inventory that nobody trusts yet, such as a stranger's pull request, nothing
is looked up at all: its project file could allow whatever it likes.
"""

import os
import shlex
import subprocess
from collections.abc import Callable, Mapping

from reconciler.model.inventory import FileTree, SecretLookup, SecretSource
from reconciler.model.matching import is_meant
from reconciler.model.project import Project, Secrets
from reconciler.model.values import SecretRef
from reconciler.sources.credentials import is_credential
from reconciler.sources.directory import DirectoryTree, inner_name, is_below
from reconciler.sources.envfile import EnvFileError, parse_env_file

MAX_SECRET = 65_536
COMMAND_SECONDS = 30


def secrets_for(tree: FileTree, environ: Mapping[str, str] | None) -> SecretSource:
    """Makes a project's lookup over the inventory's files and an environment; None looks nothing up."""

    def source(project: Project) -> SecretLookup:
        if environ is None:
            return _nothing
        settings = project.secrets
        return _Lookup(tree, environ, settings).value

    return source


class _Lookup:
    """One run's lookup. Each reference is looked up once, so a command runs once however often it is named."""

    def __init__(self, tree: FileTree, environ: Mapping[str, str], settings: Secrets) -> None:
        self._tree = tree
        self._environ = environ
        self._commands = settings.commands
        self._directories = settings.directories
        self._allowed = settings.env
        self._env_file = settings.env_file
        self._from_env_file: Mapping[str, str] | None = None
        self._found: dict[tuple[str, str], str | LookupError] = {}
        self._schemes: dict[str, Callable[[str], str]] = {"env": self._env, "file": self._file, "cmd": self._cmd}

    def value(self, ref: SecretRef) -> str:
        """The value; raises `LookupError` with what is missing and what to do."""
        name = (ref.scheme, ref.target)
        if name not in self._found:
            try:
                self._found[name] = self._schemes[ref.scheme](ref.target)
            except LookupError as error:
                self._found[name] = error
        found = self._found[name]
        if isinstance(found, LookupError):
            raise LookupError(*found.args)
        return found

    def _env(self, name: str) -> str:
        if is_credential(name):
            raise LookupError(
                f"{name} is a credential of this tool or of a pipeline, which no inventory may send anywhere: "
                "keep the secret under another name"
            )
        if self._allowed is not None and not any(is_meant(name, glob) for glob in self._allowed):
            raise LookupError(f"{name} is not among `secrets.env` in reconciler.yaml; add it there")
        value = self._environ.get(name) or self._env_file_values().get(name)
        if not value:
            place = f"write it into {self._env_file}" if self._env_file else "name a `secrets.env_file` that has it"
            raise LookupError(f"the environment variable {name} is not set: export {name}=..., or {place}")
        return value

    def _env_file_values(self) -> Mapping[str, str]:
        if self._env_file is None:
            return {}
        if self._from_env_file is None:
            try:
                self._from_env_file = parse_env_file(_text(self._tree.read(self._env_file)))
            except OSError:
                self._from_env_file = {}  # a file for laptops only may be absent elsewhere
            except EnvFileError as error:
                raise LookupError(f"{self._env_file}: {error}; comments start with #") from None
        return self._from_env_file

    def _file(self, path: str) -> str:
        outside = os.path.isabs(path)
        try:
            data = self._outside(path) if outside else self._tree.read(path)
        except OSError as error:
            reason = error.strerror or error
            remedy = "create it there" if outside else "create it inside of the inventory"
            raise LookupError(f"the file {path} can't be read ({reason}): {remedy}") from None
        return _checked(_text(data), f"the file {path}")

    def _outside(self, path: str) -> bytes:
        """A file in a directory that the project lists: what containers and machines put their secrets into."""
        for directory in self._directories:
            root = os.path.normpath(directory)
            if is_below(os.path.normpath(path), root):
                return DirectoryTree(root).read(inner_name(os.path.normpath(path), root))
        raise LookupError(
            f"the file {path} lies outside of the inventory: list its directory under `secrets: directories:` in "
            "reconciler.yaml, or create it inside of the inventory"
        )

    def _cmd(self, command: str) -> str:
        if not self._commands:
            raise LookupError("commands are not allowed: set `secrets.commands: true` in reconciler.yaml")
        try:
            words = shlex.split(command)
            done = subprocess.run(  # noqa: S603 - the project file allows it, and there is no shell
                words, capture_output=True, timeout=COMMAND_SECONDS, check=False, stdin=subprocess.DEVNULL
            )
        except (OSError, ValueError, IndexError):
            raise LookupError("the command can't be run: check its name and quoting") from None
        except subprocess.TimeoutExpired:
            raise LookupError(f"the command took longer than {COMMAND_SECONDS} s") from None
        if done.returncode:
            raise LookupError(f"the command ended with status {done.returncode}; run it by hand to see why")
        return _checked(_text(done.stdout), "the command's output")


def _nothing(ref: SecretRef) -> str:
    raise LookupError(
        f"{ref!r} is not looked up: this inventory is not trusted (--untrusted, or a fork's pull request)"
    )


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise LookupError("it is not UTF-8 text") from None


def _checked(text: str, what: str) -> str:
    value = text.removesuffix("\n").removesuffix("\r")
    if not value:
        raise LookupError(f"{what} is empty")
    if len(value) > MAX_SECRET:
        raise LookupError(f"{what} is longer than {MAX_SECRET:,} characters")
    return value

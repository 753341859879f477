"""A ref of the repository's remote that holds small files: read whole, changed by compare-and-swap.

In: a directory inside a git repository and the name of a ref. Out: files by name. The ref has commits of its own, with
no file of the inventory. A change is a new commit on the tip that was read, pushed only where the remote still has that
tip: of two machines that change it at once one reads again and begins anew, so no change is lost and none is undone.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.errors import GuardRefusal
from reconciler.sources.git import Called, call_git, remote_of

Files = Mapping[str, bytes]
"""Contents by name, of one directory of the ref."""
_TRIES = 12
_SECONDS = 30.0
_NOTHING = ""
_WHO = ("-c", "user.name=mist-reconciler", "-c", "user.email=mist-reconciler@localhost")


@dataclass(slots=True)
class RemoteRef:
    """One directory of a ref of the remote. Methods raise `GuardRefusal` where the remote can't be reached, or says no.

    `remote` is `origin`, or the only one. `_tip` is what was read last, and `_names` are the ids of its files."""

    repository: Path
    ref: str
    directory: str
    _remote: str = ""
    _tip: str = _NOTHING
    _names: dict[str, str] = field(default_factory=dict)

    def names(self) -> dict[str, str]:
        """The files there are, as the remote has them now, each with git's id of its content."""
        self._fetch()
        return dict(self._names)

    def held(self) -> frozenset[str]:
        """The files there were when `names` or `change` looked."""
        return frozenset(self._names)

    def read(self, name: str) -> bytes | None:
        """A file as it was when `names` or `change` looked; None where there was none."""
        blob = self._names.get(name)
        return self._local("cat-file", "blob", blob) if blob else None

    def change(self, make: Callable[[], Files | None], *, message: str) -> bool:
        """Asks `make` for files to write (with `read`, it sees those that are there; an empty one is removed) and puts
        them on the remote; again, where somebody was faster. False where `make` gives nothing. What `make` raises
        passes."""
        why = ""
        for _ in range(_TRIES):
            self._fetch()
            files = make()
            if not files:
                return False
            old, commit = self._tip, self._commit(files, message)
            lease = f"--force-with-lease={self.ref}:{old}"
            sent = self._call("push", "--quiet", "--no-verify", lease, self._name(), f"{commit}:{self.ref}")
            if sent.code == 0:
                return True
            why = sent.why
            now = self._tip_there()
            if now == commit:
                return True  # the answer was lost, the push was not
            if now == old and "cannot lock ref" not in why and "failed to update ref" not in why:
                break
        raise self._refused(f"git push: {why}")

    def _fetch(self) -> None:
        tip = self._tip_there()
        if tip and call_git(self.repository, "cat-file", "-e", f"{tip}^{{tree}}").code:
            # Kept under its own name here as well, so that the next fetch brings only what is new.
            words = (
                "--quiet",
                "--no-tags",
                "--no-write-fetch-head",
                "--no-recurse-submodules",
                "--no-auto-maintenance",
            )
            got = self._call("fetch", *words, self._name(), f"+{self.ref}:{self.ref}")
            if call_git(self.repository, "cat-file", "-e", f"{tip}^{{tree}}").code:
                raise self._refused(f"git fetch: {got.why}")
        if tip != self._tip:
            self._tip, self._names = tip, self._listed(f"{tip}:{self.directory}") if tip else {}

    def _listed(self, tree: str) -> dict[str, str]:
        found = call_git(self.repository, "ls-tree", "--full-tree", "-z", tree)
        entries = [entry for entry in found.out.decode("utf-8", "replace").split("\0") if entry and found.code == 0]
        rows = [(facts.split(" "), name) for facts, _, name in (entry.partition("\t") for entry in entries)]
        return {name: facts[2] for facts, name in rows if facts[1] == "blob"}

    def _commit(self, files: Files, message: str) -> str:
        names = dict(self._names)
        for name, content in files.items():
            names.pop(name, None)
            if content:
                names[name] = self._id_of("hash-object", "-w", "--stdin", stdin=content)
        made = self._tree((f"100644 blob {blob}", name) for name, blob in names.items())
        beside = self._local("ls-tree", "--full-tree", "-z", self._tip).decode("utf-8", "replace") if self._tip else ""
        others = [(facts, name) for facts, _, name in (row.partition("\t") for row in beside.split("\0") if row)]
        mine = (f"040000 tree {made}", self.directory)
        root = self._tree([*(row for row in others if row[1] != self.directory), mine])
        parent = ("-p", self._tip) if self._tip else ()
        return self._id_of(*_WHO, "commit-tree", root, *parent, "-m", message)

    def _tree(self, rows: Iterable[tuple[str, str]]) -> str:
        listing = "".join(f"{facts}\t{name}\0" for facts, name in sorted(rows, key=lambda row: row[1]))
        return self._id_of("mktree", "-z", stdin=listing.encode())

    def _tip_there(self) -> str:
        answer = self._call("ls-remote", "--quiet", self._name(), self.ref)
        if answer.code:
            raise self._refused(f"git ls-remote: {answer.why}")
        rows = [row.split() for row in answer.out.decode().splitlines()]
        return next((row[0] for row in rows if row[1:] == [self.ref]), _NOTHING)

    def _name(self) -> str:
        if not self._remote:
            try:
                self._remote = remote_of(self.repository) or ""
            except OSError as error:
                raise self._refused(error.strerror or "git can't be run") from error
        if not self._remote:
            raise self._refused("the repository has no remote `origin`")
        return self._remote

    def _id_of(self, *words: str, stdin: bytes = b"") -> str:
        return self._local(*words, stdin=stdin).decode().strip()

    def _local(self, *words: str, stdin: bytes = b"") -> bytes:
        done = self._run(*words, stdin=stdin, remote=False)
        if done.code:
            raise self._refused(f"git {words[0]}: {done.why}")
        return done.out

    def _call(self, *words: str) -> Called:
        return self._run(*words, remote=True)

    def _run(self, *words: str, remote: bool, stdin: bytes = b"") -> Called:
        try:
            return call_git(self.repository, *words, stdin=stdin, seconds=_SECONDS, remote=remote)
        except OSError as error:
            raise self._refused(error.strerror or "git can't be run") from error

    def _refused(self, why: str) -> GuardRefusal:
        return GuardRefusal(
            f"{self.ref} of the repository's remote can't be used: {why}",
            remedy="Check that this machine may push to it, or take `records` and `lock` out of reconciler.yaml",
        )

"""The commit that takes back what a run applied, on a branch of the repository's remote: a commit in, its branch out.

It is made of git's objects alone, so no file of the work tree is touched: the inventory as it was before the run is
merged into the default branch, with the inventory of the run as their common base. What came into the branch since
stays, and so does what the run's commits did outside of the inventory.
"""

from pathlib import Path

from msgspec import Struct

from reconciler.errors import GuardRefusal
from reconciler.sources.git import Called, call_git, remote_of

_WHO = ("-c", "user.name=mist-reconciler", "-c", "user.email=mist-reconciler@localhost")
_SECONDS = 60.0
_TREE = "040000 tree"


class Branch(Struct, frozen=True, kw_only=True):
    """A pushed branch, and the default branch that it is for."""

    name: str
    into: str


def push_revert(directory: Path, *, commit: str, before: str, branch: str, message: str) -> Branch | None:
    """Pushes a branch on which the inventory in `directory` is without what came between the commits `before` (or the
    parent of `commit`, where it is no ancestor) and `commit`. A branch of that name that is there already is left as it
    is. None where nothing is to be reverted. Raises `GuardRefusal` where git can't: the remote can't be reached, others
    changed the same lines since, or git is older than 2.38."""
    work = _Git(directory)
    remote = work.remote()
    into = work.default_branch(remote)
    there = work.sent("ls-remote", "--quiet", remote, f"refs/heads/{branch}")
    if there.out.strip():
        return Branch(name=branch, into=into)
    fetching = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--no-auto-maintenance")
    tracked = f"refs/remotes/{remote}/{into}"
    work.sent("fetch", *fetching, remote, f"+refs/heads/{into}:{tracked}")
    tip = work.id_of("rev-parse", "--verify", f"{tracked}^{{commit}}")
    goal = work.without(commit, work.start(commit, before))
    if goal == work.id_of("rev-parse", f"{commit}^{{tree}}"):
        return None
    base = work.id_of(*_WHO, "commit-tree", f"{commit}^{{tree}}", "-m", "base")
    sides = [work.id_of(*_WHO, "commit-tree", tree, "-p", base, "-m", "side") for tree in (f"{tip}^{{tree}}", goal)]
    merged = work.call("merge-tree", "--write-tree", *sides)
    if merged.code == 1:
        raise work.refused("what the run's commits changed was changed since, in the same lines")
    if merged.code:
        raise work.refused(f"git merge-tree: {merged.why} (it needs git 2.38)")
    tree = merged.out.decode().splitlines()[0]
    if tree == work.id_of("rev-parse", f"{tip}^{{tree}}"):
        return None
    made = work.id_of(*_WHO, "commit-tree", tree, "-p", tip, "-m", message)
    work.sent("push", "--quiet", "--no-verify", remote, f"{made}:refs/heads/{branch}")
    return Branch(name=branch, into=into)


class _Git(Struct, frozen=True):
    """Calls of git in one directory, each of which succeeds or is refused."""

    directory: Path

    def call(self, *words: str, remote: bool = False, stdin: bytes = b"") -> Called:
        try:
            return call_git(self.directory, *words, seconds=_SECONDS, remote=remote, stdin=stdin)
        except OSError as error:
            raise self.refused(error.strerror or "git can't be run") from error

    def id_of(self, *words: str, stdin: bytes = b"") -> str:
        done = self.call(*words, stdin=stdin)
        if done.code:
            raise self.refused(f"git {next(word for word in words if word not in _WHO)}: {done.why}")
        return done.out.decode().strip()

    def sent(self, *words: str) -> Called:
        done = self.call(*words, remote=True)
        if done.code:
            raise self.refused(f"git {words[0]}: {done.why}")
        return done

    def remote(self) -> str:
        try:
            found = remote_of(self.directory)
        except OSError as error:
            raise self.refused(error.strerror or "git can't be run") from error
        if found is None:
            raise self.refused("the repository has no remote `origin`")
        return found

    def default_branch(self, remote: str) -> str:
        rows = self.sent("ls-remote", "--symref", remote, "HEAD").out.decode("utf-8", "replace").splitlines()
        named = next((row.split()[1] for row in rows if row.startswith("ref: refs/heads/")), "")
        if not named:
            raise self.refused("the remote doesn't say which its default branch is")
        return named.removeprefix("refs/heads/")

    def start(self, commit: str, before: str) -> str:
        if before and before != commit and self.call("merge-base", "--is-ancestor", before, commit).code == 0:
            return before
        return self.id_of("rev-parse", "--verify", f"{commit}^1")

    def without(self, commit: str, before: str) -> str:
        """The tree of `commit` with the directory as it was at `before`."""
        steps = [part for part in self.id_of("rev-parse", "--show-prefix").split("/") if part]
        put = self.call("rev-parse", "--verify", "--quiet", f"{before}:{'/'.join(steps)}").out.decode().strip()
        for depth in range(len(steps), 0, -1):
            name, above = steps[depth - 1], "/".join(steps[: depth - 1])
            listing = self.call("ls-tree", "--full-tree", "-z", f"{commit}:{above}").out.split(b"\0")
            rows = [row for row in listing if row and row.partition(b"\t")[2] != name.encode()]
            rows += [f"{_TREE} {put}\t{name}".encode()] if put else []
            put = self.id_of("mktree", "-z", stdin=b"".join(row + b"\0" for row in rows))
        return put

    def refused(self, why: str) -> GuardRefusal:
        return GuardRefusal(
            f"No branch with the revert could be pushed: {why}",
            remedy="`git revert` the commits yourself: until then the next apply brings the change back",
        )

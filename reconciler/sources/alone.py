"""The project file of an inventory without its other files."""

from msgspec import Struct

from reconciler.model.inventory import FileTree
from reconciler.model.project import PROJECT_FILE


class ProjectAlone(Struct, frozen=True):
    """A tree in which no more than the project file is seen: what it says is known without a look at the rest."""

    tree: FileTree

    def paths(self) -> tuple[str, ...]:
        """The project file, where there is one."""
        return tuple(path for path in self.tree.paths() if path == PROJECT_FILE)

    def read(self, path: str) -> bytes:
        """Its content."""
        return self.tree.read(path)

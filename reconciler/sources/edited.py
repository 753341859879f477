"""An inventory's files with some of them edited, before anything is written: to look at what an edit would mean."""

from collections.abc import Collection, Mapping

from reconciler.model.inventory import FileTree

BOM = "\ufeff"


class EditedTree:
    """A tree in which some files have another text, some are new, and some are gone."""

    def __init__(self, tree: FileTree, texts: Mapping[str, str | bytes], *, removed: Collection[str] = ()) -> None:
        self._tree = tree
        self._texts = texts
        self._removed = frozenset(removed)

    def paths(self) -> tuple[str, ...]:
        """The files of the tree below, without those that are gone, and the new ones. Hidden ones are none."""
        new = (name for name in self._texts if not name.startswith(".") and "/." not in name)
        return tuple(sorted({*self._tree.paths(), *new} - self._removed))

    def read(self, path: str) -> bytes:
        """The new text where there is one."""
        text = self._texts.get(path)
        if text is None:
            return self._tree.read(path)
        return text.encode() if isinstance(text, str) else text


def text_of(tree: FileTree, file: str) -> str:
    """A file's text, without the byte order mark; line breaks as they are."""
    return tree.read(file).decode("utf-8").removeprefix(BOM)

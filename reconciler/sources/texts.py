"""An inventory that stands in no directory yet: its files as texts, as a `FileTree`."""

from collections.abc import Mapping


class TextTree:
    """A tree of nothing but these texts."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def paths(self) -> tuple[str, ...]:
        """Their names, sorted."""
        return tuple(sorted(self._texts))

    def read(self, path: str) -> bytes:
        """One of them; raises `OSError` for another name."""
        if path not in self._texts:
            raise OSError("there is no such file")
        return self._texts[path].encode()

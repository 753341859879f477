"""One row's values put into a form: values of a template's expressions in, data of an inventory out.

A text is that text, whatever is in it. What can't be data where it stands is a finding with its row and column.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from math import isfinite
from typing import Any

from reconciler.diagnostics import Cell, Severity, SourceRange, shortened
from reconciler.model.limits import MAX_ALIAS_NODES, MAX_DEPTH
from reconciler.model.values import Mark, SecretRef, Untyped, YamlList, YamlMap
from reconciler.stages.compose.filters import Quoted
from reconciler.stages.compose.inserting import Form, Hole, ListOf, MapOf, Pasted, Recipe, SecretName
from reconciler.stages.compose.pieces import Insert

_LEFT_OUT: Any = object()
_NAMES = {
    "env": (re.compile(r"[A-Za-z0-9_]+"), "letters, digits and _"),
    "file": (re.compile(r"[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*"), "letters, digits, _, -, . and /, without `..`"),
}
"""What a secret's name may be when values are a part of it."""

_MAX_NUMBER = 2**63
_HALF = "the text holds half a character"

Tell = Callable[[Severity, str, str, SourceRange], None]
"""Takes a finding: severity, rule, detail, place."""

ColumnOf = Callable[[int], tuple[str, bool]]


class Filling:
    """The values of one rendering. `row` is where they come from; `column_of` says which column the expression at an
    offset has its value from, where one is known, and whether an empty text there is an empty cell."""

    def __init__(self, inserts: Sequence[Insert], row: Cell | None, column_of: ColumnOf, tell: Tell) -> None:
        self._inserts = inserts
        self._row = row
        self._column_of = column_of
        self._tell = tell
        self._known_cells: dict[str, Cell] = {}
        self.failed = False
        self.has_secrets = False
        self.computed: list[tuple[YamlMap, str]] = []

    def filled(self, form: Form) -> Any:
        """The form's value with all values in their places."""
        return form.value if form.recipe is None else self._value(form.recipe)

    def _value(self, recipe: Recipe) -> Any:
        if isinstance(recipe, Hole):
            return self._hole(recipe)
        if isinstance(recipe, Pasted):
            text = self._text(recipe)
            return _LEFT_OUT if text is None else Untyped(text)
        if isinstance(recipe, MapOf):
            return self._map(recipe)
        if isinstance(recipe, ListOf):
            return self._list(recipe)
        return self._secret(recipe)

    def _map(self, recipe: MapOf) -> YamlMap:
        base = recipe.base
        if recipe.computed:
            return self._map_with_keys(recipe)
        result = YamlMap(base, marks=dict(base.marks), mark=self._mark(base.mark))
        for key, below in recipe.entries:
            value = self._value(below) if below else base[key]
            if value is _LEFT_OUT or (not value and isinstance(below, MapOf | ListOf)):
                del result[key], result.marks[key]
            else:
                result[key] = value
                result.marks[key] = self._marked(base.marks[key], below)
        return result

    def _map_with_keys(self, recipe: MapOf) -> YamlMap:
        base, changing = recipe.base, dict(recipe.entries)
        result = YamlMap(mark=self._mark(base.mark))
        for key, item in base.items():
            below = changing.get(key)
            value = self._value(below) if below else item
            if value is _LEFT_OUT or (not value and isinstance(below, MapOf | ListOf)):
                continue
            name, mark = key, self._marked(base.marks[key], below)
            if key in recipe.computed:
                text = self._key(recipe.computed[key])
                if text is None:
                    continue
                name, mark = text, self._marked(base.marks[key], recipe.computed[key])
                self.computed.append((result, name))
            if name in result:
                first = SourceRange(*result.marks[name][:3])
                self._fail("duplicate-key", f"{shortened(name)!r} is already set at {first}; keep one of the two", mark)
                continue
            result[name] = value
            result.marks[name] = mark
        return result

    def _key(self, pasted: Pasted) -> str | None:
        text = self._text(pasted)
        if text is not None and not text.strip():
            self._fail("bad-insert", "a key is empty: a key takes a text", self._marked(pasted.mark, pasted))
            return None
        return text

    def _list(self, recipe: ListOf) -> YamlList:
        base = recipe.base
        result = YamlList(base, marks=list(base.marks), mark=self._mark(base.mark), merge=base.merge, place=base.place)
        filled = [(index, below, self._value(below)) for index, below in recipe.items]
        for index, below, value in reversed(filled):
            if value is not _LEFT_OUT and (value or not isinstance(below, ListOf)):
                result[index] = value
                result.marks[index] = self._marked(base.marks[index], below)
            else:
                del result[index], result.marks[index]
        return result

    def _hole(self, hole: Hole) -> Any:
        insert = self._inserts[hole.index]
        value = insert.value._value if isinstance(insert.value, Quoted) else insert.value
        mark = self._marked(hole.mark, hole)
        if isinstance(value, str) and not value and self._column_of(insert.offset)[1]:
            if hole.variable:
                self._empty("a variable has no value here, and is left out", mark)
            return _LEFT_OUT
        if hole.quoted and isinstance(value, bool | int | float):
            value = str(value) if _is_usual(value) else value
        return self._data(value, mark, 0, [])

    def _data(self, value: Any, mark: Mark, depth: int, count: list[None]) -> Any:
        """A value as data of the inventory; lists and mappings with all that lies below them."""
        count.append(None)
        if self.failed:
            return _LEFT_OUT
        value = value._value if isinstance(value, Quoted) else value
        if depth > MAX_DEPTH or len(count) > MAX_ALIAS_NODES:
            return self._fail("bad-insert", "the value is nested too deeply, or too large", mark)
        if isinstance(value, str):
            return Untyped(value) if _is_text(value) else self._fail("bad-insert", _HALF, mark)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            return value if _is_usual(value) else self._fail("bad-insert", "the number is too large", mark)
        if isinstance(value, SecretRef):
            self.has_secrets = True
            return SecretRef(value.scheme, value.target, mark=mark)
        if isinstance(value, Mapping):
            return self._data_map(value, mark, depth, count)
        if isinstance(value, list | tuple | range):
            return self._data_list(value, mark, depth, count)
        detail = f"`${{ }}` takes a text, a number, a list or a mapping, and this is something else{_hint(value)}"
        return self._fail("bad-insert", detail, mark)

    def _data_map(self, value: Mapping[Any, Any], mark: Mark, depth: int, count: list[None]) -> YamlMap:
        marks = value.marks if isinstance(value, YamlMap) else {}
        result = YamlMap(mark=(value.mark if isinstance(value, YamlMap) else None) or mark)
        for key, item in value.items():
            if not isinstance(key, str) or not _is_text(key):
                self._fail("bad-insert", "the keys of a mapping are texts", mark)
                continue
            place = marks.get(key, mark)
            result[str(key)] = self._data(item, place, depth + 1, count)
            result.marks[str(key)] = place
        return result

    def _data_list(self, value: Any, mark: Mark, depth: int, count: list[None]) -> YamlList:
        marks = value.marks if isinstance(value, YamlList) else []
        listed = value if isinstance(value, YamlList) else YamlList()
        result = YamlList(mark=mark, merge=listed.merge, place=listed.place)
        for index, item in enumerate(islice(value, MAX_ALIAS_NODES + 1)):
            place = marks[index] if index < len(marks) else mark
            result.append(self._data(item, place, depth + 1, count))
            result.marks.append(place)
        return result

    def _text(self, pasted: Pasted) -> str | None:
        """A text with its values pasted in; None when one of them is no text."""
        found: list[str] = []
        for part in pasted.parts:
            if isinstance(part, str):
                found.append(part)
                continue
            insert = self._inserts[part]
            value = insert.value
            if isinstance(value, str) and value and _is_text(value):
                found.append(value)
            elif value is None or value == "":
                if value is None or self._column_of(insert.offset)[1]:
                    self._empty("a text has nothing to insert here", self._with_cells(pasted.mark, [part]))
            elif isinstance(value, int | float) and _is_usual(value):
                found.append(str(value))
            else:
                self._fail("bad-insert", _not_in_text(value), self._with_cells(pasted.mark, [part]))
                return None
        return "".join(found)

    def _secret(self, recipe: SecretName) -> Any:
        name, mark = recipe.name, self._marked(recipe.name.mark, recipe.name)
        text = self._text(name)
        if text is None:
            return _LEFT_OUT
        if recipe.scheme not in _NAMES:
            return self._fail("bad-secret-name", "nothing can be inserted into `!secret cmd:`", mark)
        if not isinstance(name.parts[0], str):
            detail = f"the name must begin with text of the template, such as `!secret {recipe.scheme}:PSK_${{ name }}`"
            return self._fail("bad-secret-name", detail, mark)
        if problem := name_problem(recipe.scheme, text):
            return self._fail("bad-secret-name", problem, mark)
        self.has_secrets = True
        return SecretRef(recipe.scheme, text, mark=mark)

    def _mark(self, mark: Mark | None) -> Mark | None:
        return (*mark[:3], self._row) if mark and self._row else mark

    def _marked(self, mark: Mark, recipe: Recipe | None) -> Mark:
        """The mark of an entry with its cell."""
        if isinstance(recipe, Hole):
            return self._with_cells(mark, [recipe.index])
        if isinstance(recipe, Pasted):
            return self._with_cells(mark, recipe.indexes)
        return self._with_cells(mark, recipe.name.indexes) if isinstance(recipe, SecretName) else mark

    def _with_cells(self, mark: Mark, indexes: Sequence[int]) -> Mark:
        """The mark with the cell that some inserts have their values from; with the row where these are several."""
        if self._row is None:
            return mark
        if len(indexes) == 1:
            column = self._column_of(self._inserts[indexes[0]].offset)[0]
        else:
            columns = {self._column_of(self._inserts[index].offset)[0] for index in indexes}
            column = columns.pop() if len(columns) == 1 else ""
        cell = self._known_cells.get(column)
        if cell is None:
            cell = self._known_cells[column] = self._row._replace(column=column)
        return (*mark[:3], cell)

    def _fail(self, rule: str, detail: str, mark: Mark) -> Any:
        self.failed = True
        self._tell(Severity.ERROR, rule, detail, SourceRange(*mark))
        return _LEFT_OUT

    def _empty(self, detail: str, mark: Mark) -> None:
        self._tell(Severity.WARNING, "empty-cell", detail, SourceRange(*mark))


def name_problem(scheme: str, text: str) -> str:
    """What is wrong with the name of a secret of which a part was inserted; nothing where it is fine."""
    pattern, allowed = _NAMES[scheme]
    if pattern.fullmatch(text) and ".." not in text.split("/"):
        return ""
    return f"{shortened(text)!r} is no name of a secret: one has {allowed}"


def _is_text(text: str) -> bool:
    """Whether a text can be stored: half of a surrogate pair can't."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_usual(number: float) -> bool:
    return isfinite(number) if isinstance(number, float) else abs(number) < _MAX_NUMBER


def _not_in_text(value: Any) -> str:
    if isinstance(value, SecretRef):
        return "a secret can't be a part of a text: it takes the place of a whole value"
    if isinstance(value, int | float):
        return "the number is too large"
    if isinstance(value, str):
        return _HALF
    what = {True: "a mapping", False: "a list"}.get(isinstance(value, Mapping)) if _is_container(value) else "this"
    return f"{what} can't be a part of a text{_hint(value)}: insert one value of it, or join them: `| join(', ')`"


def _is_container(value: Any) -> bool:
    return isinstance(value, Mapping | list | tuple | range)


def _hint(value: Any) -> str:
    return "; a column that is called like a function of templates is written `row['...']`" if callable(value) else ""

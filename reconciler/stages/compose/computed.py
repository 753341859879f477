"""Keys that a template made of values: documents in, findings for those that stand where a key is a field out.

`${ name }:` names a variable, a network, a port usage: whatever the user may call as he likes. What an object is, its
name, its fields and what is nested in it is said by the template's own text.
"""

from collections.abc import Iterable, Iterator, Mapping

from reconciler.diagnostics import shortened
from reconciler.kinds.kind import Kind
from reconciler.model.inventory import Document
from reconciler.model.values import YamlList, YamlMap
from reconciler.stages.compose.forms import Form
from reconciler.stages.compose.report import Report


def without_computed(
    documents: Iterable[Document], words: Mapping[str, Kind], forms: Mapping[str, Form], report: Report
) -> list[Document]:
    """The documents whose objects have only fields that are written out."""
    return [document for document in documents if not document.computed or _is_fine(document, words, forms, report)]


def _is_fine(document: Document, words: Mapping[str, Kind], forms: Mapping[str, Form], report: Report) -> bool:
    holders = {id(document.data)}
    for key, value in document.data.items():
        kind = words.get(key)
        if kind is not None and isinstance(value, YamlList):
            holders.update(id(item) for own in value for item in _objects(own, forms[kind.name], forms))
    wrong = [(holder, key) for holder, key in document.computed if id(holder) in holders]
    for holder, key in wrong:
        detail = f"{shortened(key)!r} is inserted by `${{ }}:` as a field of an object; write the field out"
        report.error("computed-field", "A field's name can't be inserted", detail, holder.marks[key])
    return not wrong


def _objects(value: object, form: Form, forms: Mapping[str, Form]) -> Iterator[YamlMap]:
    """The mapping of an object, and those of the objects nested in it."""
    if not isinstance(value, YamlMap):
        return
    yield value
    for key, kind in form.children.items():
        below = value.get(key)
        for item in below if isinstance(below, list) else [below]:
            yield from _objects(item, forms[kind.name], forms)

"""libyaml's complaints in words of a person: a parser's error in, one diagnostic with its place out."""

import re

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from reconciler.diagnostics import Diagnostic, Severity, SourceRange

_SUMMARY = "The file is not valid YAML"
_NOT_CLOSED = " is not closed"
_NO_COLON = "this line is neither `key: value` nor a list element `- value`"

_WORDS: tuple[tuple[str, str, str], ...] = (
    # part of the problem, part of the context, what to say
    (
        "mapping values are not allowed",
        "",
        "`:` can't stand here: quote text that holds `: `, or check the indentation",
    ),
    ("could not find expected ':'", "", _NO_COLON),
    ("found unexpected end of stream", "quoted scalar", "the quoted text is not closed"),
    ("found unexpected document indicator", "quoted scalar", "the quoted text is not closed"),
    ("expected ',' or ']'", "", "the list `[` is not closed"),
    ("expected ',' or '}'", "", "the mapping `{` is not closed"),
    ("did not find expected node content", "", "a value is missing here, or a `[` or `{` before it may not be closed"),
    ("unknown escape character", "", "in double quotes `\\` starts an escape: write `\\\\`, or use single quotes"),
    ("expected alphabetic or numeric character", "alias", "text that starts with `*` must be quoted"),
    ("expected alphabetic or numeric character", "anchor", "text that starts with `&` must be quoted"),
    ("undefined tag handle", "", "text that starts with `!` must be quoted; known tags are !secret and !merge"),
    ("block sequence entries are not allowed", "", "a list element `- ` can't stand here: put it on a line of its own"),
    ("did not find expected '-' indicator", "", "this line should be a list element `- `, or be indented differently"),
    (
        "did not find expected key",
        "",
        "this doesn't fit here: check the indentation, and quote text with special signs",
    ),
    ("did not find expected <document start>", "", "this stands after the end of the document: check the indentation"),
    ("control characters are not allowed", "", "a control character can't stand in YAML"),
)


def syntax_error(error: YAMLError, data: bytes, file: str) -> Diagnostic:
    """One diagnostic for what the parser raised while it read `data`."""
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        position = int(getattr(error, "position", None) or 0)
        detail = _words(str(getattr(error, "reason", error)), "")
        return _diagnostic("yaml-syntax", detail, _place(data, position, file))
    mark = error.problem_mark
    source = SourceRange(file, mark.line + 1, mark.column + 1)
    line = _line(data, mark.line)
    if line[mark.column : mark.column + 1] == "\t" or "tab character" in error.problem:
        return _diagnostic("yaml-tab", "a tab is used for indentation: use spaces", source)
    if variable := _UNQUOTED_VARIABLE.search(line):
        column = variable.end() - 1
        detail = 'a value with a Mist variable must be quoted as a whole, such as "{{name}}.1"'
        return _diagnostic("unquoted-variable", detail, SourceRange(file, mark.line + 1, column))
    if "cannot start any token" in error.problem:
        found = line[mark.column : mark.column + 1]
        return _diagnostic("yaml-syntax", f"text that starts with `{found}` must be quoted", source)
    words = _words(error.problem, error.context or "")
    if words.endswith((_NOT_CLOSED, _NO_COLON)) and error.context_mark:
        # Where the parser gave up is of no use to the reader: the place where it begins is.
        source = SourceRange(file, error.context_mark.line + 1, error.context_mark.column + 1)
    return _diagnostic("yaml-syntax", words, source)


_UNQUOTED_VARIABLE = re.compile(r"(?:^|[:\-,\[])\s*\{\{")


def bad_encoding(data: bytes, position: int, file: str) -> Diagnostic:
    """The diagnostic for bytes that are no UTF-8 at `position`."""
    detail = "this is not UTF-8: save the file as UTF-8"
    return _diagnostic("encoding", detail, _place(data, position, file))


def empty_value(key: str | None, depth: int) -> str:
    """What to do about a key (a dash when None) with nothing behind it; `depth` 1 are the keys of a file."""
    if key is None:
        return "nothing stands behind this `-`: write the element, or take the line away"
    if depth == 1:
        return f"nothing stands below `{key}:`: write what belongs there, or take the line away"
    return (
        f"nothing stands behind `{key}:`. Write its value; or `null` (for a list `[]`) to clear it in the cloud; or "
        "take the key away to leave it there as it is"
    )


def _words(problem: str, context: str) -> str:
    for part, within, words in _WORDS:
        if part in problem and within in context:
            return words
    return f"{context}: {problem}" if context else problem


def _line(data: bytes, index: int) -> str:
    lines = data.decode("utf-8", "replace").removeprefix("\ufeff").splitlines()
    return lines[index] if index < len(lines) else ""


def _place(data: bytes, position: int, file: str) -> SourceRange:
    before = data[:position].decode("utf-8", "replace").removeprefix("\ufeff")
    return SourceRange(file, before.count("\n") + 1, len(before) - before.rfind("\n"))


def _diagnostic(rule: str, detail: str, source: SourceRange) -> Diagnostic:
    return Diagnostic(severity=Severity.ERROR, rule=rule, summary=_SUMMARY, detail=detail, source=source)

"""Diagnostics as JUnit XML, in the strict form of Apache Ant's schema, which every CI reads.

One test case for each finding, and one that passes for each file without any. Errors (with `strict` warnings too) are
failures; the other findings stand in the suite's output.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.report.diagnostics import message_of
from reconciler.report.format import Findings, Format
from reconciler.report.values import printable

SUITE = "reconciler validate"


def junit_document(
    diagnostics: Sequence[Diagnostic], *, files: Iterable[str], made: datetime, root: str = "", strict: bool = False
) -> str:
    """One suite as text; `files` are all files of the inventory, `root` goes before file names."""
    found = {item.source.file for item in diagnostics if item.source}
    failures = [item for item in diagnostics if _fails(item, strict)]
    clean = sorted(set(files) - found)
    suite = Element(
        "testsuite",
        {
            "name": SUITE,
            "package": "reconciler",
            "id": "0",
            "timestamp": made.strftime("%Y-%m-%dT%H:%M:%S"),
            "hostname": "localhost",
            "tests": str(len(diagnostics) + len(clean)),
            "failures": str(len(failures)),
            "errors": "0",
            "skipped": "0",
            "time": "0",
        },
    )
    SubElement(suite, "properties")
    for item in diagnostics:
        case = _case(suite, name=f"{_place(item, root)} {item.rule}", file=_file(item, root))
        if _fails(item, strict):
            failure = SubElement(case, "failure", {"message": _clean(item.summary), "type": item.rule})
            failure.text = _described(item, root)
    for file in clean:
        _case(suite, name=f"{root}{file}", file=f"{root}{file}")
    told = [_described(item, root) for item in diagnostics if not _fails(item, strict)]
    SubElement(suite, "system-out").text = "\n".join(told)
    SubElement(suite, "system-err")
    suites = Element("testsuites")
    suites.append(suite)
    indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(suites, encoding="unicode")}\n'


def _case(suite: Element, *, name: str, file: str) -> Element:
    return SubElement(suite, "testcase", {"name": _clean(name), "classname": _clean(file), "time": "0"})


def _fails(item: Diagnostic, strict: bool) -> bool:
    return item.severity is Severity.ERROR or (strict and item.severity is Severity.WARNING)


def _file(item: Diagnostic, root: str) -> str:
    return f"{root}{item.source.file}" if item.source else f"{root}reconciler.yaml"


def _place(item: Diagnostic, root: str) -> str:
    return f"{root}{item.source}" if item.source else item.address or f"{root}reconciler.yaml"


def _described(item: Diagnostic, root: str) -> str:
    head = f"{_place(item, root)}: {item.severity.value}[{item.rule}]: {item.summary}"
    return "\n".join(_clean(row) for row in (head, *message_of(item).splitlines()))


def _clean(text: str) -> str:
    """XML knows no control characters, and an attribute no line ends."""
    return printable(" ".join(text.splitlines()))


def _findings(checked: Findings) -> str:
    return junit_document(
        checked.diagnostics, files=checked.with_objects, made=checked.made, root=checked.root, strict=checked.strict
    )


FORMAT = Format(findings=_findings)

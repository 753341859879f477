"""The first and the last line of a record say as much of it as all lines."""

import json
from pathlib import Path

import pytest

from reconciler.runs.reading import list_ends, list_runs

HEADER = json.dumps({"type": "run", "org": {"id": "o"}})
SUMMARY = json.dumps({"type": "summary", "ended": "finished"})
WRITE = json.dumps({"type": "write", "address": "site.A"})
LONG = json.dumps({"type": "write", "address": "a" * 100_000})
RECORDS = {
    "finished": f"{HEADER}\n{WRITE}\n{SUMMARY}\n",
    "killed": f"{HEADER}\n{WRITE}\n",
    "killed in a line": f"{HEADER}\n{WRITE}\n{SUMMARY[:20]}",
    "closed": f"{HEADER}\n{WRITE[:9]}\n{SUMMARY}\n",
    "header alone": f"{HEADER}\n",
    "half a header": HEADER[:9],
    "empty": "",
    "long": f"{HEADER}\n{LONG}\n{LONG}\n{SUMMARY}\n",
    "long summary": f'{HEADER}\n{WRITE}\n{SUMMARY[:-1]}, "more": "{"a" * 100_000}"}}\n',
    "killed after a long line": f"{HEADER}\n{LONG}\n",
}


@pytest.mark.parametrize("text", RECORDS.values(), ids=RECORDS)
def test_ends_are_those_of_the_whole_record(text: str, tmp_path: Path) -> None:
    (tmp_path / "20260101T000000.000Z-abcd.jsonl").write_text(text, "utf-8")
    ((whole,), (ends,)) = (list_runs(tmp_path), list_ends(tmp_path))
    assert (ends.run_id, ends.header, ends.summary) == (whole.run_id, whole.header, whole.summary)
    assert len(ends.lines) <= 3

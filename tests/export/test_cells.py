"""A cell of a CSV edited where it stands is what the reader of tables finds there; all other cells are as they were."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from reconciler.export.cells import Sheet
from reconciler.stages.load.cells import CsvForm, csv_rows, how_written

CELL = st.text(st.sampled_from("ab é\";,\t\r\n'#€"), max_size=5)
TABLES = st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=4))


@given(
    TABLES,
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.data(),
)
def test_an_edit_changes_its_cell_alone(
    table: list[list[str]], delimiter: str, ending: str, codec: str, quoting: int, data: st.DataObject
) -> None:
    width = len(table[0]) if table else 1
    header = [f"c{at}" for at in range(width)]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=ending, quoting=quoting).writerows([header, *table])
    content = out.getvalue().encode(codec)
    form = CsvForm(delimiter, None if codec == "utf-8-sig" else codec)
    _, rows = csv_rows(content, "t.csv", form, [])
    written = how_written(content, form)
    assert written is not None
    sheet = Sheet(*written)
    assert sheet.data() == content
    expected = [dict(row.values) for row in rows]
    if rows:
        at, column = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.sampled_from(header))
        assert sheet.value(rows[at].line, column) == expected[at][column]
        new = data.draw(CELL.map(str.strip))
        sheet.put(rows[at].line, column, new)
        expected[at][column] = new
        gone = data.draw(st.integers(0, len(rows) - 1))
        if gone != at:
            sheet.remove([rows[gone].line])
            del expected[gone]
    added = dict.fromkeys(header, "x;y")
    sheet.append(added)
    _, after = csv_rows(sheet.data(), "t.csv", form, [])
    assert [row.values for row in after] == [row for row in [*expected, added] if any(row.values())]

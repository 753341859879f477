"""A new output format is a module with a `FORMAT` and a row in the table: here CSV."""

import csv
import io

from reconciler.model.change import Plan
from reconciler.report.format import Format, View
from reconciler.report.formats import FORMATS, formats_of
from tests.report.samples import CHANGES, ORG


def as_csv(plan: Plan, _view: View) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("address", "action", "field", "after"))
    for change in plan.changes:
        for item in change.fields:
            rows.writerow((change.address, change.action, item.path, "" if item.sensitive else item.after))
    return text.getvalue()


def test_csv_is_one_function_and_one_row() -> None:
    formats = {**FORMATS, "csv": Format(plan=as_csv)}
    assert formats_of("plan", formats) == ("text", "json", "markdown", "csv")
    assert "csv" not in formats_of("drift", formats)
    show = formats["csv"].plan
    assert show
    shown = show(Plan(org_id=ORG, org_name="Acme", changes=CHANGES), View())
    assert isinstance(shown, str)
    rows = list(csv.DictReader(io.StringIO(shown)))
    assert rows[0] == {"address": "sitegroup.emea", "action": "create", "field": "name", "after": "emea"}
    assert len(rows) == sum(len(change.fields) for change in CHANGES)

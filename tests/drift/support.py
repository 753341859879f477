"""Drift without a cloud: an inventory's files and what is live in, a report and its adoption out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.drift.adopt import Adoption
from reconciler.kinds import kinds
from reconciler.model.address import Address
from reconciler.model.change import Change, Plan
from reconciler.model.drift import Drift
from reconciler.model.inventory import Inventory
from reconciler.model.match import Match, Matches
from reconciler.model.resource import Live, LiveObject
from reconciler.pipeline.drift import adopt_drift
from reconciler.pipeline.offline import load_inventory
from reconciler.semantics.forms import seal
from reconciler.stages.diff import diff
from tests.stages.validate.support import Files

ENVIRON = {"PSK": "canary-declared-psk", "SECRET": "canary-declared-secret"}


@dataclass(frozen=True)
class Case:
    """An inventory, its files, and a live side that differs from it."""

    files: Files
    inventory: Inventory
    live: Live

    @property
    def changes(self) -> tuple[Change, ...]:
        """What differs."""
        matches = [
            Match(address=item.address, kind=item.kind, declared=item, live=self.of(item.address))
            for item in self.inventory.resources
            if not kinds()[item.kind].composed_only
        ]
        return diff(matches, kinds=kinds(), ignore=tuple(self.inventory.project.ignore)).changes

    def of(self, address: Address) -> LiveObject | None:
        return next((item for item in self.live.objects if item.address == address), None)

    def adopt(self, *fields: str, override: bool = False, only: str = "") -> Adoption:
        """Adopts everything, or the given fields."""
        changes = tuple(item for item in self.changes if only in ("", item.address.text))
        report = Drift(plan=Plan(org_id="o", org_name="O", changes=changes))
        matches = Matches(live=self.live)
        return adopt_drift(
            report, matches, self.inventory, self.files, environ=ENVIRON, fields=fields, override=override
        )

    def diff_of(self, adoption: Adoption) -> dict[str, list[str]]:
        """Changed lines by file: old ones with `-`, new ones with `+`."""
        from difflib import unified_diff

        found = {}
        for file, text in sorted(adoption.files.items()):
            rows = unified_diff(self.files.files[file].splitlines(), text.splitlines(), lineterm="", n=0)
            found[file] = [row for row in rows if not row.startswith(("---", "+++", "@@"))]
        return found


def case(files: Mapping[str, str], live: Mapping[str, Mapping[str, Any] | None]) -> Case:
    """`live` holds by address what differs there (None: not live); everything else is live as declared."""
    tree = Files({"reconciler.yaml": "version: 1\n", **files})
    inventory = load_inventory(tree, environ=ENVIRON)
    assert not [item for item in inventory.diagnostics if item.severity == "error"], inventory.diagnostics
    ids = {item.address: f"id-{at}" for at, item in enumerate(inventory.resources)}
    objects = []
    for item in inventory.resources:
        changed = live.get(item.address.text, {})
        if changed is None or kinds()[item.kind].composed_only:
            continue
        shape = kinds()[item.kind].shape
        body = {**item.body, **{key: seal(value, shape.below(key)) for key, value in changed.items()}}
        identity = ids[item.parent] if kinds()[item.kind].singleton and item.parent else ids[item.address]
        parent = ids.get(item.parent) if item.parent else None
        objects.append(LiveObject(kind=item.kind, id=identity, body=body, parent_id=parent, address=item.address))
    return Case(tree, inventory, Live(org_id="o", org_name="O", objects=tuple(objects)))

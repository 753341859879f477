"""The stages with a set of kinds of the test's own: files in; inventory, plan, outcomes or drift out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.drift.attribution import Log, attributed
from reconciler.drift.log import read_log
from reconciler.kinds import Kinds
from reconciler.model.change import Change, Outcome, Plan
from reconciler.model.inventory import Inventory
from reconciler.sources.secrets import secrets_for
from reconciler.stages.apply import apply
from reconciler.stages.compose import compose
from reconciler.stages.diff import diff
from reconciler.stages.load import load
from reconciler.stages.match import match
from reconciler.stages.plan import plan
from reconciler.stages.read import read, wants_of
from reconciler.stages.validate import validate
from tests.stages.compose.support import Files
from tests.world import ONE_THREAD, ORG, World, world


@dataclass
class Stages:
    """Every stage takes the same kinds; `acme` is the organisation on the emulator."""

    known: Kinds
    acme: World = field(default_factory=world)

    def inventory(self, text: str) -> Inventory:
        """load -> compose -> validate."""
        tree = Files({"reconciler.yaml": "version: 1", "a.yaml": text})
        return validate(compose(load(tree), kinds=self.known, secrets=secrets_for(tree, {})), self.known)

    def plan(self, text: str) -> Plan:
        """... -> read -> match -> diff -> plan, of an inventory without a finding."""
        inventory = self.inventory(text)
        assert inventory.diagnostics == ()
        live = read(self.acme.client, wants_of(inventory, kinds=self.known), org_id=ORG, kinds=self.known)
        matches = match(inventory.resources, live, kinds=self.known)
        found = diff(matches.matches, kinds=self.known)
        return plan(found, matches, project=inventory.project, options=ONE_THREAD, kinds=self.known)

    def apply(self, text: str) -> tuple[Outcome, ...]:
        """... -> apply."""
        return apply(self.plan(text), self.acme.client, kinds=self.known, options=ONE_THREAD)

    def drift(self, text: str) -> tuple[Change, ...]:
        """... -> plan -> who made each difference."""
        planned = self.plan(text)
        events = read_log(self.acme.client, ORG, days=7).events
        return attributed(planned.changes, Log(events, kinds=self.known, ids=planned.ids))


def summary(found: Plan) -> list[tuple[str, str]]:
    """What a plan would do to which address."""
    return [(str(change.action), str(change.address)) for change in found.changes]


def rules(found: Inventory) -> Mapping[str, str]:
    """The rules of an inventory's findings with their details."""
    return {item.rule: item.detail for item in found.diagnostics}

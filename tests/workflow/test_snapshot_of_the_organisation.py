"""The organisation's own object beside a snapshot: its name, which `/self` tells, is not taken for the whole of it."""

from datetime import UTC, datetime

from reconciler.model.inventory import Inventory
from reconciler.model.options import Options
from reconciler.model.project import Project
from reconciler.pipeline.online import make_plan
from reconciler.pipeline.snapshot import keep, recall
from reconciler.snapshot.file import Loaded
from tests.world import ORG, declare, world


def test_a_declared_organisation_is_read_whole_with_a_snapshot_too() -> None:
    cloud = world({})
    declared = declare("organisation", {"session_expiry": 600})
    cloud.apply(declared)
    inventory = Inventory(project=Project(version=1), resources=(declared,))
    loaded, fields = Loaded(), []
    for edited in (600, 600, 900):
        cloud.call("PUT", f"orgs/{ORG}", {"session_expiry": edited})
        cloud.client = cloud.connect()
        found = recall(cloud.client, [inventory], loaded, org_id=ORG, key=b"key", prune=False)
        options = Options(threads=1, memory=found.memory)
        plan = make_plan(inventory, cloud.client, org_id=ORG, options=options)
        fields.append([field.path for change in plan.changes for field in change.fields])
        loaded = Loaded(snapshot=keep(found, [inventory], org_id=ORG, key=b"key", now=datetime.now(UTC)))
    assert fields == [[], [], ["session_expiry"]]

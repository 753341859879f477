"""Mist Edges: of the organisation and of a site, and their assignment.

In: calls.  Out: answers and hooks for crud.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from typing import Any

from reconciler.emulator import audit
from reconciler.emulator.crud import list_reply
from reconciler.emulator.devices import texts
from reconciler.emulator.errors import bad_request, not_found
from reconciler.emulator.messages import Reply
from reconciler.emulator.rules import Rules
from reconciler.emulator.world import Call

Json = dict[str, Any]
CODE = re.compile(r"[0-9]{9}")
"""What an edge shows, but for the dashes."""


def listed_edges(call: Call, items: list[Json]) -> list[Json]:
    """Edges of the organisation; those of sites as `for_site` asks."""
    wanted = call.query.get("for_site", "any" if call.world.quirks.edges_listed == "all" else "false").lower()
    if wanted == "any":
        return items
    return [e for e in items if bool(e.get("site_id")) == (wanted == "true")]


def _edges_of_site(call: Call) -> dict[str, Json]:
    edges = call.store.collection(call.org_id, "mxedges")
    return {k: {**e, "for_site": True} for k, e in edges.items() if e.get("site_id") == call.site_id}


def list_site_edges(call: Call) -> Reply:
    return list_reply(call, list(_edges_of_site(call).values()), "mxedge", Rules())


def site_edge(call: Call) -> Json:
    edge = _edges_of_site(call).get(call.params["mxedge_id"])
    if edge is None:
        raise not_found()
    return edge


def get_site_edge(call: Call) -> Json:
    return call.view(site_edge(call), "mxedge")


def delete_site_edge(call: Call) -> Json:
    edge = site_edge(call)
    call.store.remove(call.org_id, "mxedges", edge["id"])
    audit.record(call, "Delete", "mxedges", before=edge)
    return {}


def claim_edge(call: Call) -> Json:
    """A claim code in; the id and the secret of an edge that is at no site out. A box keeps its id as long as it is
    claimed. The document says nothing of a code that is claimed already: 400, or the same edge again."""
    written = call.body.get("code") if isinstance(call.body, dict) else None
    code = str(written or "").replace("-", "")
    if not CODE.fullmatch(code):
        raise bad_request("invalid claim code")
    edge_id = str(uuid.uuid5(uuid.NAMESPACE_OID, code))
    for org_id in call.store.orgs:
        edge = call.store.get(org_id, "mxedges", edge_id)
        if edge and (org_id != call.org_id or call.world.quirks.edge_claimed_again == "refused"):
            raise bad_request("already claimed")
        if edge:
            return {"id": edge_id, "magic": edge["magic"]}
    digest, now = hashlib.sha256(code.encode()).hexdigest(), call.world.now()
    edge = {
        "id": edge_id,
        "org_id": call.org_id,
        "name": f"mxedge-{digest[:6]}",
        "model": "ME-X1",
        "magic": digest[:15],
    }
    edge |= {"for_site": False, "mac": f"020003{digest[:6]}", "created_time": now, "modified_time": now}
    call.store.put(call.org_id, "mxedges", edge)
    if call.world.quirks.list_lag_s:
        call.store.hide(edge_id, now + call.world.quirks.list_lag_s)
    audit.record(call, "Add", "mxedges", after=edge)
    return {"id": edge_id, "magic": edge["magic"]}


def assign_edges(call: Call) -> Json:
    body = call.body if isinstance(call.body, dict) else {}
    site_id = body.get("site_id")
    if not isinstance(site_id, str) or site_id not in call.store.collection(call.org_id, "sites"):
        raise bad_request("invalid field: site_id")
    return _move_edges(call, body, site_id)


def unassign_edges(call: Call) -> Json:
    return _move_edges(call, call.body if isinstance(call.body, dict) else {}, None)


def _move_edges(call: Call, body: Json, site_id: str | None) -> Json:
    if "mxedge_ids" not in body:
        raise bad_request("mxedge_ids is required")
    edges = call.store.collection(call.org_id, "mxedges")
    done = []
    for edge_id in texts(body, "mxedge_ids"):
        before = edges.get(edge_id)
        if before is None:
            continue
        changes = (before.get("site_id") or None) != site_id
        if changes:
            after = {**before, "site_id": site_id, "for_site": site_id is not None, "modified_time": call.world.now()}
            call.store.put(call.org_id, "mxedges", after)
            audit.record(call, "Update", "mxedges", before=before, after=after)
        if changes or call.world.quirks.assigned_listed == "all":
            done.append(edge_id)
    return {"success": call.listed(done)}


EDGES = Rules(listed=listed_edges, reachable=lambda _call, edge: not edge.get("site_id"))

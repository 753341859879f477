"""Mist Edges: of the organisation and of a site, and their assignment.

In: calls.  Out: answers and hooks for crud.
"""

from __future__ import annotations

from typing import Any

from reconciler.emulator import audit
from reconciler.emulator.crud import list_reply
from reconciler.emulator.devices import texts
from reconciler.emulator.errors import bad_request, not_found
from reconciler.emulator.messages import Reply
from reconciler.emulator.rules import Rules
from reconciler.emulator.world import Call

Json = dict[str, Any]


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
    known = [i for i in texts(body, "mxedge_ids") if i in edges]
    for edge_id in known:
        edge = {**edges[edge_id], "site_id": site_id, "for_site": site_id is not None}
        call.store.put(call.org_id, "mxedges", edge)
    return {"success": call.listed(known)}


EDGES = Rules(listed=listed_edges, reachable=lambda _call, edge: not edge.get("site_id"))

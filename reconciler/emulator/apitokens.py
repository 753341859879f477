"""API tokens: their keys, what a reader sees of one, and that a key may what its privileges say.

In: calls on `apitokens`.  Out: hooks for crud, and the token in the table that every call is looked up in.
"""

from __future__ import annotations

import hashlib
from typing import Any

from reconciler.emulator import crud
from reconciler.emulator.errors import EmulatorError, bad_request
from reconciler.emulator.masking import MASK
from reconciler.emulator.messages import Reply
from reconciler.emulator.routes import Collection
from reconciler.emulator.rules import Rules
from reconciler.emulator.store import Store
from reconciler.emulator.tokens import ROLES, TokenTable
from reconciler.emulator.world import Call

Json = dict[str, Any]
SCOPES = frozenset({"org", "site", "sitegroup", "orgsites"})


def before_token_write(call: Call, before: Json | None, after: Json) -> None:
    if before is None:
        after["key"] = hashlib.sha256(call.store.ids().encode()).hexdigest()[:40]
    elif call.world.quirks.fixed_src_ips:
        after.pop("src_ips", None)
        after |= {"src_ips": before["src_ips"]} if "src_ips" in before else {}
    try:
        _declare(call.world.tokens, call.org_id, after)
    except EmulatorError as error:
        raise bad_request("invalid field: privileges") from error


def _declare(table: TokenTable, org_id: str, token: Json) -> None:
    privileges = token.get("privileges")
    if not isinstance(privileges, list) or not all(isinstance(p, dict) for p in privileges):
        raise EmulatorError("privileges must be a list of objects")
    held = []
    for privilege in privileges:
        names = {k: privilege[k] for k in ("scope", "role", "site_id", "sitegroup_id") if privilege.get(k)}
        if not all(isinstance(v, str) for v in names.values()):
            raise EmulatorError("names of privileges are texts")
        if names.get("scope") not in SCOPES or names.get("role", "read") not in ROLES:
            raise EmulatorError("unknown scope or role")
        held.append({**names, "org_id": org_id})
    # A token without any privilege may do nothing, and not everything.
    none = [{"scope": "org", "role": "none", "org_id": org_id}]
    table.declare({token["key"]: {"role": "none", "name": str(token.get("name") or ""), "privileges": held or none}})


def declare_stored(store: Store, table: TokenTable, org_id: str) -> None:
    """The keys of a seed are as good as those that were made here."""
    for token in store.collection(org_id, "apitokens").values():
        if isinstance(token.get("key"), str) and token["key"]:
            _declare(table, org_id, token)


def after_token_delete(call: Call, token: Json) -> None:
    if token.get("key"):
        call.world.tokens.revoke(token["key"])


def show_token(call: Call, value: Json) -> Json:
    """The key is shown whole in the answer to its creation only."""
    key = value.get("key")
    if call.request.method == "POST" or not key:
        return value
    dots = call.world.quirks.key_mask == "dots"
    return {**value, "key": f"{key[:4]}...{key[-4:]}" if dots else key[:4] + MASK}


def get_token(call: Call, collection: Collection, rules: Rules) -> Any:
    token = crud.get_object(call, collection, rules)
    return [token] if call.world.quirks.apitoken_item == "list" else token


def put_token(call: Call, collection: Collection, rules: Rules) -> Any:
    token = crud.update_object(call, collection, rules)
    return Reply(200) if call.world.quirks.apitoken_put_answer == "empty" else token


API_TOKENS = Rules(before_write=before_token_write, shown=show_token, after_delete=after_token_delete)

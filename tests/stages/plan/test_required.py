"""What all sources say is required is an error once live is known, and only where a write would leave it out."""

from typing import Any

import pytest

from reconciler.model.options import Options
from tests.world import declare, world

ONE = Options(threads=1)
LDAP = {"idp_type": "ldap", "ldap_server_hosts": ["10.0.0.1"], "ldap_bind_password": "x"}
WHOLE_LDAP = {**LDAP, "ldap_base_dn": "dc=x", "ldap_bind_dn": "cn=x"}
CASES = [
    ("sso.corp", LDAP, None, ["`ldap_base_dn`", "`ldap_bind_dn`"]),
    ("sso.corp", WHOLE_LDAP, None, []),
    ("sso.corp", {**LDAP, "ldap_base_dn": "{{base}}", "ldap_bind_dn": "cn=x"}, None, []),
    ("sso.corp", {**LDAP, "ldap_server_hosts": ["10.0.0.2"]}, {"ssos": [{"name": "corp", **WHOLE_LDAP}]}, []),
    ("nactag.v", {"type": "vlan"}, None, ["`vlan`"]),
    # Live lacks it already: an edit of something else is not held up.
    ("nactag.v", {"type": "vlan", "allow_usermac_override": True}, {"nactags": [{"name": "v", "type": "vlan"}]}, []),
    ("nactag.v", {"type": "vlan"}, {"nactags": [{"name": "v", "type": "egress_vlan_names"}]}, ["`vlan`"]),
    # A device may have the address; an entry of a map is whole.
    ("gatewaytemplate.g", {"oob_ip_config": {"type": "static"}}, None, []),
    ("networktemplate.n", {"acl_tags": {"a": {"type": "mac"}}}, None, ["`acl_tags.a.macs`"]),
]


@pytest.mark.parametrize(("address", "body", "live", "missing"), CASES)
def test_what_a_write_would_leave_out_is_an_error(
    address: str, body: dict[str, Any], live: dict[str, Any] | None, missing: list[str]
) -> None:
    plan = world(None, **(live or {})).plan(declare(address, body), options=ONE)
    assert [item.rule for item in plan.errors] == ["incomplete-object"] * len(missing)
    assert all(name in item.detail for name, item in zip(missing, plan.errors, strict=True))
    assert bool(plan.changes) is not bool(missing)

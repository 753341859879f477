"""Every secret of every kind is marked, and nothing that looks like one is left out."""

import re

import pytest

from reconciler.kinds import kinds
from reconciler.kinds.shapes import shape_of
from reconciler.model.shape import Shape
from tests.kinds.walk import all_models

SWITCH = [
    "radius_config.auth_servers.0.secret",
    "radius_config.auth_servers.0.keywrap_kek",
    "radius_config.auth_servers.0.keywrap_mack",
    "radius_config.acct_servers.0.secret",
    "switch_mgmt.root_password",
    "switch_mgmt.local_accounts.admin.password",
    "switch_mgmt.radius.radius_config.auth_servers.0.secret",
    "switch_mgmt.tacacs.tacplus_servers.0.secret",
    "switch_mgmt.tacacs.acct_servers.0.secret",
    "switch_matching.rules.0.switch_mgmt.root_password",
    "switch_matching.rules.0.switch_mgmt.local_accounts.admin.password",
    "snmp_config.v3_config.usm.0.users.0.authentication_password",
    "snmp_config.v3_config.usm.0.users.0.encryption_password",
    "snmp_config.v2c_config.0.community_name",
    "ospf_areas.0.networks.corp.auth_keys.1",
    "ospf_areas.0.networks.corp.auth_password",
    "bgp_config.g.auth_key",
]
SECRETS: dict[str, list[str]] = {
    "wlan": [
        "auth.psk",
        "auth.keys.0",
        "dynamic_psk.default_psk",
        "auth_servers.0.secret",
        "auth_servers.0.keywrap_kek",
        "auth_servers.0.keywrap_mack",
        "acct_servers.0.secret",
        "acct_servers.0.keywrap_kek",
        "coa_servers.0.secret",
        "airwatch.api_key",
        "airwatch.password",
        "portal.password",
        "portal.amazon_client_secret",
        "portal.azure_client_secret",
        "portal.facebook_client_secret",
        "portal.google_client_secret",
        "portal.microsoft_client_secret",
        "portal.telstra_client_secret",
        "portal.twilio_auth_token",
        "portal.clickatell_api_key",
        "portal.gupshup_password",
        "portal.puzzel_password",
        "portal.broadnet_password",
        "portal.smsglobal_api_key",
        "portal.smsglobal_api_secret",
    ],
    "networktemplate": SWITCH,
    "setting": [
        *SWITCH,
        *(f"switch.{path}" for path in SWITCH),
        "vrrp_groups.g.auth_key",
        "vrrp_groups.g.auth_password",
        "wifi.mesh_psk",
        "gateway_mgmt.root_password",
        "mxedge_mgmt.root_password",
        "mxedge_mgmt.mist_password",
        "mxedge.mist_das.coa_servers.0.secret",
        "mxedge.mist_nac.secret",
        "mxedge.mist_nac.client_ips.10/8.secret",
        "mxedge.radsec.auth_servers.0.secret",
        "mxedge.radsec.acct_servers.0.secret",
        "mxtunnel.radsec.auth_servers.0.secret",
        "mxtunnels.radsec.acct_servers.0.secret",
        "ssr.conductor_token",
        "juniper_srx.gateways.0.api_key",
        "juniper_srx.gateways.0.api_password",
        "paloalto_networks.gateways.0.api_key",
        "gateway.tunnel_configs.t.psk",
        "gateway.bgp_config.g.auth_key",
        "gateway.port_config.ge-0/0/0.ip_config.poser_password",
        "gateway.port_config.ge-0/0/0.lte_password",
        "gateway.gateway_mgmt.root_password",
        "ap_port_config.model_specific.AP45.eth1.radius_config.auth_servers.0.secret",
        "iotproxy.visionline.password",
    ],
    "gatewaytemplate": [
        "tunnel_configs.t.psk",
        "bgp_config.g.auth_key",
        "port_config.ge-0/0/0.ip_config.poser_password",
        "port_config.ge-0/0/0.lte_password",
        "gateway_mgmt.root_password",
    ],
    "map": ["wayfinding.micello.account_key"],
    "mxcluster": [
        "mist_das.coa_servers.0.secret",
        "mist_nac.secret",
        "mxedge_mgmt.root_password",
        "radsec.auth_servers.0.secret",
        "radsec_tls.keypair",
    ],
    "mxedge": ["mxedge_mgmt.root_password", "mxedge_mgmt.mist_password"],
    "psk": ["passphrase"],
    "sso": [
        "ldap_bind_password",
        "ldap_client_key",
        "mxedge_proxy.auth_servers.0.secret",
        "mxedge_proxy.acct_servers.0.secret",
        "oauth_cc_client_secret",
        "oauth_ropc_client_secret",
        "scim_secret_token",
    ],
    "wxtunnel": ["ipsec.psk", "secret"],
    "webhook": ["secret", "splunk_token", "oauth2_client_secret", "oauth2_password"],
}
LOOKS_SECRET = re.compile(
    r"secret|password|passphrase|psk|token|keypair|(?:^|_)keys?$|credential|community_name|keywrap_(?:kek|mack)|conductor"
)
PUBLIC = {
    # about a secret, not the secret itself
    "Jcloud.org_apitoken_name",
    "OrgSetting.password_policy",
    "Webhook.oauth2_token_url",
    "PskPortal.cleanup_psk",
    "PskPortal.hide_psks_created_by_other_admins",
    "PskPortal.passphrase_rules",
    "PskPortalSso.use_sso_role_for_psk_role",
    "Portal.passphrase_enabled",
    "Portal.passphrase_expire",
    "Ssr.conductor_hosts",
    "Wlan.dynamic_psk",
    "WlanAuth.multi_psk_only",
    # public keys, and the key of an application
    "AppProbingCustomApp.key",
    "Setting.ssh_keys",
}


def at(kind: str, path: str) -> Shape:
    shape = kinds()[kind].shape
    for step in path.split("."):
        assert shape.fields or shape.values, f"nothing is known below {step} of {path}"
        assert not shape.fields or step in shape.fields or shape.values, f"{step} of {path} is no field"
        shape = shape.below(int(step) if step.isdigit() else step)
    return shape


@pytest.mark.parametrize(("kind", "path"), [(kind, path) for kind, paths in SECRETS.items() for path in paths])
def test_a_secret_is_marked(kind: str, path: str) -> None:
    assert at(kind, path).secret


def leaf_secrets(shape: Shape) -> bool:
    return shape.secret or bool(shape.values and shape.values.secret)


def test_every_field_that_looks_like_a_secret_is_marked_or_reviewed() -> None:
    found = {
        f"{model.__name__}.{name}"
        for model in all_models()
        for name, shape in shape_of(model).fields.items()
        if LOOKS_SECRET.search(name) and not leaf_secrets(shape)
    }
    assert found == PUBLIC


@pytest.mark.parametrize(
    ("kind", "path"), [("wlan", "ssid"), ("wlan", "auth.type"), ("webhook", "url"), ("setting", "vars.corp_vlan")]
)
def test_what_is_no_secret_is_not_marked(kind: str, path: str) -> None:
    assert not at(kind, path).secret


def test_a_key_of_a_list_is_never_a_secret() -> None:
    for model in all_models():
        for name, shape in shape_of(model).fields.items():
            secret = [key for key in shape.key if shape.below(0).below(key).secret]
            assert not secret, f"{model.__name__}.{name}"

"""Conditions between a WLAN's fields as tables: what requires what, and what makes what useless.

Facts: the conditional texts of the vendor's OpenAPI document (`wlan`, `wlan_auth`, `wlan_portal`).
"""

from typing import Any

from reconciler.kinds.shared.checks import Ignored, Needs, Table, When

PSK_TYPES = ("psk", "psk-tkip", "psk-wpa2-tkip")
RADIUS_TYPES = ("eap", "eap192")
WEAK_TYPES = ("psk-tkip", "psk-wpa2-tkip", "wep")

DEPRECATED = {
    "band": "bands",
    "dynamic_vlan.default_vlan_id": "dynamic_vlan.default_vlan_ids",
    "mxtunnel": "mxtunnels",
}
"""Old field -> the one to write."""

_NEED, _OFF = "wlan-required-field", "wlan-no-effect"

SMS_PROVIDERS = {
    "broadnet": ("broadnet_password", "broadnet_user_id"),
    "clickatell": ("clickatell_api_key",),
    "gupshup": ("gupshup_password", "gupshup_userid"),
    "puzzel": ("puzzel_password", "puzzel_service_id", "puzzel_username"),
    "smsglobal": ("smsglobal_api_key", "smsglobal_api_secret"),
    "telstra": ("telstra_client_id", "telstra_client_secret"),
    "twilio": ("twilio_auth_token", "twilio_phone_number", "twilio_sid"),
}
"""What a sender of text messages wants to know."""


def _is(field: str, *values: Any) -> When:
    return When(field=field, values=values)


def _not(field: str, *values: Any, default: Any = None) -> When:
    return When(field=field, values=values, other=True, default=default)


def _portal(field: str, value: Any, *needs: str) -> Needs:
    return Needs(rule=_NEED, at="portal", when=_is(field, value), fields=needs)


NEEDS = Table(
    _portal("auth", "external", "external_portal_url"),
    _portal("auth", "sso", "sso_idp_cert", "sso_idp_sso_url", "sso_issuer"),
    _portal("auth", "password", "password"),
    _portal("auth", "azure", "azure_client_id", "azure_client_secret", "azure_tenant_id"),
    _portal("auth", "sms", "sms_provider"),
    _portal("passphrase_enabled", True, "password"),
    _portal("azure_enabled", True, "azure_client_id", "azure_client_secret", "azure_tenant_id"),
    _portal("forward", True, "forward_url"),
    *(_portal("sms_provider", provider, *fields) for provider, fields in SMS_PROVIDERS.items()),
    Needs(rule=_NEED, when=_is("interface", "mxtunnel"), fields=("mxtunnels",), instead=("mxtunnel",)),
    Needs(rule=_NEED, when=_is("interface", "wxtunnel"), fields=("wxtunnel",)),
    Needs(rule=_NEED, when=_is("apply_to", "aps"), fields=("aps",)),
    Needs(rule=_NEED, when=_is("apply_to", "wxtags"), fields=("wxtags",)),
    Needs(rule=_NEED, when=_is("schedule.enabled", True), fields=("schedule.hours",), warning=True),
)
"""What requires what. `mxtunnel_name` and `broadnet_sid` have defaults by the vendor's page of sites, so that nothing
requires them. Partners in `sms_provider` are asked for only where that provider is chosen."""

IGNORED = Table(
    Ignored(rule=_OFF, at="auth", when=_not("multi_psk_only", True, default=False), fields=("private_wlan",)),
    Ignored(
        rule=_OFF,
        when=_is("mist_nac.enabled", True),
        fields=("acct_servers", "auth_servers", "coa_servers", "radsec"),
    ),
    Ignored(rule=_OFF, when=_is("radsec.enabled", True), fields=("acct_servers", "auth_servers", "coa_servers")),
    Ignored(
        rule=_OFF,
        when=_not("limit_bcast", True, default=False),
        fields=("allow_ipv6_ndp", "allow_mdns", "allow_ssdp"),
    ),
    *(
        Ignored(rule=_OFF, when=_not(f"{limit}_enabled", True, default=False), fields=(limit,))
        for limit in ("client_limit_down", "client_limit_up", "wlan_limit_down", "wlan_limit_up")
    ),
    Ignored(rule=_OFF, at="rateset.*", when=_not("template", "custom"), fields=("eht", "he", "ht", "legacy", "vht")),
    Ignored(rule=_OFF, when=_is("interface", "all", "eth0", "eth1", "eth2", "eth3"), fields=("mxtunnels",)),
    Ignored(rule=_OFF, when=_is("apply_to", "site"), fields=("aps",)),
)
"""What does nothing where the condition holds."""

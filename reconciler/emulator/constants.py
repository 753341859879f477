"""Constants of the cloud, `/const/*`: a few members of each, in the shape that the vendor's OpenAPI document gives.

In: calls.  Out: lists and objects.  The real lists are longer; whoever needs them whole has to ask the cloud.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from reconciler.emulator.routes import PREFIX
from reconciler.emulator.world import Call

Json = dict[str, Any]
# ISO 3166: code, number, name.
COUNTRIES = (
    ("AT", 40, "Austria"),
    ("AU", 36, "Australia"),
    ("BE", 56, "Belgium"),
    ("BR", 76, "Brazil"),
    ("CA", 124, "Canada"),
    ("CH", 756, "Switzerland"),
    ("CN", 156, "China"),
    ("DE", 276, "Germany"),
    ("DK", 208, "Denmark"),
    ("ES", 724, "Spain"),
    ("FI", 246, "Finland"),
    ("FR", 250, "France"),
    ("GB", 826, "United Kingdom"),
    ("IE", 372, "Ireland"),
    ("IN", 356, "India"),
    ("IT", 380, "Italy"),
    ("JP", 392, "Japan"),
    ("LU", 442, "Luxembourg"),
    ("MX", 484, "Mexico"),
    ("NL", 528, "Netherlands"),
    ("NO", 578, "Norway"),
    ("PL", 616, "Poland"),
    ("PT", 620, "Portugal"),
    ("SE", 752, "Sweden"),
    ("SG", 702, "Singapore"),
    ("US", 840, "United States"),
    ("ZA", 710, "South Africa"),
)
CHANNELS_5 = (36, 40, 44, 48, 52, 56, 60, 64, 100, 104, 108, 112, 116, 120, 124, 128, 132, 136, 140)
STATES = {"US": (("US-CA", "California"), ("US-NY", "New York"), ("US-TX", "Texas"))}


def _named(*pairs: tuple[str, str]) -> list[Json]:
    return [{"key": key, "display": display} for key, display in pairs]


ALARMS = [
    {"key": key, "display": display, "group": group, "severity": severity, "fields": fields}
    for key, display, group, severity, fields in (
        ("device_down", "Device offline", "infrastructure", "warn", ["aps", "hostnames"]),
        ("switch_down", "Switch offline", "infrastructure", "critical", ["switches", "hostnames"]),
        ("gateway_down", "Gateway offline", "infrastructure", "critical", ["gateways", "hostnames"]),
        ("rogue_ap", "Rogue AP detected", "security", "warn", ["bssids", "ssids"]),
        ("honeypot_ssid", "Honeypot SSID", "security", "critical", ["bssids", "ssids"]),
        ("missing_vlan", "Missing VLAN", "marvis", "critical", ["switches", "vlans"]),
    )
]
MODELS: list[Json] = [
    {"model": "AP32", "display": "AP32", "type": "ap", "ap_type": "ap", "has_11ax": True},
    {"model": "AP45", "display": "AP45", "type": "ap", "ap_type": "ap", "has_11ax": True},
    {"model": "EX2300-24P", "display": "EX2300-24P", "type": "switch", "has_vc": True, "pic": {"0": "ge*24"}},
    {"model": "EX4100-48P", "display": "EX4100-48P", "type": "switch", "has_vc": True, "pic": {"0": "ge*48"}},
    {"model": "SRX320", "display": "SRX320", "type": "gateway", "pic": {"0": "ge*6, ge*2"}},
    {"model": "SSR120", "display": "SSR120", "type": "gateway", "t128_device": True},
]
LISTS: Mapping[str, list[Json]] = {
    "alarm_defs": ALARMS,
    "ap_esl_versions": [{"esl_version": "1.0.0", "model": "AP45"}],
    "ap_led_status": [{"code": "1", "key": "connected", "name": "Connected", "description": "Connected"}],
    "app_categories": _named(("Collaboration", "Collaboration"), ("Media", "Media")),
    "app_subcategories": [{"key": "Video", "display": "Video", "traffic_type": "streaming"}],
    "applications": [
        {"key": "teams", "name": "Microsoft Teams", "category": "Collaboration", "group": "Communication"},
        {"key": "youtube", "name": "YouTube", "category": "Media", "group": "Video"},
    ],
    "client_events": _named(("CLIENT_AUTHENTICATED", "Authenticated"), ("CLIENT_DEAUTHENTICATED", "Deauthenticated")),
    "device_events": _named(
        ("AP_CONFIGURED", "AP Configured"),
        ("AP_CONNECTED", "AP Connected"),
        ("AP_DISCONNECTED", "AP Disconnected"),
        ("SW_CONFIGURED", "Switch Configured"),
        ("SW_CONFIG_FAILED", "Switch Configuration Failed"),
        ("GW_CONFIGURED", "Gateway Configured"),
        ("GW_CONFIG_FAILED", "Gateway Configuration Failed"),
    ),
    "device_models": MODELS,
    "gateway_applications": [{"key": "teams", "name": "Microsoft Teams"}],
    "languages": [{"key": "en", "display": "English", "display_native": "English"}],
    "license_types": [{"key": "SUB-MAN", "name": "Wi-Fi Assurance", "description": "Wi-Fi", "includes": []}],
    "marvisclient_versions": [],
    "mxedge_events": _named(("ME_CONNECTED", "Mist Edge Connected"), ("ME_DISCONNECTED", "Mist Edge Disconnected")),
    "mxedge_models": [{"model": "ME-X1", "display": "X1", "custom_ports": False, "ports": {}}],
    "nac_events": [],
    "otherdevice_events": [],
    "otherdevice_models": [],
    "system_events": _named(("add-wlan", "Add WLAN"), ("update-wlan", "Update WLAN"), ("delete-wlan", "Delete WLAN")),
    "traffic_types": [
        {"name": "data_best_effort", "display": "Data", "dscp": 0, "traffic_class": "best_effort"},
        {"name": "voip_audio", "display": "Voice", "dscp": 46, "traffic_class": "high"},
    ],
}
OBJECTS: Mapping[str, Json] = {
    "default_gateway_config": {"networks": {"default": {"vlan_id": 1}}, "port_config": {}},
    "fingerprint_types": {"family": ["Phone"], "mfg": ["Apple"], "model": ["iPhone"], "os": ["iOS"]},
    "insight_metrics": {},
}


def countries(_call: Call) -> list[Json]:
    return [{"alpha2": code, "numeric": number, "name": name, "certified": True} for code, number, name in COUNTRIES]


def states(call: Call) -> list[Json]:
    found = STATES.get(call.query.get("country_code", "US"), ())
    return [{"iso_code": code, "name": name} for code, name in found]


def channels(call: Call) -> Json:
    code = call.query.get("country_code", "US")
    number, name = next(((n, name) for c, n, name in COUNTRIES if c == code), (0, code))
    return {
        "key": code,
        "code": number,
        "name": name,
        "certified": number != 0,
        "band24_enabled": True,
        "band24_channels": {"20": list(range(1, 12 if code in ("CA", "US") else 14))},
        "band5_enabled": True,
        "band5_channels": {"20": list(CHANNELS_5)},
        "band6_enabled": True,
        "band6_channels": {"20": list(range(1, 94, 4))},
    }


def _answer(_call: Call, *, value: Any) -> Any:
    return value


HANDLERS: Mapping[tuple[str, str], Callable[[Call], Any]] = {
    **{("GET", f"{PREFIX}const/{name}"): partial(_answer, value=value) for name, value in {**LISTS, **OBJECTS}.items()},
    ("GET", f"{PREFIX}const/countries"): countries,
    ("GET", f"{PREFIX}const/states"): states,
    ("GET", f"{PREFIX}const/ap_channels"): channels,
}

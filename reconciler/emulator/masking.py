"""Which leaves are secrets, and how they read for a token that may not see them.

In: an object as stored.  Out: a copy whose secret leaves are hidden.  The names are those of the vendor's
OpenAPI document, which marks none of them as secret.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

MASK = "*" * 8
SHOWABLE = 12
NAMES = frozenset(
    [
        "apitoken",
        "api_key",
        "api_secret",
        "auth_key",
        "auth_password",
        "authentication_password",
        "claim_code",
        "client_secret",
        "community_name",
        "conductor_token",
        "default_psk",
        "encryption_password",
        "fips_zeroize_password",
        "keywrap_kek",
        "keywrap_mack",
        "ldap_bind_password",
        "ldap_client_key",
        "jamf_access_token",
        "lte_password",
        "magic",
        "mesh_psk",
        "oauth2_client_secret",
        "oauth2_password",
        "old_passphrase",
        "org_apitoken",
        "passphrase",
        "password",
        "portal_api_secret",
        "partner_key",
        "poser_password",
        "psk",
        "root_password",
        "scim_secret_token",
        "secret",
        "splunk_token",
        "twilio_auth_token",
        "portal_authorize_jwt_secret",
    ]
)
ENDINGS = ("_client_secret", "_api_key", "_api_secret", "_password")
# Lists and maps of which every leaf is a secret, and keys that are secret below one parent only.
WHOLE = frozenset({"auth_keys"})
WHOLE_BELOW = frozenset({("auth", "keys")})
BELOW = frozenset({("server_cert", "key"), ("device_cert", "key"), ("keypair", "key"), ("radsec_tls", "keypair")})


Hide = Callable[[str], str]


def stars(_text: str) -> str:
    return MASK


def dots(text: str) -> str:
    """The first and last four characters, of a text that is long enough to keep the others to itself."""
    return f"{text[:4]}...{text[-4:]}" if len(text) >= SHOWABLE else MASK


def masked(value: Any, parent: str = "", *, hide: Hide = stars) -> Any:
    if isinstance(value, dict):
        return {key: _field(key, item, parent, hide) for key, item in value.items()}
    if isinstance(value, list):
        return [masked(item, parent, hide=hide) for item in value]
    return value


def _field(key: str, value: Any, parent: str, hide: Hide) -> Any:
    if key in WHOLE or (parent, key) in WHOLE_BELOW:
        return _all(value, hide)
    if isinstance(value, str) and value and _secret(key, parent):
        return hide(value)
    return masked(value, key, hide=hide)


def _secret(key: str, parent: str) -> bool:
    return key in NAMES or key.endswith(ENDINGS) or (parent, key) in BELOW


def _all(value: Any, hide: Hide) -> Any:
    if isinstance(value, dict):
        return {key: _all(item, hide) for key, item in value.items()}
    if isinstance(value, list):
        return [_all(item, hide) for item in value]
    return hide(value) if isinstance(value, str) and value else value

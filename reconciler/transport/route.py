"""How a host is reached: the proxy and the certificates, from a setting or from the environment."""

import ipaddress
import os
from urllib.parse import urlsplit

from msgspec import Struct

from reconciler.errors import UsageError


class Route(Struct, frozen=True, kw_only=True):
    """`proxy` is its URL, which may hold a password; `verify` is a file or directory of trusted certificates, or True
    for the library's own."""

    proxy: str | None = None
    verify: str | bool = True

    def __repr__(self) -> str:
        return f"Route(verify={self.verify!r})"


def route_to(url: str, *, proxy: str | None = None, ca_bundle: str | None = None) -> Route:
    """The route to a host's URL. Raises UsageError for a proxy or a bundle that can't be used."""
    return Route(proxy=proxy_to(url, proxy=proxy), verify=ca_bundle_at(ca_bundle))


def is_loopback(url: str) -> bool:
    """Whether a URL points to this very machine."""
    name = urlsplit(url).hostname or ""
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def proxy_to(url: str, *, proxy: str | None = None) -> str | None:
    """The proxy to use: the given one, else the usual variables HTTPS_PROXY and NO_PROXY.

    None over http: it is for loopback, and a proxy would read the token. The environment's proxy is not for
    loopback either. Raises UsageError for a proxy of another kind.
    """
    if url.startswith("http:"):
        return None
    if proxy:
        return _checked_proxy(proxy)
    if is_loopback(url):
        return None
    from requests.utils import get_environ_proxies, select_proxy

    found = select_proxy(url, get_environ_proxies(url, no_proxy=None))
    return _checked_proxy(found) if found else None


def _checked_proxy(proxy: str) -> str:
    """The proxy's URL; `proxy:3128` means http. Never shown whole, as it may hold a password."""
    url = proxy if "://" in proxy else f"http://{proxy}"
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return url
    except ValueError:
        pass
    raise UsageError("The proxy that is set is no http:// or https:// URL", remedy="Check HTTPS_PROXY")


def ca_bundle_at(setting: str | None) -> str | bool:
    """The file or directory of trusted certificates, True for the library's own; raises UsageError if it is absent."""
    sources = {
        "The CA bundle": setting,
        "REQUESTS_CA_BUNDLE": os.environ.get("REQUESTS_CA_BUNDLE"),
        "CURL_CA_BUNDLE": os.environ.get("CURL_CA_BUNDLE"),
    }
    for name, path in sources.items():
        if path:
            if not os.path.exists(path):
                raise UsageError(f"{name} names {path}, which does not exist")
            return path
    return True

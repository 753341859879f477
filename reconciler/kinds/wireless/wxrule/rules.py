"""Conditional rules of WxLAN rules: no two of one order, and a template's rules stay within their template.

Facts: the vendor's API page of organisations alone says that what a WLAN template holds refers to objects of that
template only.
"""

from collections.abc import Iterator

from reconciler.kinds.kind import Context, Violation
from reconciler.kinds.shared.checks import Body
from reconciler.kinds.shared.needs import needs
from reconciler.kinds.shared.rules import violation
from reconciler.model.address import Address
from reconciler.model.resource import Resource

TAGS = ("src_wxtags", "dst_wxtags", "dst_allow_wxtags", "dst_deny_wxtags", "apply_tags")
_SAME_ORDER = needs(order="order")


def check_wxrule(resource: Resource, body: Body, context: Context) -> Iterator[Violation]:
    """Two rules of one `order`, and tags of WLANs that another template holds."""
    yield from _SAME_ORDER(resource, body, context)
    if resource.parent is None or resource.parent.kind != "wlantemplate":
        return
    held = context.once("WLANs by SSID", lambda: _holders(context))
    for field in TAGS:
        for index, name in enumerate(body.get(field) or ()):
            tag = context.resources.get(str(Address.of("wxtag", str(name))))
            for ssid in _wlans_of(tag):
                if ssid in held and resource.parent not in held[ssid]:
                    where = ", ".join(map(str, held[ssid]))
                    detail = (
                        f"The tag {name!r} stands for the WLAN {ssid!r} of {where}. The vendor's API page says that "
                        "what a WLAN template holds refers to its own objects only; the OpenAPI document is silent."
                    )
                    yield violation("wxrule-other-template", detail, (field, index))


def _holders(context: Context) -> dict[str, list[Address]]:
    found: dict[str, list[Address]] = {}
    for item in context.resources.values():
        if item.kind == "wlan" and item.parent is not None and item.parent.kind == "wlantemplate":
            found.setdefault(str(item.body.get("ssid")), []).append(item.parent)
    return found


def _wlans_of(tag: Resource | None) -> list[str]:
    if tag is None or tag.body.get("match") != "wlan_id":
        return []
    return [str(name) for name in tag.body.get("values") or ()]

"""Kinds that are known only so that references to their objects by name can be resolved."""

from reconciler.kinds.kind import Endpoint, Kind

_KNOWN = (
    ("alarmtemplate", "alarmtemplates", "alarm template"),
    ("aptemplate", "aptemplates", "AP template"),
    ("gatewaytemplate", "gatewaytemplates", "WAN edge template"),
    ("secpolicy", "secpolicies", "security policy"),
    ("sitetemplate", "sitetemplates", "site template"),
)

KINDS = [
    Kind(
        name=name,
        plural=plural,
        title=title,
        endpoints=(Endpoint(collection=f"orgs/{{org_id}}/{plural}", item=f"orgs/{{org_id}}/{plural}/{{id}}"),),
        lookup_only=True,
    )
    for name, plural, title in _KNOWN
]

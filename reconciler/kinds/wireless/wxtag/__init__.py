"""WxLAN tags. A tag may name WLANs (`match: wlan_id`) that name the tag in turn: such references may close a cycle."""

from reconciler.kinds.kind import Endpoint, Kind, Reference
from reconciler.kinds.shared.entry import MADE_BY_CLOUD
from reconciler.kinds.wireless.wxtag.rules import check_wxtag

EXAMPLE = """\
wxtags:
  - name: contractors
    type: match
    match: radius_group
    values: [contractors]
"""

KIND = Kind(
    name="wxtag",
    plural="wxtags",
    title="WxLAN tag",
    endpoints=(
        Endpoint(collection="orgs/{org_id}/wxtags", item="orgs/{org_id}/wxtags/{id}"),
        Endpoint(collection="sites/{parent_id}/wxtags", item="sites/{parent_id}/wxtags/{id}", parent="site"),
    ),
    fields="reconciler.kinds.wireless.wxtag.fields.WxTag",
    schema="wxlan_tag",
    references=(
        Reference(field="values", api="values", kind="wlan", many=True, late=True, when=("match", "wlan_id")),
        Reference(field="values", api="values", kind="ap", many=True, when=("match", "ap_id")),
    ),
    read_only=MADE_BY_CLOUD | {"last_ips"},
    order=55,
    check=check_wxtag,
    example=EXAMPLE,
)

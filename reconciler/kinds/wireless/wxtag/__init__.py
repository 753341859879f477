"""WxLAN tags. A tag may name WLANs (`match: wlan_id`) that name the tag in turn: such references may close a cycle."""

from reconciler.kinds.kind import Endpoint, Kind, Reference
from reconciler.kinds.shared.entry import MADE_BY_CLOUD
from reconciler.kinds.wireless.wxtag.fields import WxTag
from reconciler.kinds.wireless.wxtag.rules import check_wxtag

KIND = Kind(
    name="wxtag",
    plural="wxtags",
    title="WxLAN tag",
    endpoints=(
        Endpoint(collection="orgs/{org_id}/wxtags", item="orgs/{org_id}/wxtags/{id}"),
        Endpoint(collection="sites/{parent_id}/wxtags", item="sites/{parent_id}/wxtags/{id}", parent="site"),
    ),
    model=WxTag,
    schema="wxlan_tag",
    references=(Reference(field="values", api="values", kind="wlan", many=True, late=True, when=("match", "wlan_id")),),
    read_only=MADE_BY_CLOUD | {"last_ips"},
    order=55,
    check=check_wxtag,
)

"""WxLAN rules of a WLAN template or of a site; the one with the greatest `order` comes first, -1 is the last.

The cloud needs no name for a rule, but keeps one: it is the natural key. A rule that was made without one is pinned
with `id:` once, and has its name from then on.
"""

from reconciler.kinds.kind import Endpoint, Kind, Reference
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_site
from reconciler.kinds.wireless.wxrule.rules import TAGS, check_wxrule

EXAMPLE = """\
wxtags:
  - {name: staff, type: match, match: radius_group, values: [staff]}
  - {name: printers, type: subnet, subnet: 10.9.0.0/24}
wlantemplates:
  - name: corp
    wxrules:
      - name: staff may print
        order: 3
        enabled: true
        action: allow
        src_wxtags: [staff]
        dst_allow_wxtags: [printers]
        dst_deny_wxtags: []
"""

KIND = Kind(
    name="wxrule",
    plural="wxrules",
    title="WxLAN rule",
    endpoints=(
        Endpoint(
            collection="orgs/{org_id}/wxrules",
            item="orgs/{org_id}/wxrules/{id}",
            parent="wlantemplate",
            parent_field="template_id",
        ),
        of_site("wxrules"),
    ),
    fields="reconciler.kinds.wireless.wxrule.fields.WxRule",
    schema="wxlan_rule",
    references=tuple(Reference(field=field, api=field, kind="wxtag", many=True) for field in TAGS),
    required=("order", "src_wxtags", "dst_allow_wxtags", "dst_deny_wxtags"),
    read_only=MADE_BY_CLOUD | {"template_id"},
    order=64,
    check=check_wxrule,
    example=EXAMPLE,
)

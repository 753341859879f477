"""WLAN templates: the API calls them `templates`."""

from reconciler.kinds.kind import Endpoint, Kind, Reference
from reconciler.kinds.shared.entry import MADE_BY_CLOUD
from reconciler.kinds.wireless.wlantemplate.rules import check_wlantemplate

EXAMPLE = """\
wlantemplates:
  - name: corporate
    applies: {sitegroups: [emea]}
    exceptions: {sites: [Lab]}
    wlans:
      - ssid: Corporate
        auth: {type: eap}
        auth_servers:
          - {host: 10.0.0.1, port: 1812, secret: !secret env:RADIUS_SECRET}
sitegroups:
  - name: emea
sites:
  - name: Lab
    sitegroups: [emea]
"""

KIND = Kind(
    name="wlantemplate",
    plural="wlantemplates",
    title="WLAN template",
    endpoints=(Endpoint(collection="orgs/{org_id}/templates", item="orgs/{org_id}/templates/{id}"),),
    fields="reconciler.kinds.wireless.wlantemplate.fields.WlanTemplate",
    schema="template",
    references=(
        Reference(field="applies.org", api="applies.org_id", kind="organisation", itself=True),
        *(
            Reference(field=f"{root}.{kind}s", api=f"{root}.{kind}_ids", kind=kind, many=True)
            for root in ("applies", "exceptions")
            for kind in ("site", "sitegroup")
        ),
        Reference(field="deviceprofiles", api="deviceprofile_ids", kind="deviceprofile_ap", many=True),
    ),
    read_only=MADE_BY_CLOUD,
    order=50,
    check=check_wlantemplate,
    example=EXAMPLE,
)

"""Sites. Those of one group are written one after the other: it loses members where two sites join at once."""

from reconciler.kinds.kind import Endpoint, Kind, Reference
from reconciler.kinds.shared.entry import MADE_BY_CLOUD
from reconciler.kinds.site.site.rules import check_site

TEMPLATES = (
    "alarmtemplate",
    "aptemplate",
    "gatewaytemplate",
    "networktemplate",
    "rftemplate",
    "secpolicy",
    "sitetemplate",
)

GONE_WITH_A_SITE = (
    "sites/{parent_id}/assetfilters",
    "sites/{parent_id}/assets",
    "sites/{parent_id}/beacons",
    "sites/{parent_id}/evpn_topologies",
    "sites/{parent_id}/maps",
    "sites/{parent_id}/psks",
    "sites/{parent_id}/rssizones",
    "sites/{parent_id}/vbeacons",
    "sites/{parent_id}/wxrules",
    "sites/{parent_id}/wxtunnels",
    "sites/{parent_id}/zones",
)

EXAMPLE = """\
sites:
  - name: Paris-HQ
    address: 1 rue de la Paix, 75002 Paris
    country_code: FR
    timezone: Europe/Paris
    latlng: {lat: 48.8686, lng: 2.3314}
    sitegroups: [emea]
    networktemplate: campus
sitegroups:
  - name: emea
networktemplates:
  - name: campus
"""

KIND = Kind(
    name="site",
    plural="sites",
    title="site",
    endpoints=(Endpoint(collection="orgs/{org_id}/sites", item="sites/{id}"),),
    fields="reconciler.kinds.site.site.fields.Site",
    schema="site",
    references=(
        *(Reference(field=kind, api=f"{kind}_id", kind=kind) for kind in TEMPLATES),
        Reference(field="sitegroups", api="sitegroup_ids", kind="sitegroup", many=True),
    ),
    null_clears=frozenset({*(f"{kind}_id" for kind in TEMPLATES), "routertemplate_id"}),
    empty_clears=frozenset({"sitegroup_ids"}),
    serial="sitegroups",
    read_only=MADE_BY_CLOUD | {"tzoffset"},
    cascades=GONE_WITH_A_SITE,
    releases=("sites/{parent_id}/devices", "sites/{parent_id}/mxedges"),
    order=40,
    check=check_site,
    example=EXAMPLE,
)

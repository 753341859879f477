"""The setting of the organisation: made with it, never deleted."""

from reconciler.kinds.kind import Endpoint, Kind, Reference
from reconciler.kinds.shared.entry import MADE_BY_CLOUD

EXAMPLE = """\
organisation_setting:
  password_policy: {enabled: true, min_length: 12, requires_two_factor_auth: true}
  ap_updown_threshold: 10
  junos_shell_access: {helpdesk: none, read: viewer}
"""

KIND = Kind(
    name="organisation_setting",
    plural="organisation_settings",
    title="organisation setting",
    endpoints=(Endpoint(item="orgs/{org_id}/setting"),),
    fields="reconciler.kinds.organisation.organisation_setting.fields.OrgSetting",
    schema="org_setting",
    references=(
        Reference(field="mgmt.mxtunnels", api="mgmt.mxtunnel_ids", kind="mxtunnel", many=True),
        Reference(field="mist_nac.default_idp", api="mist_nac.default_idp_id", kind="sso"),
        Reference(field="mist_nac.idps.[].sso", api="mist_nac.idps.[].id", kind="sso"),
        Reference(field="installer.extra_sites", api="installer.extra_site_ids", kind="site", many=True),
        *(
            Reference(
                field=f"{root}.rules.[].gatewaytemplate",
                api=f"{root}.rules.[].gatewaytemplate_id",
                kind="gatewaytemplate",
            )
            for root in ("auto_site_assignment", "auto_deviceprofile_assignment")
        ),
    ),
    read_only=MADE_BY_CLOUD | {"blacklist_url", "cradlepoint", "juniper", "pcap_bucket_verified"},
    order=80,
    example=EXAMPLE,
)

"""Identity providers, for administrators (saml) and for network access (ldap, oauth, mxedge_proxy, openroaming)."""

from reconciler.kinds.kind import Kind, Reference
from reconciler.kinds.shared.checks import Ignored, When
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation
from reconciler.kinds.shared.needs import needs, when

EXAMPLE = """\
ssos:
  - name: staff
    idp_type: saml
    issuer: https://idp.example.net/saml
    idp_sso_url: https://idp.example.net/sso
    idp_cert: !secret env:IDP_CERT
    idp_sign_algo: sha256
    nameid_format: email
"""

KIND = Kind(
    name="sso",
    plural="ssos",
    title="identity provider",
    endpoints=(of_organisation("ssos"),),
    fields="reconciler.kinds.organisation.sso.fields.Sso",
    schema="sso",
    references=(Reference(field="mxedge_proxy.mxcluster", api="mxedge_proxy.mxcluster_id", kind="mxcluster"),),
    read_only=MADE_BY_CLOUD | {"domain"},
    order=25,
    check=needs(
        lines=(
            when("idp_type", "saml", "idp_cert", "idp_sso_url", "issuer"),
            when("idp_type", "ldap", "ldap_server_hosts"),
            when("idp_type", "oauth", "oauth_type"),
            when("idp_type", "mxedge_proxy", "mxedge_proxy"),
            when("idp_type", "openroaming", "openroaming"),
        ),
        # The cloud empties the token there. That it is live and on, nobody knows here.
        ignored=(
            Ignored(
                rule="useless-field",
                when=When(field="scim_enabled", values=(True,), other=True, default=False),
                fields=("scim_secret_token",),
                warning=True,
            ),
        ),
    ),
    example=EXAMPLE,
)

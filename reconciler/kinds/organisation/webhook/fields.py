"""A webhook of the organisation or of a site.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import SecretText, Url, WebhookUrl


class Webhook(Model):
    """A webhook."""

    assetfilters: Annotated[list[str], AsSet()] | None = Field(
        None, description="Names of asset filters, for topic asset-raw-rssi of a site"
    )
    enabled: Annotated[bool, Default(True)] | None = Field(None, description="Whether messages are sent")
    headers: dict[str, SecretText] | None = Field(
        None, description="HTTP headers to add, for type http-post; fewer than 1000 bytes in all"
    )
    name: str = Field(min_length=1, description="How the webhook is called; its address is webhook.NAME")
    oauth2_client_id: str | None = Field(None, description="Client id, for the grant client_credentials")
    oauth2_client_secret: SecretText | None = Field(None, description="Client secret, for the grant client_credentials")
    oauth2_grant_type: Literal["client_credentials", "password"] | None = Field(
        None, description="How tokens are fetched, for type oauth2"
    )
    oauth2_password: SecretText | None = Field(None, description="Password, for the grant password")
    oauth2_scopes: Annotated[list[str], AsSet()] | None = Field(None, description="Scopes to ask for, for type oauth2")
    oauth2_token_url: Url | None = Field(None, description="Where tokens are fetched, for type oauth2")
    oauth2_username: str | None = Field(None, description="User name, for the grant password")
    secret: SecretText | None = Field(
        None, description="Key of the signature that receivers check (HMAC in the X-Mist-Signature headers)"
    )
    single_event_per_message: Annotated[bool, Default(False)] | None = Field(
        None, description="One event in each message, for the topics that allow it"
    )
    splunk_token: SecretText | None = Field(
        None, description="Token of the Splunk HTTP event collector, for type splunk"
    )
    topics: Annotated[list[str], AsSet()] | None = Field(
        None, description="What is sent; see the topics allowed for organisations and for sites"
    )
    type: (
        Annotated[Literal["aws-sns", "google-pubsub", "http-post", "oauth2", "splunk"], Default("http-post")] | None
    ) = Field(None, description="How messages are delivered; http-post when not given")
    url: WebhookUrl | None = Field(None, description="Where messages are sent")
    verify_cert: Annotated[bool, Default(True)] | None = Field(
        None, description="Whether the receiver's TLS certificate is checked"
    )

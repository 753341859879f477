"""A webhook of the organisation or of a site.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import SecretText, Url, Uuid, WebhookUrl


class Webhook(Model):
    assetfilter_ids: Annotated[list[Uuid], AsSet()] | None = None
    enabled: bool | None = None
    headers: dict[str, str] | None = None
    name: str = Field(min_length=1)
    oauth2_client_id: str | None = None
    oauth2_client_secret: SecretText | None = None
    oauth2_grant_type: Literal["client_credentials", "password"] | None = None
    oauth2_password: SecretText | None = None
    oauth2_scopes: Annotated[list[str], AsSet()] | None = None
    oauth2_token_url: Url | None = None
    oauth2_username: str | None = None
    secret: SecretText | None = None
    single_event_per_message: bool | None = None
    splunk_token: SecretText | None = None
    topics: Annotated[list[str], AsSet()] | None = None
    type: Literal["aws-sns", "google-pubsub", "http-post", "oauth2", "splunk"] | None = None
    url: WebhookUrl | None = None
    verify_cert: bool | None = None

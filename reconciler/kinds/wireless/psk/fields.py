"""A passphrase of its own for one client or one group of clients.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import MacOrText, Psk, VlanId


class MultiPsk(Model):
    """A passphrase for one client or a group of clients."""

    email: str | None = None
    expire_time: int | None = Field(None, description="When it ends, in seconds since 1970; null for never")
    expiry_notification_time: int | None = Field(None, description="Days before the end on which a reminder is sent")
    mac: MacOrText | None = None
    macs: Annotated[list[MacOrText], AsSet()] | None = None
    max_usage: Annotated[int, Default(0)] | None = None
    name: str = Field(min_length=1, description="Unique within its SSID")
    note: str | None = Field(None, description="The cloud takes note; the vendor's pages say notes")
    notes: str | None = None
    notify_expiry: Annotated[bool, Default(False)] | None = None
    notify_on_create_or_edit: bool | None = None
    passphrase: Psk | None = Field(None, description="The passphrase, 8 to 63 characters")
    role: str | None = Field(None, min_length=0, max_length=32)
    ssid: str = Field(min_length=1, description="SSID that takes it")
    usage: Annotated[Literal["macs", "multi", "single"], Default("multi")] | None = Field(
        None, description="One client (single), any number (multi), or the clients of `macs`"
    )
    vlan_id: VlanId | None = Field(None, description="VLAN of its clients, or a site variable")
    vlan_name: str | None = None

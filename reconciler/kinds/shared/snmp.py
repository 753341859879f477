"""SNMP on switches.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default, KeyedBy
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import Port, SecretText


class SnmpClientList(Model):
    client_list_name: str | None = None
    clients: Annotated[list[str], AsSet()] | None = None


class SnmpTrapGroup(Model):
    categories: Annotated[list[str], AsSet()] | None = None
    group_name: str | None = None
    targets: Annotated[list[str], AsSet()] | None = None
    version: Annotated[Literal["all", "v1", "v2"], Default("v2")] | None = None


class SnmpV2c(Model):
    authorization: str | None = None
    client_list_name: str | None = None
    community_name: SecretText | None = None
    view: str | None = None


class SnmpView(Model):
    include: bool | None = None
    oid: str | None = None
    view_name: str | None = None


class SnmpNotify(Model):
    name: str | None = None
    tag: str | None = None
    type: Literal["inform", "trap"] | None = None


class SnmpNotifyFilterContent(Model):
    include: bool | None = None
    oid: str | None = None


class SnmpTargetAddress(Model):
    address: str | None = None
    address_mask: str | None = None
    port: Annotated[Port, Default("161")] | None = None
    tag_list: str | None = None
    target_address_name: str | None = None
    target_parameters: str | None = None


class SnmpTargetParameters(Model):
    message_processing_model: Literal["v1", "v2c", "v3"] | None = None
    name: str | None = None
    notify_filter: str | None = None
    security_level: Literal["authentication", "none", "privacy"] | None = None
    security_model: Literal["usm", "v1", "v2c"] | None = None
    security_name: str | None = None


class SnmpUsmUser(Model):
    authentication_password: SecretText | None = Field(None, min_length=7)
    authentication_type: (
        Literal[
            "authentication-md5",
            "authentication-none",
            "authentication-sha",
            "authentication-sha224",
            "authentication-sha256",
            "authentication-sha384",
            "authentication-sha512",
        ]
        | None
    ) = None
    encryption_password: SecretText | None = Field(None, min_length=8)
    encryption_type: Literal["privacy-3des", "privacy-aes128", "privacy-des", "privacy-none"] | None = None
    name: str | None = None


class SnmpVacmPrefix(Model):
    context_prefix: str | None = None
    notify_view: str | None = None
    read_view: str | None = None
    security_level: Literal["authentication", "none", "privacy"] | None = None
    security_model: Literal["any", "usm", "v1", "v2c"] | None = None
    type: Literal["context_prefix", "default_context_prefix"] | None = None
    write_view: str | None = None


class SnmpVacmGroup(Model):
    group: str | None = None
    security_name: str | None = None


class SnmpNotifyFilter(Model):
    contents: Annotated[list[SnmpNotifyFilterContent], KeyedBy("oid")] | None = None
    profile_name: str | None = None


class SnmpUsm(Model):
    engine_type: Literal["local_engine", "remote_engine"] | None = None
    remote_engine_id: str | None = None
    users: Annotated[list[SnmpUsmUser], KeyedBy("name", ordered=False)] | None = None


class SnmpVacmAccess(Model):
    group_name: str | None = None
    prefix_list: (
        Annotated[list[SnmpVacmPrefix], KeyedBy("context_prefix", "security_model", "security_level", ordered=False)]
        | None
    ) = None


class SnmpVacmGroups(Model):
    content: Annotated[list[SnmpVacmGroup], KeyedBy("security_name", ordered=False)] | None = None
    security_model: Literal["usm", "v1", "v2c"] | None = None


class SnmpVacm(Model):
    access: Annotated[list[SnmpVacmAccess], KeyedBy("group_name", ordered=False)] | None = None
    security_to_group: SnmpVacmGroups | None = None


class SnmpV3(Model):
    notify: Annotated[list[SnmpNotify], KeyedBy("name", ordered=False)] | None = None
    notify_filter: Annotated[list[SnmpNotifyFilter], KeyedBy("profile_name", ordered=False)] | None = None
    target_address: Annotated[list[SnmpTargetAddress], KeyedBy("target_address_name", ordered=False)] | None = None
    target_parameters: Annotated[list[SnmpTargetParameters], KeyedBy("name", ordered=False)] | None = None
    usm: Annotated[list[SnmpUsm], KeyedBy("engine_type", "remote_engine_id", ordered=False)] | None = None
    vacm: SnmpVacm | None = None


class SnmpConfig(Model):
    client_list: Annotated[list[SnmpClientList], KeyedBy("client_list_name", ordered=False)] | None = None
    contact: str | None = None
    description: str | None = None
    enabled: Annotated[bool, Default(True)] | None = None
    engine_id: str | None = Field(None, max_length=27)
    engine_id_type: Annotated[Literal["local", "use_mac_address"], Default("local")] | None = None
    location: str | None = None
    name: str | None = None
    network: Annotated[str, Default("default")] | None = None
    trap_groups: Annotated[list[SnmpTrapGroup], KeyedBy("group_name", ordered=False)] | None = None
    v2c_config: list[SnmpV2c] | None = None
    v3_config: SnmpV3 | None = None
    views: Annotated[list[SnmpView], KeyedBy("view_name", "oid", ordered=False)] | None = None

"""Remote syslog of switches.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from reconciler.kinds.markers import AsSet, Default, KeyedBy
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import Host, Number, Port


class SyslogArchive(Model):
    files: Number | None = None
    size: str | None = None


class SyslogContent(Model):
    facility: (
        Annotated[
            Literal[
                "any",
                "authorization",
                "change-log",
                "config",
                "conflict-log",
                "daemon",
                "dfc",
                "external",
                "firewall",
                "ftp",
                "interactive-commands",
                "kernel",
                "ntp",
                "pfe",
                "security",
                "user",
            ],
            Default("any"),
        ]
        | None
    ) = None
    severity: (
        Annotated[
            Literal["alert", "any", "critical", "emergency", "error", "info", "notice", "warning"], Default("any")
        ]
        | None
    ) = None


class SyslogConsole(Model):
    contents: Annotated[list[SyslogContent], KeyedBy("facility")] | None = None


class SyslogFile(Model):
    archive: SyslogArchive | None = None
    contents: Annotated[list[SyslogContent], KeyedBy("facility")] | None = None
    enable_tls: bool | None = None
    explicit_priority: bool | None = None
    file: str | None = None
    match: str | None = None
    structured_data: bool | None = None


class SyslogServer(Model):
    contents: Annotated[list[SyslogContent], KeyedBy("facility")] | None = None
    enable_tls: bool | None = None
    explicit_priority: bool | None = None
    facility: (
        Annotated[
            Literal[
                "any",
                "authorization",
                "change-log",
                "config",
                "conflict-log",
                "daemon",
                "dfc",
                "external",
                "firewall",
                "ftp",
                "interactive-commands",
                "kernel",
                "ntp",
                "pfe",
                "security",
                "user",
            ],
            Default("config", "any"),
        ]
        | None
    ) = None
    host: Host | None = None
    match: str | None = None
    port: Annotated[Port, Default(514)] | None = None
    protocol: Annotated[Literal["tcp", "udp"], Default("udp")] | None = None
    routing_instance: str | None = None
    server_name: str | None = None
    severity: (
        Annotated[
            Literal["alert", "any", "critical", "emergency", "error", "info", "notice", "warning"],
            Default("info", "any"),
        ]
        | None
    ) = None
    source_address: str | None = None
    structured_data: bool | None = None
    tag: str | None = None


class SyslogUser(Model):
    contents: Annotated[list[SyslogContent], KeyedBy("facility")] | None = None
    match: str | None = None
    user: str | None = None


class RemoteSyslog(Model):
    archive: SyslogArchive | None = None
    cacerts: Annotated[list[str], AsSet()] | None = None
    console: SyslogConsole | None = None
    enabled: Annotated[bool, Default(False)] | None = None
    files: Annotated[list[SyslogFile], KeyedBy("file")] | None = None
    network: str | None = None
    send_to_all_servers: Annotated[bool, Default(False)] | None = None
    servers: Annotated[list[SyslogServer], KeyedBy("host", "port")] | None = None
    time_format: Literal["millisecond", "year", "year millisecond"] | None = None
    users: Annotated[list[SyslogUser], KeyedBy("user")] | None = None

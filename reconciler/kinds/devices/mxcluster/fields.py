"""Mist Edges that work together.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.common import Proxy
from reconciler.kinds.shared.mist_edge import (
    MxedgeDas,
    MxedgeMgmt,
    MxedgeNac,
    MxedgeRadsec,
    NacEdge,
    TuntermMonitor,
    TuntermMulticast,
)
from reconciler.kinds.shared.tunterm import TuntermDhcpd, TuntermRoute
from reconciler.kinds.shared.types import SecretText, Subnet


class MxClusterRadsecTls(Model):
    keypair: SecretText | None = None


class MxCluster(Model):
    mist_das: MxedgeDas | None = None
    mist_nac: MxedgeNac | None = None
    mist_nacedge: NacEdge | None = None
    mxedge_mgmt: MxedgeMgmt | None = None
    name: str = Field(min_length=1)
    proxy: Proxy | None = None
    radsec: MxedgeRadsec | None = None
    radsec_tls: MxClusterRadsecTls | None = None
    tunterm_ap_subnets: Annotated[list[Subnet], AsSet()] | None = None
    tunterm_dhcpd_config: TuntermDhcpd | None = None
    tunterm_extra_routes: dict[str, TuntermRoute] | None = None
    tunterm_hosts: list[str] | None = None
    tunterm_hosts_order: list[int] | None = None
    tunterm_hosts_selection: Annotated[Literal["ordered", "shuffle", "shuffle-by-site"], Default("shuffle")] | None = (
        None
    )
    tunterm_monitoring: list[TuntermMonitor | list[TuntermMonitor]] | None = None
    tunterm_monitoring_disabled: bool | None = None
    tunterm_multicast_config: TuntermMulticast | None = None

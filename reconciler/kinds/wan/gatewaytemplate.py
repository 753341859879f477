"""WAN edge templates, known so that references to them by name can be resolved."""

from reconciler.kinds.shared.entry import lookup_only

KIND = lookup_only("gatewaytemplate", plural="gatewaytemplates", title="WAN edge template")

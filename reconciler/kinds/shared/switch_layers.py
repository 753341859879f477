"""Switch configuration that two layers define, and what none can change: a body in, findings out.

Facts: the vendor's API pages of sites and organisations. They don't agree which layer wins, a network template or the
site's setting, and no other source says that what is called `default` can't be changed: so these are warnings.
"""

from collections.abc import Iterator, Sequence

from reconciler.kinds.kind import Violation
from reconciler.kinds.shared.checks import Body, as_map
from reconciler.kinds.shared.rules import violation

_SHARED = {"networks": "network", "port_usages": "port usage"}


def check_defaults(body: Body) -> Iterator[Violation]:
    """A warning for each definition of what the cloud always has, and keeps as it is."""
    for root, title in _SHARED.items():
        if as_map(as_map(body.get(root)).get("default")):
            detail = f"The {title} `default` is always there, and by the vendor's page can't be changed. Make another."
            yield violation("switch-fixed-default", detail, (root, "default"))


def check_clash(body: Body, below: Sequence[Body]) -> Iterator[Violation]:
    """A warning for each name that the body of a site's setting defines otherwise than its network template."""
    for root, title in _SHARED.items():
        for name, own in as_map(body.get(root)).items():
            others = [other[name] for layer in below if name in (other := as_map(layer.get(root)))]
            if own and any(other and other != own for other in others):
                detail = (
                    f"The site's network template defines the {title} {name!r} otherwise, and the vendor's sources "
                    "differ about which counts. Define it in one place."
                )
                yield violation("switch-layers-clash", detail, (root, name))

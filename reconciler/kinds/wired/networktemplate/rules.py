"""Conditional rules of network templates: those of all switch configuration."""

from collections.abc import Iterator

from reconciler.kinds.kind import Context, Violation
from reconciler.kinds.shared.checks import Body
from reconciler.kinds.shared.switch_rules import check_switch, configures_switches, template_layers
from reconciler.model.resource import Resource


def check_networktemplate(resource: Resource, body: Body, context: Context) -> Iterator[Violation]:
    """Switch rules; a name may also be defined in the settings of the sites that use the template."""
    if configures_switches(body):
        yield from check_switch(body, template_layers(body, resource.key, context), context)

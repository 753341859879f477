"""`reconciler render` and `explain`: what the inventory comes to, and where a value was written. Both are offline."""

from collections.abc import Iterable
from functools import partial
from typing import Any

import click

from reconciler.cli.failures import OK
from reconciler.cli.inventory import inventory_and_words, inventory_of, load_valid
from reconciler.cli.options import environment_option, inventory_option, output_options, untrusted_option
from reconciler.cli.screen import Screen
from reconciler.diagnostics import Diagnostic
from reconciler.errors import UsageError
from reconciler.kinds import kinds
from reconciler.model.address import Address, nfc
from reconciler.model.matching import covers, is_meant, nearest
from reconciler.model.resource import Resource
from reconciler.model.values import Path
from reconciler.report.explaining import explain_lines
from reconciler.report.origins import explain as explained
from reconciler.report.yaml_text import inventory_yaml
from reconciler.semantics.forms import seal
from reconciler.semantics.naming import with_macs


@click.command(short_help="Print the composed inventory.")
@click.argument("addresses", metavar="[ADDRESS]...", nargs=-1)
@inventory_option
@untrusted_option
@environment_option
@output_options
@click.pass_context
def render(context: click.Context, addresses: tuple[str, ...]) -> int:
    """Print the composed inventory, or the objects of some addresses or globs, as YAML.

    Defaults, profiles and templates are resolved; secrets stay references. A directory may stand in front of the
    addresses instead of --inventory.
    """
    directory, addresses = inventory_and_words(context, addresses)
    about = partial(_is_about, globs=addresses) if addresses else None
    resources = load_valid(context, directory, online=False, about=about).inventory.resources
    addresses = by_mac(addresses, resources)
    chosen = [item for item in resources if not addresses or named(item, addresses)]
    for glob in addresses:
        if not any(named(item, (glob,)) for item in resources):
            raise unknown_address(glob, resources)
    plurals = {kind.name: kind.plural for kind in kinds()}
    Screen.of(context).write(inventory_yaml(chosen, plurals=plurals))
    return OK


@click.command(short_help="Say which file and line set a value.")
@click.argument("address")
@click.argument("field", required=False)
@inventory_option
@untrusted_option
@environment_option
@output_options
@click.pass_context
def explain(context: click.Context, address: str, field: str | None) -> int:
    """Say which file and line set a value: of one FIELD (`auth.type`), or of every field of an object.

    Where an object's own field lies over one of a profile or of the defaults, or these over each other, what lost
    stands below it with its place.
    """
    about = partial(_is_about, globs=(address,))
    found = load_valid(context, inventory_of(context), online=False, about=about)
    resources = found.inventory.resources
    (address,) = by_mac((address,), resources)
    if not any(str(item.address) == nfc(address) for item in resources):
        raise unknown_address(address, resources)
    origins = explained(found.inventory, address, field, hide=_hidden)
    if not origins:
        below = f"{address}/setting"
        if field and explained(found.inventory, below, field):
            raise UsageError(f"{address} has no field {field}", remedy=f"`reconciler explain {below} {field}` says it")
        raise UsageError(
            f"{address} has no field {field}: nothing declares it",
            remedy=f"`reconciler explain {address}` lists what is declared",
        )
    Screen.of(context).show(explain_lines(address, origins, root=found.root))
    return OK


def by_mac(addresses: tuple[str, ...], resources: Iterable[Resource]) -> tuple[str, ...]:
    """The addresses with devices by MAC address; raises `UsageError` for a name that several have."""
    try:
        return with_macs(addresses, resources, kinds())
    except LookupError as error:
        raise UsageError(f"{error.args[0]}", remedy="`reconciler render` lists what there is") from error


def unknown_address(text: str, resources: Iterable[Resource]) -> UsageError:
    """The error for an address that the inventory does not have, with the nearest that it has."""
    near = nearest(text, (str(item.address) for item in resources))
    hint = f"Did you mean {' or '.join(near)}?" if near else "`reconciler render` lists what there is"
    return UsageError(f"The inventory has no {text}", remedy=hint)


def _hidden(resource: Resource, path: Path, value: Any) -> Any:
    """A value of a layer as it may be shown; a reference to a secret is none."""
    shape = kinds()[resource.kind].shape
    for step in path:
        shape = shape.below(step)
    return seal(value, shape)


def _is_about(item: Diagnostic, globs: tuple[str, ...]) -> bool:
    """Whether a finding is about one of the objects that were asked for, or what lies below them."""
    return item.address is not None and covers(globs, Address(item.address))


def named(resource: Resource, globs: Iterable[str]) -> bool:
    text = str(resource.address)
    return any(is_meant(text, glob) or text.startswith(f"{glob}/") for glob in globs)

"""What a run reads: its inventory and options in, the wants of `stages/read` out. And what the apply of a saved plan
reads, which is what its changes need. No network.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from reconciler.approval.causes import only_config
from reconciler.approval.seen import objects_seen, seen_of
from reconciler.kinds import Kinds
from reconciler.model.change import Action, Cause, Change, Plan
from reconciler.model.inventory import Inventory
from reconciler.model.options import ANEW, BRANCH, HERE, Options
from reconciler.model.resource import Live, Resource
from reconciler.stages.plan.forecast import calls_to_apply
from reconciler.stages.read import (
    Wants,
    calls_to_read,
    lists_seen,
    needed_for,
    not_excluded,
    wants_of,
    with_beside,
)

_BEGIN = 2
"""An apply asks for the hour's calls that are left, and who the token is, which names the organisation too."""


def wants_for(spoken: Inventory, options: Options, *, kinds: Kinds, whole: bool = False) -> Wants:
    """What has to be read for an inventory, as far as these options are about it; `whole`: also what it has no word
    about. What a saved plan saw need not be read."""
    asked = replace(spoken, resources=_asked_for(spoken, options, kinds=kinds, whole=whole))
    spared = lists_seen(options.seen, asked.resources, kinds=kinds) if options.seen else options.spared
    wants = wants_of(asked, kinds=kinds, prune=options.prune, targets=options.targets, whole=whole, spared=spared)
    return with_beside(wants, options.beside, options.beside_at)


def _asked_for(spoken: Inventory, options: Options, *, kinds: Kinds, whole: bool) -> tuple[Resource, ...]:
    """The resources that reading is for: those of a saved plan's changes, or those that are not excluded, with what
    they need. A delete may be needed by any of them, and a report on the whole leaves none out."""
    if options.reads:
        return needed_for(spoken.resources, options.reads, kinds=kinds)
    if options.changed is not None and not options.prune:
        return needed_for(spoken.resources, options.changed, kinds=kinds)
    if options.excludes and not options.prune and not whole:
        return not_excluded(spoken.resources, options.excludes, kinds=kinds)
    return spoken.resources


def options_of_file(
    options: Options,
    inventory: Inventory,
    *,
    actions: Mapping[str, Action],
    seen: Mapping[str, Mapping[str, Any]],
    sure: bool,
) -> Options:
    """The options of a saved plan's apply, with what has to be read for its changes (`actions`, by address), and what
    of it is known from the file (`seen`).

    Whether a delete is right takes all that may need what goes. What the file's plan saw is believed until the read
    before each write where the file is proven to be as it was made (`sure`), and where nothing has to be seen of all
    objects before the first write: by who wants no write at all where one is stale, by a policy, by a rollback."""
    if Action.DELETE in actions.values():
        return options
    options = replace(options, reads=tuple(actions))
    if options.refuse_any_stale or options.rollback or inventory.policies or not sure:
        return options
    return replace(options, seen=objects_seen(seen, inventory.resources))


def calls_to_come(
    planned: Plan, inventory: Inventory, spoken: Inventory, live: Live, *, options: Options, kinds: Kinds
) -> int:
    """Every call that the apply of a plan makes beyond those of the plan, if nobody and nothing disturbs it; of a saved
    plan every call of `apply FILE`. `spoken` is the inventory with what only a base declares."""
    if options.forecast == HERE:
        return planned.applying
    changes = (only_config(planned) if options.forecast == BRANCH else planned).changes
    writing = calls_to_apply(changes, replace(live, token_known=True), kinds)
    if options.forecast == ANEW or not changes:
        return writing
    found = ((change.address.text, seen_of(change, kinds)) for change in changes)
    chosen = options_of_file(
        options,
        inventory,
        actions={change.address.text: change.action for change in changes},
        seen={address: seen for address, seen in found if seen is not None},
        sure=not is_released(changes),
    )
    wants = wants_for(spoken if is_released(changes) else inventory, chosen, kinds=kinds)
    beside = planned.reads - live.calls  # what goes along with deletes
    return _BEGIN + calls_to_read(wants, live, kinds) + beside + writing


def is_released(changes: Iterable[Change]) -> bool:
    """Whether something in these changes is only there because a base declared it."""
    causes = (cause for change in changes for cause in (change.cause, *(item.cause for item in change.fields)))
    return Cause.RELEASED in causes

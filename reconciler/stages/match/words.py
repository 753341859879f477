"""What a person is told of an object that is left out, or taken for another: pure text."""

from collections.abc import Callable, Sequence

from reconciler.model.resource import LiveObject, Resource

NameOf = Callable[[LiveObject], str]


def listed(found: Sequence[LiveObject]) -> str:
    """The ids of live objects."""
    return " and ".join(f"id {item.id}" for item in found)


def ambiguous(resource: Resource, found: Sequence[LiveObject], name_of: NameOf) -> str:
    """Several live objects could be the resource."""
    named = " and ".join(f"{name_of(item)!r} (id {item.id})" for item in found)
    return (
        f"{resource.address} could be {named}: pin the one you mean with `id:`, and the other stays as it is; "
        "or declare both, each with its `id:` and a `key:` of its own; or rename or delete one in the portal. It "
        "is left out, and so is what lies in it; the rest goes on"
    )


def pinned_missing(resource: Resource) -> str:
    """The pinned id is none of the place."""
    return (
        f"{resource.address} says `id: {resource.api_id}`, and no other live {resource.kind} has that id here: correct "
        "the id, or take it out to match by name. Ids of an export are of its organisation: leave that under `org.id`, "
        "and name another one with --org, where they are not looked for"
    )


def taken_name(resource: Resource, live: LiveObject, name: str, others: Sequence[LiveObject]) -> str:
    """A renamed object, and others that have its name."""
    return (
        f"{resource.address} was id {live.id}, which is called {name!r} now, and {listed(others)} has its name: pin "
        "the one you mean with `id:`; or rename or delete one in the portal. It is left out, and so is what lies in "
        "it; the rest goes on"
    )


def namesake(resource: Resource, live: LiveObject, others: Sequence[LiveObject]) -> str:
    """The object, and others that have its name, too."""
    return (
        f"{resource.address} is id {live.id}, as before; {listed(others)} has its name, and nobody declared it: delete "
        "or rename that one, or declare it too, with its `id:` and a `key:` of its own. It stays as it is"
    )

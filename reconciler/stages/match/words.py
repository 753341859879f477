"""What a person is told of an object that is left out, or taken for another: pure text."""

from collections.abc import Callable, Sequence

from reconciler.model.resource import LiveObject, Resource

NameOf = Callable[[LiveObject], str]


def listed(found: Sequence[LiveObject]) -> str:
    """The ids of live objects."""
    return " and ".join(f"id {item.id}" for item in found)


def ambiguous(resource: Resource, found: Sequence[LiveObject], name_of: NameOf, *, keyed: bool = False) -> str:
    """Several live objects could be the resource, or one that could be another one of its name; `keyed`: it, or that
    one, has a key of its own."""
    named = " and ".join(f"{name_of(item)!r} (id {item.id})" for item in found)
    left_out = "It is left out, and so is what lies in it; the rest goes on"
    if keyed:
        return (
            f"{resource.address} could be {named}, and what is declared does not tell: pin it with its `id:`, or give "
            "the field that tells it from the others of its name the value that is live; or delete one in the portal. "
            f"{left_out}"
        )
    return (
        f"{resource.address} could be {named}: pin the one you mean with `id:`, and the other stays as it is; "
        "or declare both, each with a `key:` of its own and the field that tells them apart, or its `id:`; or rename "
        f"or delete one in the portal. {left_out}"
    )


def renamed(resource: Resource, live: LiveObject, name: str) -> str:
    """The object has another name than the declared one."""
    return (
        f"{resource.address} (id {live.id}) is called {name!r} now: its declared name is given back to it; to keep the "
        "new one, declare that"
    )


def made_again(resource: Resource, live: LiveObject) -> str:
    """The object that was known is gone, and another one has its name."""
    return (
        f"{resource.address} is id {live.id} now; id {resource.known_id}, which it was before, is gone: it was deleted "
        "and made again, so what nobody declared in it may be lost"
    )


def other_case(live: LiveObject, name: str, shown: str) -> str:
    """A name that is live in another form."""
    return (
        f"{name!r} is declared, {shown!r} is live (id {live.id}): write the name as it is live, or pin the object with "
        "`id:` to rename it"
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
        "or rename that one, or declare it too, with a `key:` of its own. It stays as it is"
    )

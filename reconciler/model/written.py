"""What a recorded run wrote: frozen data from its record."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from reconciler.model.address import Address
from reconciler.model.change import Action
from reconciler.model.resource import Resource

Former = Sequence[Sequence[Resource]]
"""The resources of inventories at other commits, the one that counts most first."""


class Written(Struct, frozen=True, kw_only=True):
    """What a run wrote to one object: the roots that it sent, `before` and `after` in inventory form with secrets as
    `(secret)` (None for one that it cleared), or the whole object that it made or deleted. `api_id` is None where the
    record ends before it was known. `secrets` are the paths of secrets that it changed; `lost` says in words what the
    record does not hold of it: what went along with a deleted object, a device that came to another site."""

    address: Address
    action: Action
    api_id: str | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    secrets: frozenset[str] = frozenset()
    lost: tuple[str, ...] = field(default=())

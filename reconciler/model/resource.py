"""What is declared and what is live."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from reconciler.diagnostics import SourceRange
from reconciler.model.address import Address
from reconciler.model.values import Path, YamlMap

ListId = tuple[str, str | None]
"""One list of the cloud: its kind, and the id of the site that it lies in; None for the organisation's own."""


class Resource(Struct, frozen=True, kw_only=True):
    """One declared object, composed.

    `body` holds exactly the declared fields in inventory form (references by name, `raw:` merged in, secrets
    sealed as `Secret`), never a default of a model. `key` is the natural key's value (None for a singleton).
    `api_id` pins a live object (`id:` in the inventory); `aliases` are former names. `keeps` are the places of `!keep`:
    fields that are not declared, and left as they are when they no longer are. `absent`: the object is to be deleted;
    its body is its natural key. `known_id` is the id that the address had when an earlier run saw it: a hint. `layers`
    are the mappings as written that were laid over each other, the lowest first; none where it is just its own fields.
    """

    address: Address
    kind: str
    body: YamlMap
    key: str | None = None
    parent: Address | None = None
    api_id: str | None = None
    aliases: tuple[str, ...] = ()
    keeps: frozenset[Path] = frozenset()
    absent: bool = False
    known_id: str = ""
    layers: tuple[YamlMap, ...] = ()
    source: SourceRange | None = None

    @property
    def has_own_key(self) -> bool:
        """Whether it has a `key:`, so that its address does not have its name."""
        return self.key is not None and self.address.name != self.key


class LiveObject(Struct, frozen=True, kw_only=True):
    """One object of the cloud.

    `body` is as the API answered after `read`, and in inventory form (references by name, secrets sealed)
    after `match`, which also sets `address`. `parent_id` is the id of the site or WLAN template that holds
    it, None at organisation level. A singleton has its parent's id as `id`. `modified_time` is the cloud's own
    (seconds since 1970), set by `match`, which keeps what the API answered as `answer`.
    """

    kind: str
    id: str
    body: Mapping[str, Any]
    parent_id: str | None = None
    address: Address | None = None
    modified_time: float | None = None
    answer: Mapping[str, Any] | None = None


class Claimed(Struct, frozen=True, kw_only=True):
    """A claimed device of the organisation: its MAC address (twelve digits), id, type, model, the site that it is
    assigned to (None: to none), and the virtual chassis that it is a member of."""

    mac: str
    id: str
    type: str
    model: str = ""
    site_id: str | None = None
    chassis: str = ""


class Unread(Struct, frozen=True, kw_only=True):
    """A collection that could not be read: not an empty one. Nothing below it is created, changed or pruned."""

    kind: str
    parent_id: str | None
    reason: str


class Live(Struct, frozen=True, kw_only=True):
    """What was read: objects in a fixed order, what could not be read, and the organisation's own identity.

    `listed` are the lists that were asked for, by kind and the id of the site they lie in (None: the organisation's own
    lists, which hold the children of its templates too); None: all of them.
    """

    org_id: str
    org_name: str
    objects: tuple[LiveObject, ...] = ()
    unread: tuple[Unread, ...] = ()
    calls: int = 0
    listed: frozenset[ListId] | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    """Names of live objects by id, of every kind that was read."""

    claimed: Mapping[str, Claimed] | None = None
    """The claimed devices by MAC address; None where nobody asked for them, or they could not be read."""

    token_known: bool = False
    """Whether the token was looked at on the way: an apply need not do so again."""

    def was_listed(self, kind: str, site_id: str | None) -> bool:
        """Whether the list of a kind was asked for, in the organisation or in one site."""
        return self.listed is None or (kind, site_id) in self.listed

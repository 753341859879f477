"""ids -> names: live objects as the API answered in, live objects in inventory form with addresses out."""

from reconciler.kinds import Kinds
from reconciler.model.resource import Live
from reconciler.semantics.identity import identified


def resolve(live: Live, *, kinds: Kinds) -> Live:
    """`live` with every body in inventory form and every object's address set, under the names that are live now.

    An id that names nothing that was read stays an id. An object without a name is addressed by its id. `match` names
    anew what it finds to be renamed.
    """
    return identified(live, kinds, paired={}, declared=())[0]

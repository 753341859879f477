"""What becomes of a create whose answer was lost: what is found in its place in, the one object or an error out."""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.errors import AmbiguousWrite, ApiError, Fate


def only_one(found: Iterable[Mapping[str, Any]], path: str) -> Mapping[str, Any]:
    """The one object that a lost answer was about; raises `AmbiguousWrite` for several."""
    made = sorted(found, key=lambda item: str(item["id"]))
    if len(made) == 1:
        return made[0]
    raise AmbiguousWrite(
        f"After a lost answer {path} holds {len(made)} new objects that fit: "
        + ", ".join(str(item["id"]) for item in made),
        remedy="Delete those that are too many",
        method="POST",
        path=path,
    )


def not_there(error: ApiError) -> ApiError:
    """What a create is told whose answer was lost and which is found nowhere. It is sent again where the answer came
    from a server on the way; where the cloud itself said that it is done, or that it failed, it is not."""
    lost = AmbiguousWrite(
        f"{error.message}, but it is not in the list",
        remedy=error.remedy,
        method=error.method,
        path=error.path,
        status=error.status,
    )
    lost.fate = Fate.SETTLED if error.fate is Fate.UNREADABLE else error.fate
    lost.retry_after = error.retry_after
    return lost

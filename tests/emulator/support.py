"""What the tests share: an organisation, a clock that stands still, two ways to look at a reply."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reconciler.emulator import Reply

ROOT = Path(__file__).parents[2]
ORG = "11111111-0000-4000-8000-000000000001"
SITE = "22222222-0000-4000-8000-000000000001"
OTHER_SITE = "22222222-0000-4000-8000-000000000002"
GROUP = "33333333-0000-4000-8000-000000000001"
NOON = 1_750_000_000.0 - 1_750_000_000.0 % 3600


def organisation() -> dict[str, Any]:
    return {
        "orgs": [
            {
                "id": ORG,
                "name": "Acme",
                "sitegroups": [{"id": GROUP, "name": "emea"}],
                "sites": [
                    {"id": SITE, "name": "Paris", "timezone": "Europe/Paris", "sitegroup_ids": [GROUP]},
                    {"id": OTHER_SITE, "name": "Tokyo", "timezone": "Asia/Tokyo"},
                ],
            }
        ]
    }


class Clock:
    """The time in the emulated cloud; `sleep` passes it without waiting."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def ok(reply: Reply) -> Any:
    assert reply.status == 200, reply
    return reply.body


def refused(reply: Reply, status: int, detail: str = "") -> None:
    assert reply.status == status, reply
    assert detail in reply.body["detail"]

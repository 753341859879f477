"""A clock that only sleeping moves."""

import pytest

from tests.transport.fake_time import FakeTime


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()

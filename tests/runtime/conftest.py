from __future__ import annotations

import pytest

from tests.runtime.play import Stage


@pytest.fixture
def stage():
    """The runtime on the store in memory."""
    return Stage()

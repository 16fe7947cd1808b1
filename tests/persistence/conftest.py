from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from building import units_of  # noqa: E402 - found beside this file


@pytest.fixture
def units(database):
    return units_of(database)

from __future__ import annotations

import pytest

from tests.persistence.building import units_of


@pytest.fixture
def units(database):
    return units_of(database)

"""A planted bug is a matter of the harness, not of the database: one is enough by default."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        planted = item.path.parent == HERE and "test_the_harness_sees" in item.name
        if planted and "postgres" in item.name:
            item.add_marker("long")

from __future__ import annotations

import pytest

from tests.runtime.play import Stage
from tests.runtime.twin import TwinDatabase

#: modules whose every test runs on PostgreSQL too
_ON_POSTGRES = {
    "test_activities",
    "test_errors",
    "test_events",
    "test_migrating",
    "test_returning",
    "test_starts",
    "test_steering",
}


def pytest_generate_tests(metafunc):
    if "stage" in metafunc.fixturenames and "memory_stage" not in metafunc.fixturenames:
        kinds = ["memory", "sqlite"]
        if metafunc.module.__name__.rsplit(".", 1)[-1] in _ON_POSTGRES:
            kinds.append("postgres")
        metafunc.parametrize("stage", kinds, indirect=True)


def pytest_collection_modifyitems(config, items):
    """The long random runs are asked for by name: -m long."""
    if "long" in (config.option.markexpr or ""):
        return
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip(reason="long run: -m long"))


@pytest.fixture
def memory_stage():
    """The runtime on the store in memory alone."""
    return Stage()


@pytest.fixture
def stage(request):
    """The runtime on the store in memory, alone or with a database that must agree."""
    if request.param == "memory":
        return Stage()
    return Stage(database=TwinDatabase(request.getfixturevalue(f"{request.param}_database")))

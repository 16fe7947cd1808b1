"""One city for the whole folder: attacks leave it as it was, or say what they left."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def city(tmp_path_factory):
    from tests.access.city import build  # noqa: PLC0415 - it brings the whole application

    made = build(tmp_path_factory.mktemp("attacked"))
    yield made
    made.close()


def pytest_collection_modifyitems(config, items):
    """The long measurements are asked for by name: -m long."""
    if "long" in (config.option.markexpr or ""):
        return
    for item in items:
        if item.get_closest_marker("long") and "security" in item.nodeid:
            item.add_marker(pytest.mark.skip(reason="long run: -m long"))

"""A served house for the tests of the front hall."""

from __future__ import annotations

import pytest

from tests.serving import DRAWINGS, Served


@pytest.fixture
def served(sqlite_template, tmp_path):
    house = Served(tmp_path / "house", sqlite_template).start()
    yield house
    house.close()


@pytest.fixture(scope="module")
def shared(sqlite_template, tmp_path_factory):
    house = Served(tmp_path_factory.mktemp("shared"), sqlite_template).start()
    house.client("admin").deploy(
        DRAWINGS / "leave.bpmn", DRAWINGS / "leave.form", DRAWINGS / "waits.bpmn"
    )
    yield house
    house.close()

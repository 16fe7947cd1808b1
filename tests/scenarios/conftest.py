"""What tests of scenarios share: the house by name, and files as bytes."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from app.check import paper_host
from engine.rehearsal.stage import Props
from engine.scenarios.running import run
from engine.usecases.host_functions import FUNCTION_NAMES
from engine.usecases.ports.process import Resource
from forms.adapter import FormAdapter
from tests.usecases.conftest import Place

DRAWINGS = Path(__file__).parents[1] / "drawings"


@pytest.fixture
def props():
    return Props(host=paper_host(), forms=FormAdapter(FUNCTION_NAMES))


@pytest.fixture
def played(props):
    """Play scenarios of a drawing of tests/drawings; the report."""

    def play(name, text):
        files = [
            Resource(name=path.name, content=path.read_bytes())
            for path in sorted(DRAWINGS.glob(f"{name}.*"))
        ]
        scenarios = Resource(name=f"{name}.scenarios.yaml", content=dedent(text).encode())
        return run(props, [*files, scenarios])

    return play


@pytest.fixture
def case(database):
    """An empty house on a real database."""
    return Place(database)

"""What tests of simulation share."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from app.check import paper_host
from engine.rehearsal.stage import Props
from engine.simulation.reading import read_plan
from engine.simulation.running import simulate
from engine.usecases.host_functions import FUNCTION_NAMES
from engine.usecases.ports.process import Resource
from forms.adapter import FormAdapter

DRAWINGS = Path(__file__).parents[1] / "drawings"


@pytest.fixture
def simulated():
    """Simulate a plan on drawings of tests/drawings, or on a drawing given; the figures."""

    def run(text, *names, drawing=None, seed=None):
        found = [path for name in names for path in sorted(DRAWINGS.glob(f"{name}.*"))]
        files = [Resource(name=path.name, content=path.read_bytes()) for path in found]
        if drawing is not None:
            files.append(Resource(name="drawn.bpmn", content=drawing))
        props = Props(host=paper_host(), forms=FormAdapter(FUNCTION_NAMES))
        return simulate(props, files, read_plan(dedent(text).encode(), seed=seed))

    return run

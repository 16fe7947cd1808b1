"""A house on a real database with the agency's real tables and a clock that tests set."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.host import Host
from engine.forecasting import RidgeForecaster
from engine.persistence.identity import TimeOrderedIds, claim_node
from engine.persistence.unit_of_work import UnitsOfWork
from engine.runtime.runner import Runner
from engine.scenarios.gate import Player
from engine.usecases import processes
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.host_functions import FUNCTION_NAMES, host_functions
from engine.usecases.means import Means
from engine.usecases.operations.registry import operations
from engine.usecases.ports.process import Resource
from engine.usecases.ports.runner import OperationCall
from engine.usecases.ports.work import House
from forms.adapter import FormAdapter

ROOT = Path(__file__).resolve().parents[2]
MODELER = Actor(kind=ActorKind.CLIENT, name="modeler", groups=frozenset({"admin", "process_owner"}))


class SetClock:
    def __init__(self):
        self.at = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)

    def now(self):
        return self.at

    def real_now(self):
        return datetime.now(UTC)


class Place:
    """A house, and operations run as a drawing would run them: one transaction each."""

    def __init__(self, database):
        self.clock = SetClock()
        ids = TimeOrderedIds(claim_node(database), lambda: time.time_ns() // 1_000_000)
        self.units = UnitsOfWork(database, self.clock, ids)
        forms = FormAdapter(FUNCTION_NAMES)
        forecaster = RidgeForecaster()
        means = Means(ids=ids, clock=self.clock, decide=self.decide, forecaster=forecaster)
        self.operations = operations(means)
        host = Host(
            operations=self.operations,
            function_names=FUNCTION_NAMES,
            functions=host_functions,
            forms=forms,
        )
        self.runner = runner = Runner(host, self.clock, ids)
        self.house = House(
            writing=self.units.writing,
            reading=self.units.reading,
            runner=runner,
            host=host,
            forms=forms,
            clock=self.clock,
            ids=ids,
            scenarios=Player(host, forms),
            forecaster=forecaster,
        )

    def decide(self, uow, decision_id, scope, **when):
        return self.runner.decide(uow, decision_id, scope, **when)

    def deploy(self, *patterns):
        files = sorted(path for pattern in patterns for path in ROOT.glob(pattern))
        resources = tuple(Resource(name=path.name, content=path.read_bytes()) for path in files)
        return processes.deploy(self.house, MODELER, resources)

    def do(self, name, actor, form=None, **variables):
        with self.house.writing() as uow:
            call = OperationCall(
                uow=uow,
                actor=actor,
                now=self.clock.now(),
                instance_key=1,
                element_id=name,
                variables=variables,
                form=form or {},
            )
            answer = self.operations[name](call)
            uow.commit()
            return answer

    def ask(self, name, *arguments):
        with self.house.reading() as uow:
            return host_functions(uow, self.clock.now())[name].call(*arguments)


@pytest.fixture
def place(database):
    made = Place(database)
    made.deploy("workflows/*/*.dmn")
    return made


@pytest.fixture
def sqlite_place(sqlite_database):
    made = Place(sqlite_database)
    made.deploy("workflows/*/*.dmn")
    return made

"""A house whose clock and identities are set, so that a simulated year is the same every time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.host import Host
from engine.persistence.unit_of_work import UnitsOfWork
from engine.runtime.runner import Runner
from engine.usecases import processes
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.host_functions import FUNCTION_NAMES, host_functions
from engine.usecases.means import Means
from engine.usecases.operations.registry import operations
from engine.usecases.ports.process import Resource
from engine.usecases.ports.runner import OperationCall
from engine.usecases.ports.work import House
from forms.adapter import FormAdapter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.persistence.database import Database
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import UnitOfWork

_ROOT: Final = Path(__file__).resolve().parents[1]
_OWNER: Final = Actor(
    kind=ActorKind.CLIENT, name="modeler", groups=frozenset({"process_owner", "admin"})
)


class SetClock:
    """Time as the simulation sets it."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 1, 2, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """Business time."""
        return self.at

    def real_now(self) -> datetime:
        """The same: rows are recorded when they are made."""
        return self.at


class CountedIds:
    """Identities in order of their making."""

    def __init__(self) -> None:
        self._next = 0

    def key(self) -> int:
        """The next number."""
        self._next += 1
        return self._next

    def uuid(self) -> str:
        """The next number in the shape of a UUIDv7."""
        text = f"{self.key():032x}"
        return f"{text[:8]}-{text[8:12]}-7{text[13:16]}-8{text[17:20]}-{text[20:]}"


class Stage:
    """The real house on a database, operations run inside a unit of work that the caller holds."""

    def __init__(self, database: Database) -> None:
        self.clock, self.ids = SetClock(), CountedIds()
        units = UnitsOfWork(database, self.clock, self.ids)
        self.means = Means(ids=self.ids, clock=self.clock, decide=self._decide)
        forms = FormAdapter(FUNCTION_NAMES)
        self._operations = operations(self.means)
        host = Host(
            operations=self._operations,
            function_names=FUNCTION_NAMES,
            functions=host_functions,
            forms=forms,
        )
        self._runner = Runner(host, self.clock, self.ids)
        self.house = House(
            writing=units.writing,
            reading=units.reading,
            runner=self._runner,
            host=host,
            forms=forms,
            clock=self.clock,
            ids=self.ids,
        )

    def deploy_decisions(self) -> None:
        """The shipped tables."""
        files = sorted(_ROOT.glob("workflows/*/*.dmn"))
        resources = tuple(Resource(name=file.name, content=file.read_bytes()) for file in files)
        processes.deploy(self.house, _OWNER, resources)

    def do(
        self,
        uow: UnitOfWork,
        name: str,
        actor: Actor,
        form: Mapping[str, Json] | None = None,
        **variables: Json,
    ) -> Mapping[str, Json]:
        """One operation, as a drawing would call it."""
        call = OperationCall(
            uow=uow,
            actor=actor,
            now=self.clock.now(),
            instance_key=1,
            element_id=name,
            variables=variables,
            form=form or {},
        )
        return self._operations[name](call) or {}

    def _decide(
        self, uow: UnitOfWork, decision_id: str, scope: Mapping[str, Json], **when: object
    ) -> Json:
        return self._runner.decide(uow, decision_id, scope, **when)  # type: ignore[arg-type]

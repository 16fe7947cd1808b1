"""Plain SpiffWorkflow, saved after each step as its documentation says, specs and all."""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from bench import drawings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bench.lanes import Lane
    from engine.persistence.database import Database

_TABLE = sa.Table(
    "bench_stock",
    sa.MetaData(),
    sa.Column("key", sa.Integer, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
)
_SELECT = sa.select(_TABLE.c.state).where(_TABLE.c.key == sa.bindparam("at"))
_UPDATE = (
    _TABLE.update().where(_TABLE.c.key == sa.bindparam("at")).values(state=sa.bindparam("body"))
)


class Stock:
    """Workflows of one drawing in a table, the last one begun going on."""

    def __init__(self, database: Database, drawing: str) -> None:
        self._database = database
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.parse(io.BytesIO(drawing.encode())))
        self._spec: Any = parser.get_spec("office")
        self._parts: Any = parser.get_subprocess_specs("office")
        self._serializer: Any = BpmnWorkflowSerializer()
        self._key = 0
        self.finished = True
        with database.writing.begin() as connection:
            _TABLE.create(connection)

    def start(self, form: Mapping[str, object]) -> None:
        """Begin the next one, run what is ready, save."""
        workflow: Any = BpmnWorkflow(self._spec, self._parts)
        workflow.task_tree.data.update(form)
        workflow.do_engine_steps()
        self._key += 1
        self.finished = bool(workflow.completed)
        row = {"key": self._key, "state": self._serializer.serialize_json(workflow)}
        with self._database.writing.begin() as connection:
            connection.execute(_TABLE.insert(), row)

    def complete(self, values: Mapping[str, object]) -> None:
        """Read, complete the first task, run what is ready, save."""
        with self._database.writing.begin() as connection:
            workflow: Any = self._serializer.deserialize_json(self._read(connection))
            task = next(iter(workflow.get_tasks(state=TaskState.READY, manual=True)))
            task.data.update(values)
            task.run()
            workflow.do_engine_steps()
            self.finished = bool(workflow.completed)
            body = self._serializer.serialize_json(workflow)
            connection.execute(_UPDATE, {"at": self._key, "body": body})

    def size_bytes(self) -> int:
        """Of what is saved of the last one."""
        with self._database.reading.connect() as connection:
            return len(self._read(connection).encode())

    def _read(self, connection: sa.Connection) -> str:
        text: str = connection.execute(_SELECT, {"at": self._key}).scalar_one()
        return text


def stock(database: Database) -> Lane:
    """A lane of completions by stock Spiff; no work list, no history, no audit."""
    kept = Stock(database, drawings.office_for_stock())

    def prepare() -> Callable[[], object]:
        """The next step; a finished workflow makes place for a new one."""
        if kept.finished:
            kept.start(drawings.FORM)
        return partial(kept.complete, {"ok": True})

    return prepare

"""Plain SpiffWorkflow, saved after each step as its documentation says, specs and all."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from bench import drawings

if TYPE_CHECKING:
    from collections.abc import Callable

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


class _Stock:
    """One workflow after the other in a table."""

    def __init__(self, database: Database) -> None:
        self._database = database
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.parse(io.BytesIO(drawings.office_for_stock().encode())))
        self._spec: Any = parser.get_spec("office")
        self._parts: Any = parser.get_subprocess_specs("office")
        self._serializer: Any = BpmnWorkflowSerializer()
        self._key = 0
        self._finished = True
        with database.writing.begin() as connection:
            _TABLE.create(connection)

    def prepare(self) -> Callable[[], object]:
        """The next step; a finished workflow makes place for a new one."""
        if self._finished:
            workflow: Any = BpmnWorkflow(self._spec, self._parts)
            workflow.task_tree.data.update(drawings.FORM)
            workflow.do_engine_steps()
            self._key += 1
            row = {"key": self._key, "state": self._serializer.serialize_json(workflow)}
            with self._database.writing.begin() as connection:
                connection.execute(_TABLE.insert(), row)
        return self._step

    def _step(self) -> None:
        with self._database.writing.begin() as connection:
            state = connection.execute(_SELECT, {"at": self._key}).scalar_one()
            workflow: Any = self._serializer.deserialize_json(state)
            task = next(iter(workflow.get_tasks(state=TaskState.READY, manual=True)))
            task.data["ok"] = True
            task.run()
            workflow.do_engine_steps()
            self._finished = bool(workflow.completed)
            body = self._serializer.serialize_json(workflow)
            connection.execute(_UPDATE, {"at": self._key, "body": body})


def stock(database: Database) -> Lane:
    """A lane of completions by stock Spiff; no work list, no history, no audit."""
    return _Stock(database).prepare

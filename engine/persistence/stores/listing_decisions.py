"""Lists of decisions, of the files they came in, of what they answered, and of all files."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from engine.persistence.stores.listing_source import Source, activation, family, tree_of
from engine.persistence.tables.process import (
    decision_definition,
    form_definition,
    process_definition,
)
from engine.persistence.tables.waiting import history

_D, _H = decision_definition.c, history.c


def _file_key(row: sa.FromClause) -> sa.ScalarSelect[Any]:
    """A file of decisions goes by the key of its first decision."""
    beside = decision_definition.alias("beside")
    same = (
        beside.c.deployment_key == row.c.deployment_key,
        beside.c.resource_name == row.c.resource_name,
    )
    return sa.select(sa.func.min(beside.c.key)).where(*same).scalar_subquery()


def _definitions() -> Source:
    newer = decision_definition.alias("newer")
    newest = sa.select(sa.func.max(newer.c.version)).where(newer.c.decision_id == _D.decision_id)
    plain = ("key", "decision_id", "name", "version", "resource_name", "xml")
    return Source(
        rows=decision_definition,
        key=_D.key,
        agency=_D.agency_id,
        everybodys=True,
        columns={
            **{name: _D[name] for name in plain},
            "latest": sa.case((_D.version == newest.scalar_subquery(), 1), else_=0),
            "requirements_key": _file_key(decision_definition),
        },
    )


def _requirements() -> Source:
    plain = ("key", "resource_name", "version", "xml")
    return Source(
        rows=decision_definition,
        key=_D.key,
        agency=_D.agency_id,
        everybodys=True,
        columns={name: _D[name] for name in plain},
        always=(_D.key == _file_key(decision_definition),),
    )


class _Fact(GenericFunction[str]):
    """A member of a JSON text: (text, name)."""

    type = sa.Text()
    inherit_cache = True
    name = "regu_fact"


@compiles(_Fact)
def _extracted(element: _Fact, compiler: Any, **options: Any) -> str:
    text, member = (compiler.process(part, **options) for part in element.clauses)
    return f"json_extract({text}, '$.' || {member})"


@compiles(_Fact, "postgresql")
def _taken_out(element: _Fact, compiler: Any, **options: Any) -> str:
    text, member = (compiler.process(part, **options) for part in element.clauses)
    return f"(CAST({text} AS JSON) ->> {member})"


def _fact(name: str) -> sa.ColumnElement[Any]:
    """What history tells of a decision; the details of other events are no JSON objects."""
    is_told = _H.event == "decision"
    return sa.case((is_told, _Fact(_H.detail, sa.literal(name))), else_=None)


def _instances() -> Source:
    kin = family()
    used = decision_definition.alias("used")
    key = sa.cast(_fact("key"), _D.key.type)
    plain = ("key", "instance_key", "root_key", "definition_key", "at", "detail", "token")
    return Source(
        rows=kin.joined(history, _H.instance_key).join(used, used.c.key == key),
        key=_H.key,
        agency=kin.root.c.agency_id,
        columns={
            **{name: _H[name] for name in plain},
            "process_instance": kin.process_instance,
            "business_key": kin.business_key,
            "activation": activation(_H.instance_key, _H.token),
            "decision_id": used.c.decision_id,
            "decision_key": used.c.key,
            "decision_name": used.c.name,
            "decision_version": used.c.version,
            "requirements_key": _file_key(used),
        },
        always=(_H.event == "decision", _H.detail.is_not(None)),
        narrow={"process_instance": tree_of(_H.root_key)},
    )


def _resources() -> Source:
    """Every file as the versions of what it holds."""
    arms = [
        sa.select(
            table.c.key,
            table.c.deployment_key,
            table.c[name].label("resource_id"),
            table.c.resource_name,
            table.c.version,
            table.c.version_tag,
            agency.label("agency_id"),
        )
        for table, name, agency in (
            (process_definition, "process_id", sa.null()),
            (decision_definition, "decision_id", decision_definition.c.agency_id),
            (form_definition, "form_id", sa.null()),
        )
    ]
    rows = sa.union_all(*arms).subquery("resource")
    plain = ("key", "deployment_key", "resource_id", "resource_name", "version", "version_tag")
    return Source(
        rows=rows,
        key=rows.c.key,
        agency=rows.c.agency_id,
        everybodys=True,
        columns={name: rows.c[name] for name in plain},
    )


DECISION_DEFINITIONS = _definitions()
DECISION_REQUIREMENTS = _requirements()
DECISION_INSTANCES = _instances()
RESOURCES = _resources()

"""The audit log of one agency, read back in time along one index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.persistence.tables.accounts import account
from engine.persistence.tables.agency import person
from engine.persistence.tables.contributions import output, squad
from engine.persistence.tables.performance import cycle, period, plan
from engine.persistence.tables.process import process_instance
from engine.persistence.tables.work import audit
from engine.persistence.types import Key, UtcDateTime
from engine.usecases.ports.administration import LogLine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from engine.usecases.ports.administration import LogQuery

_A = audit.c
_LINES = sa.select(
    *(_A.stream, _A.seq, _A.act, _A.actor, _A.on_behalf_of),
    *(_A.at, _A.recorded_at, _A.facts, _A.hash),
)


def read_log(
    connection: sa.Connection,
    query: LogQuery,
    *,
    after: tuple[datetime, str, int] | None,
    limit: int,
) -> Sequence[LogLine]:
    """Entries of an agency, newest first; one statement."""
    # behind a row the page begins at its moment: SQLite seeks by one bound of the range alone
    ends = _A.at < query.until if after is None else _A.at <= after[0]
    asked = _LINES.where(_A.at >= query.since, ends)
    if query.stream:
        asked = asked.where(_A.stream == query.stream)
    if query.act:
        asked = asked.where(_A.act.startswith(query.act, autoescape=True))
    if query.actor:
        asked = asked.where(sa.or_(_A.actor == query.actor, _A.on_behalf_of == query.actor))
    if query.agency_id is not None:
        asked = asked.where(_of_agency(query.agency_id))
    if after is not None:
        at, stream, seq = after
        seen = sa.tuple_(sa.literal(at, UtcDateTime), sa.literal(stream), sa.literal(seq))
        asked = asked.where(sa.tuple_(_A.at, _A.stream, _A.seq) < seen)
    ordered = asked.order_by(_A.at.desc(), _A.stream.desc(), _A.seq.desc()).limit(limit)
    return [_line(row) for row in connection.execute(ordered).mappings()]


def last_entry(connection: sa.Connection, stream: str, act: str) -> LogLine | None:
    """The newest entry of an act in a stream."""
    asked = _LINES.where(_A.stream == stream, _A.act == act).order_by(_A.seq.desc()).limit(1)
    row = connection.execute(asked).mappings().first()
    return None if row is None else _line(row)


def _line(row: sa.RowMapping) -> LogLine:
    return LogLine(**{**row, "hash": bytes(row["hash"])})


def _of_agency(agency_id: str) -> sa.ColumnElement[bool]:
    """The stream is about something of the agency, or somebody of the agency acted."""
    acted = sa.or_(
        sa.exists().where(
            person.c.id.in_((_A.actor, _A.on_behalf_of)), person.c.agency_id == agency_id
        ),
        sa.exists().where(account.c.login == _A.actor, account.c.agency_id == agency_id),
    )
    return sa.or_(_A.stream == f"agency:{agency_id}", *_about(agency_id), acted)


def _about(agency_id: str) -> list[sa.ColumnElement[bool]]:
    """Kinds of streams whose things know their agency, each looked up by its key."""
    ours = person.c.agency_id == agency_id
    hosted = squad.c.host_agency_id == agency_id
    found = {
        "person": sa.exists().where(person.c.id == _named("person"), ours),
        "plan": sa.exists().where(
            plan.c.id == _named("plan"), person.c.id == plan.c.person_id, ours
        ),
        "squad": sa.exists().where(squad.c.id == _named("squad"), hosted),
        "output": sa.exists().where(
            output.c.id == _named("output"), squad.c.id == output.c.squad_id, hosted
        ),
        "period": sa.exists().where(
            period.c.id == _named("period"),
            cycle.c.id == period.c.cycle_id,
            cycle.c.agency_id == agency_id,
        ),
        "instance": sa.exists().where(
            process_instance.c.key == _instance(), process_instance.c.agency_id == agency_id
        ),
    }
    return [sa.and_(_A.stream.startswith(f"{kind}:"), one) for kind, one in found.items()]


def _named(kind: str) -> sa.ColumnElement[str]:
    return sa.func.substr(_A.stream, len(kind) + 2)


def _instance() -> sa.ColumnElement[int]:
    """The key of an instance's stream; of another stream no text is read as a number."""
    inside = _A.stream.startswith("instance:")
    return sa.case((inside, sa.cast(_named("instance"), Key)), else_=None)

"""History read by the thousand, in single statements."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.persistence.stores.transaction import Store
from engine.persistence.tables.process import process_definition, process_instance
from engine.persistence.tables.waiting import history
from engine.usecases.ports.mining import ElementTimes, LoggedEvent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from engine.usecases.ports.mining import Window

_H = history.c
_ROOT = process_instance.alias("root")
_ENDS = ("completed", "cancelled")
_LOGGED = ("activated", *_ENDS, "decision")
_RESOLUTION = 1_000_000
#: a turn, a child, or a token that became part of another at a join took no flow
_TOOK_NONE = "[]"


class SqlMiningStore(Store):
    """`MiningStore` on SQL."""

    def element_times(self, window: Window, fractions: Sequence[float]) -> Sequence[ElementTimes]:
        """Times of every element, by element id; one statement.

        A token visits an element once, so that its rows are one visit; an event row alone took
        no time. The window function ranks the visits of each element by length.
        """
        visits = self._visits(window)
        length = self._seconds(visits.c.began, visits.c.ended)
        ended = visits.c.ended.is_not(None)
        ranked = sa.select(
            visits,
            sa.case((ended, length)).label("length"),
            sa.func.row_number()
            .over(partition_by=[visits.c.element_id, ended], order_by=[length, visits.c.token])
            .label("place"),
            sa.func.count().over(partition_by=[visits.c.element_id, ended]).label("of"),
        ).subquery()

        def at_rank(part: float) -> sa.ColumnElement[bool]:
            return ranked.c.ended.is_not(None) & (ranked.c.place == _rank(ranked.c.of, part))

        wanted: sa.Select[Any] = sa.select(
            ranked.c.element_id,
            sa.func.max(ranked.c.element_type).label("element_type"),
            sa.func.count(ranked.c.ended).label("ended"),
            (sa.func.count() - sa.func.count(ranked.c.ended)).label("waiting"),
            sa.func.sum(ranked.c.incidents).label("incidents"),
            *(sa.func.max(sa.case((at_rank(part), ranked.c.length))) for part in fractions),
        ).group_by(ranked.c.element_id)
        rows = self._tx.execute(wanted.order_by(ranked.c.element_id))
        return [
            ElementTimes(
                element_id=element,
                element_type=kind,
                ended=ended_count,
                waiting=waiting,
                incidents=incidents,
                quantiles_s=tuple(float(one) for one in lengths) if ended_count else (),
            )
            for element, kind, ended_count, waiting, incidents, *lengths in map(tuple, rows)
        ]

    def ways(self, window: Window) -> Sequence[tuple[str, str, int]]:
        """(element, detail of the completed row, how often) where several flows leave."""
        wanted: sa.Select[Any] = (
            self._within(sa.select(_H.element_id, _H.detail, sa.func.count()), window)
            .where(_H.event == "completed", _H.detail != _TOOK_NONE)
            .group_by(_H.element_id, _H.detail)
            .order_by(_H.element_id, _H.detail)
        )
        rows = map(tuple, self._tx.execute(wanted))
        return [(element, detail, count) for element, detail, count in rows]

    def hands(self, window: Window) -> Mapping[str, int]:
        """User task -> how many different people ended it; one statement."""
        wanted: sa.Select[Any] = (
            self._within(sa.select(_H.element_id, sa.func.count(_H.actor.distinct())), window)
            .where(_H.event == "completed", _H.element_type == "userTask")
            .group_by(_H.element_id)
        )
        return dict(map(tuple, self._tx.execute(wanted)))

    def starts(self, window: Window) -> tuple[int, datetime | None, datetime | None]:
        """How many instances started, the first and the last."""
        found = process_instance.c
        wanted = sa.select(
            sa.func.count(), sa.func.min(found.started_at), sa.func.max(found.started_at)
        ).where(
            found.process_id == window.process_id,
            found.body.is_(None),
            found.agency_id.is_(None)
            if window.agency_id is None
            else found.agency_id == window.agency_id,
        )
        if window.definition_key is not None:
            wanted = wanted.where(found.definition_key == window.definition_key)
        if window.since is not None:
            wanted = wanted.where(found.started_at >= window.since)
        if window.until is not None:
            wanted = wanted.where(found.started_at < window.until)
        count, first, last = tuple(self._tx.execute(wanted).one())
        return count, first, last

    def events(self, window: Window, after: int, limit: int) -> Sequence[LoggedEvent]:
        """What happened, in order of keys, behind one."""
        columns = (
            _H.key,
            _H.instance_key,
            _H.root_key,
            _H.process_id,
            _H.definition_key,
            process_definition.c.version,
            _H.element_id,
            _H.element_type,
            _H.token,
            _H.event,
            _H.at,
            _H.actor,
            _H.on_behalf_of,
            _ROOT.c.business_key,
            _H.detail,
        )
        wanted = (
            self._within(sa.select(*columns), window)
            .join(process_definition, process_definition.c.key == _H.definition_key)
            .where(_H.event.in_(_LOGGED), _H.key > after)
            .order_by(_H.key)
            .limit(limit)
        )
        return [LoggedEvent(**row) for row in self._tx.execute(wanted).mappings()]

    def _visits(self, window: Window) -> sa.Subquery:
        """One row for each token: element, when it came, when it left."""
        columns = (
            _H.element_id,
            _H.element_type,
            _H.instance_key,
            _H.token,
            sa.func.min(_H.at).label("began"),
            sa.func.max(sa.case((_H.event.in_(_ENDS), _H.at))).label("ended"),
            sa.func.sum(sa.case((_H.event == "incident", 1), else_=0)).label("incidents"),
        )
        return (
            self._within(sa.select(*columns), window)
            .group_by(_H.element_id, _H.element_type, _H.instance_key, _H.token)
            .subquery()
        )

    def _within(self, wanted: sa.Select[Any], window: Window) -> sa.Select[Any]:
        agency = _ROOT.c.agency_id
        limits = [
            _H.process_id == window.process_id,
            agency.is_(None) if window.agency_id is None else agency == window.agency_id,
        ]
        if window.definition_key is not None:
            limits.append(_H.definition_key == window.definition_key)
        if window.since is not None:
            limits.append(_H.at >= window.since)
        if window.until is not None:
            limits.append(_H.at < window.until)
        return wanted.select_from(history.join(_ROOT, _ROOT.c.key == _H.root_key)).where(*limits)

    def _seconds(
        self, first: sa.ColumnElement[Any], last: sa.ColumnElement[Any]
    ) -> sa.ColumnElement[Any]:
        if self._tx.is_postgresql:
            return sa.func.extract("epoch", last) - sa.func.extract("epoch", first)
        days = sa.func.julianday(last) - sa.func.julianday(first)
        return sa.func.round(days * 86_400, 3)


def _rank(count: sa.ColumnElement[int], fraction: float) -> sa.ColumnElement[Any]:
    """Nearest rank, from 1: the smallest place at or above that share of all."""
    parts = ceil(fraction * _RESOLUTION)
    found = (count * parts + (_RESOLUTION - 1)) // _RESOLUTION
    return sa.case((found < 1, 1), else_=found)

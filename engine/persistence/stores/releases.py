"""Releases on SQL, and the open tasks that they touch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.persistence.stores.entities import Entities
from engine.persistence.stores.rows import RowMapper
from engine.persistence.stores.user_tasks import TASK
from engine.persistence.tables.process import process_instance, user_task
from engine.persistence.tables.releases import (
    release,
    release_author,
    release_file,
    studio_draft_author,
)
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.ports.process import InstanceStatus
from engine.usecases.ports.releases import Release, ReleaseFile, Standing

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from engine.domain.releases import ReleaseState
    from engine.persistence.stores.transaction import Transaction
    from engine.usecases.ports.process import UserTaskRow
    from engine.usecases.ports.releases import Places

RELEASE = RowMapper(
    Release, release, read={"pilot_units": lambda ids: None if ids is None else tuple(ids)}
)
FILE = RowMapper(ReleaseFile, release_file, read={"kind": DraftKind})
_R, _F, _T, _I = release.c, release_file.c, user_task.c, process_instance.c
_LIVE: Final = tuple(one.value for one in InstanceStatus if one.lives)
_ORDER: Final = sa.case({"process": 0, "decision": 1, "form": 2}, value=_F.kind, else_=3)


class SqlReleaseStore:
    """`ReleaseStore` on a connection."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        tables = {Release: release, ReleaseFile: release_file}
        self._rows = Entities(tx.connection, tables)

    def add(self, row: Release, files: Sequence[ReleaseFile], authors: Collection[str]) -> None:
        """Keep a release; `Conflict` when another of its subject is in review."""
        self._rows.add([row])
        self._rows.add(list(files))
        if authors:
            told = [{"release_id": row.id, "account": name} for name in sorted(authors)]
            self._tx.connection.execute(release_author.insert(), told)

    def release(self, release_id: str, *, lock: bool = False) -> Release | None:
        """One by id."""
        wanted = sa.select(*RELEASE.columns).where(_R.id == release_id)
        return RELEASE.one_of(self._tx.execute(wanted.with_for_update() if lock else wanted))

    def put(self, row: Release) -> None:
        """Write its end; `Conflict` where the database refuses it."""
        self._rows.put(row)

    def files(self, release_id: str) -> Sequence[ReleaseFile]:
        """Its files, drawings first."""
        wanted = sa.select(*FILE.columns).where(_F.release_id == release_id)
        return FILE.all_of(self._tx.execute(wanted.order_by(_ORDER, _F.subject_id)))

    def authors(self, release_id: str) -> frozenset[str]:
        """Accounts that saved a draft in it."""
        wanted = sa.select(release_author.c.account).where(
            release_author.c.release_id == release_id
        )
        return frozenset(self._tx.execute(wanted).scalars())

    def releases(
        self,
        agency_id: str | None,
        *,
        states: Collection[ReleaseState] = (),
        before: str | None = None,
        limit: int = 50,
    ) -> Sequence[Release]:
        """An agency's releases, newest first, keyset paged by id."""
        wanted = sa.select(*RELEASE.columns).where(_R.agency_id.is_not_distinct_from(agency_id))
        if states:
            wanted = wanted.where(_R.state.in_(states))
        if before is not None:
            wanted = wanted.where(_R.id < before)
        return self._all(wanted.order_by(_R.id.desc()).limit(limit))

    def first_proposers(self, agency_id: str | None) -> Mapping[Subject, str]:
        """Account that first proposed each subject which an agency ever released; one statement."""
        first = (
            sa.select(sa.func.min(_R.id))
            .where(_R.agency_id.is_not_distinct_from(agency_id))
            .group_by(_R.kind, _R.subject_id)
        )
        wanted = sa.select(_R.kind, _R.subject_id, _R.proposed_by).where(_R.id.in_(first))
        rows: Any = self._tx.execute(wanted)
        return {Subject(DraftKind(kind), str(name)): str(by) for kind, name, by in rows}

    def of_subject(self, subject: Subject, limit: int = 50) -> Sequence[Release]:
        """Releases that were proposed from a subject's page or hold a file of it, newest first."""
        holding = sa.select(_F.release_id).where(
            _F.kind == subject.kind.value, _F.subject_id == subject.id
        )
        own = sa.and_(_R.kind == subject.kind, _R.subject_id == subject.id)
        wanted = sa.select(*RELEASE.columns).where(sa.or_(own, _R.id.in_(holding)))
        return self._all(wanted.order_by(_R.id.desc()).limit(limit))

    def naming(self, subjects: Collection[Subject]) -> Sequence[Release]:
        """Releases in review that hold a file of one of these."""
        pairs = [(one.kind.value, one.id) for one in subjects]
        holding = sa.select(_F.release_id).where(sa.tuple_(_F.kind, _F.subject_id).in_(pairs))
        wanted = sa.select(*RELEASE.columns).where(_R.state == "in_review", _R.id.in_(holding))
        return self._all(wanted.order_by(_R.id)) if pairs else []

    def draft_authors(self, draft_ids: Collection[str]) -> frozenset[str]:
        """Accounts that ever saved one of these drafts."""
        wanted = sa.select(studio_draft_author.c.account).where(
            studio_draft_author.c.draft_id.in_(draft_ids)
        )
        return frozenset(self._tx.execute(wanted).scalars())

    def standing(self, agency_id: str | None, places: Places) -> Standing:
        """Open tasks at these places, counted; one statement."""
        wanted = sa.select(
            sa.func.count().label("tasks"), sa.func.count(_T.assignee.distinct()).label("people")
        ).where(*_open_at(agency_id, places))
        return Standing(**self._tx.execute(wanted).mappings().one())

    def tasks(self, agency_id: str | None, places: Places, *, limit: int) -> Sequence[UserTaskRow]:
        """Open tasks at these places, earliest due first; one statement."""
        wanted = sa.select(*TASK.columns).where(*_open_at(agency_id, places))
        wanted = wanted.order_by(_T.sort_at, _T.key).limit(limit)
        return TASK.all_of(self._tx.execute(wanted))

    def open_in(self, root_keys: Collection[int]) -> Sequence[UserTaskRow]:
        """Open tasks in these trees, by key; one statement."""
        wanted = sa.select(*TASK.columns).where(_T.root_key.in_(root_keys), _T.state == "created")
        return TASK.all_of(self._tx.execute(wanted.order_by(_T.key)))

    def running(self, agency_id: str | None, process_ids: Collection[str]) -> Mapping[str, int]:
        """Undertakings that live, by process; one statement."""
        wanted = (
            sa.select(_I.process_id, sa.func.count())
            .where(
                _I.process_id.in_(process_ids),
                _I.agency_id.is_not_distinct_from(agency_id),
                _I.status.in_(_LIVE),
                _I.body.is_(None),
            )
            .group_by(_I.process_id)
        )
        rows: Any = self._tx.execute(wanted)
        return {str(name): int(count) for name, count in rows}

    def _all(self, wanted: sa.Select[Any]) -> list[Release]:
        return RELEASE.all_of(self._tx.execute(wanted))


def _open_at(agency_id: str | None, places: Places) -> tuple[sa.ColumnElement[bool], ...]:
    whole = [name for name, elements in places.items() if elements is None]
    parts = [
        sa.and_(_T.process_id == name, _T.element_id.in_(elements))
        for name, elements in places.items()
        if elements is not None
    ]
    return (
        _T.state == "created",
        _T.agency_id.is_not_distinct_from(agency_id),
        sa.or_(_T.process_id.in_(whole), *parts),
    )

"""The first screen of a person on SQL: each question is one statement of index reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.claims import ClaimState
from engine.persistence.stores.access import reach_of
from engine.persistence.stores.transaction import Store
from engine.persistence.stores.user_tasks import IS_OPEN, TASK
from engine.persistence.tables import contributions as c
from engine.persistence.tables import formation as f
from engine.persistence.tables import workplace as w
from engine.persistence.tables.agency import person
from engine.persistence.tables.feedback import feedback_note
from engine.persistence.tables.performance import objection
from engine.persistence.tables.planning import plan_revision
from engine.persistence.tables.process import (
    form_definition,
    process_definition,
    process_instance,
    task_draft,
    user_task,
)
from engine.persistence.types import Key, UtcDateTime
from engine.usecases.ports import inbox as p
from engine.usecases.ports.workplace import Notice

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from engine.persistence.stores.access import Substitutes
    from engine.persistence.stores.transaction import Transaction
    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import UserTaskRow

_T, _S = user_task.c, w.snooze.c
#: steps in which a claim is decided
_ATTESTS: Final = ("attest", "attest_for_lead")
#: where the words stand with which somebody did something
_REASONS: Final = (
    c.attestation.c.reason,
    c.share_plan.c.reason,
    c.dispute.c.decision,
    f.consent_decision.c.reason,
    f.squad_change.c.reason,
    plan_revision.c.reason,
    objection.c.decision,
)
_TITLES: Final = (c.output.c.title, c.squad.c.name, person.c.name, f.formation.c.name)


class SqlInbox(Store):
    """`InboxStore` on SQL: tasks by the arms of the work list, names by one join."""

    def __init__(self, transaction: Transaction, substitutes: Substitutes) -> None:
        super().__init__(transaction)
        self._substitutes = substitutes

    def tasks(
        self,
        actor: Actor,
        sieve: p.Sieve,
        *,
        now: datetime,
        after: tuple[datetime, int] | None = None,
        limit: int = 50,
    ) -> Sequence[UserTaskRow]:
        """Open tasks the actor may take that pass the sieve, earliest due first, keyset paged."""
        wanted = [*_passes(sieve), *_put_off(actor.person_id, now, only=sieve.put_off)]
        arms = [_page(arm.where(*wanted), after, limit) for arm in self._arms(actor, now)]
        if not arms:
            return []
        page = sa.union(*arms).order_by("sort_at", "key").limit(limit).subquery()
        rows = (
            sa.select(*TASK.columns)
            .join(page, page.c.key == _T.key)
            .order_by(page.c.sort_at, page.c.key)
        )
        return TASK.all_of(self._tx.execute(rows))

    def forms(self, keys: Collection[int]) -> Mapping[int, bytes]:
        """Schemas of forms by key."""
        if not keys:
            return {}
        held = form_definition.c
        asked = sa.select(held.key, held.schema).where(held.key.in_(sorted(keys)))
        return {row.key: row.schema for row in self._tx.execute(asked)}

    def faces(self, keys: Collection[int], person_id: str | None) -> Mapping[int, p.Face]:
        """What a list shows of these tasks, for a reader who already sees them."""
        if not keys:
            return {}
        found = self._tx.execute(_faces(sorted(keys), person_id or ""))
        return {row.key: _face(row) for row in found}

    def offered(self, actor: Actor, *, now: datetime, limit: int = 500) -> p.Offered:
        """Processes and squads of the actor's first open tasks."""
        arms = [_page(arm, None, limit) for arm in self._arms(actor, now)]
        if not arms:
            return p.Offered(processes={}, squads={})
        first = sa.union(*arms).order_by("sort_at", "key").limit(limit).subquery()
        asked = (
            sa.select(
                _T.process_id,
                process_definition.c.name.label("process"),
                _T.squad_id,
                c.squad.c.name.label("squad"),
            )
            .join(first, first.c.key == _T.key)
            .join(process_definition, process_definition.c.key == _T.definition_key)
            .outerjoin(c.squad, c.squad.c.id == _T.squad_id)
            .distinct()
        )
        rows = list(self._tx.execute(asked))
        return p.Offered(
            processes=_by_name({row.process_id: row.process or row.process_id for row in rows}),
            squads=_by_name({row.squad_id: row.squad for row in rows if row.squad is not None}),
        )

    def waiting_claims(self, person_id: str, cycle_id: str) -> Sequence[p.WaitingClaim]:
        """His claims of a cycle that were handed in and not decided, oldest first."""
        rows = self._tx.execute(_waiting(person_id, cycle_id))
        return [p.WaitingClaim(**row) for row in rows.mappings()]

    def unread(self, person_id: str, kinds: Collection[str], limit: int = 20) -> Sequence[Notice]:
        """Notices of these kinds that he has not read, newest first."""
        held = w.notice.c
        asked = (
            sa.select(w.notice)
            .where(held.person_id == person_id, held.read_at.is_(None))
            .where(held.kind.in_(sorted(kinds)))
            .order_by(held.at.desc(), held.id.desc())
            .limit(limit)
        )
        return [Notice(**row) for row in self._tx.execute(asked).mappings()]

    def reasons(self, ids: Collection[str]) -> Mapping[str, str]:
        """Why it was done, by the id of what was done; what gave no reason is left out."""
        return self._texts(_REASONS, ids)

    def titles(self, ids: Collection[str]) -> Mapping[str, str]:
        """Titles of outputs, names of squads, calls and people, by id."""
        return self._texts(_TITLES, ids)

    def _texts(self, columns: Sequence[sa.Column[str]], ids: Collection[str]) -> Mapping[str, str]:
        """The text of each column by the id of its row, of rows that have one."""
        if not ids:
            return {}
        wanted = sorted(ids)
        asked = sa.union_all(
            *(
                sa.select(column.table.c.id, column.label("text")).where(
                    column.table.c.id.in_(wanted), column != ""
                )
                for column in columns
            )
        )
        return {row.id: row.text for row in self._tx.execute(asked)}

    def words(self, ids: Collection[str]) -> Mapping[str, p.Words]:
        """Feedback by id: notes, and words given with a period's documentation."""
        if not ids:
            return {}
        held = feedback_note.c
        asked = (
            sa.select(held.id, person.c.name.label("giver"), held.text, held.at)
            .join(person, person.c.id == held.giver_id)
            .where(held.id.in_(sorted(ids)))
        )
        return {row["id"]: p.Words(**row) for row in self._tx.execute(asked).mappings()}

    def _arms(self, actor: Actor, now: datetime) -> list[sa.Select[Any]]:
        return reach_of(self._tx.connection, actor, now, self._substitutes).arms()


def _passes(sieve: p.Sieve) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if sieve.keys is not None:
        wanted.append(_T.key.in_(sieve.keys))
    if sieve.process_id is not None:
        wanted.append(_T.process_id == sieve.process_id)
    if sieve.squad_id is not None:
        wanted.append(_T.squad_id == sieve.squad_id if sieve.squad_id else _T.squad_id.is_(None))
    if sieve.due_from is not None:
        wanted.append(_T.sort_at >= sieve.due_from)
    if sieve.due_before is not None:
        wanted.append(_T.sort_at < sieve.due_before)
    if sieve.held is not None:
        own = sieve.held is p.Held.OWN
        wanted.append(_T.assignee.is_not(None) if own else _T.assignee.is_(None))
    return wanted


def _put_off(
    person_id: str | None, now: datetime, *, only: bool | None
) -> tuple[sa.ColumnElement[bool], ...]:
    """That the reader put it off, or that he did not; None: either."""
    if only is None:
        return ()
    hidden = sa.exists().where(
        _S.person_id == (person_id or ""), _S.task_key == _T.key, _S.until_at > now
    )
    return (hidden,) if only else (~hidden,)


def _page(arm: sa.Select[Any], after: tuple[datetime, int] | None, limit: int) -> sa.Select[Any]:
    sort_at, key = arm.selected_columns
    if after is not None:
        seen = sa.tuple_(sa.literal(after[0], UtcDateTime), sa.literal(after[1], Key))
        arm = arm.where(sa.tuple_(sort_at, key) > seen)
    page = arm.order_by(sort_at, key).limit(limit).subquery()
    return sa.select(page.c.sort_at, page.c.key)


def _faces(keys: Sequence[int], reader: str) -> sa.Select[Any]:
    about, sender = person.alias("about"), person.alias("sender")
    root, own = process_instance.alias("root"), c.squad.alias("own_squad")
    return (
        sa.select(
            _T.key,
            sa.func.coalesce(sa.func.nullif(process_definition.c.name, ""), _T.process_id).label(
                "process"
            ),
            about.c.id.label("about_id"),
            about.c.name.label("about"),
            own.c.name.label("squad"),
            c.output.c.title.label("output"),
            sender.c.id.label("sender_id"),
            sender.c.name.label("sender"),
            task_draft.c.at.label("draft_at"),
            _S.until_at,
        )
        .select_from(user_task)
        .outerjoin(process_definition, process_definition.c.key == _T.definition_key)
        .outerjoin(root, root.c.key == _T.root_key)
        .outerjoin(sender, sender.c.id == root.c.started_by)
        .outerjoin(about, about.c.id == _T.about_id)
        .outerjoin(own, own.c.id == _T.squad_id)
        .outerjoin(c.output, c.output.c.id == _T.output_id)
        .outerjoin(
            task_draft,
            sa.and_(task_draft.c.task_key == _T.key, task_draft.c.person_id == reader),
        )
        .outerjoin(w.snooze, sa.and_(_S.task_key == _T.key, _S.person_id == reader))
        .where(_T.key.in_(keys))
    )


def _face(row: sa.Row[Any]) -> p.Face:
    values = dict(row._mapping)  # noqa: SLF001 - the row's public mapping
    values.pop("key")
    return p.Face(**values)


def _waiting(person_id: str, cycle_id: str) -> sa.Select[Any]:
    held, asked = c.membership.c, person.alias("asked")
    claim, output = c.claim.c, c.output.c
    mine = sa.select(held.squad_id).where(held.person_id == person_id)
    return (
        sa.select(
            claim.id.label("claim_id"),
            output.id.label("output_id"),
            output.title.label("output"),
            output.squad_id,
            c.squad.c.name.label("squad"),
            claim.claimed_bp,
            claim.submitted_at,
            asked.c.name.label("attester"),
            _T.due_at,
        )
        .select_from(c.output)
        .join(c.claim, sa.and_(claim.output_id == output.id, claim.person_id == person_id))
        .join(c.squad, c.squad.c.id == output.squad_id)
        .outerjoin(
            user_task,
            sa.and_(
                _T.output_id == output.id,
                _T.about_id == claim.person_id,
                _T.element_id.in_(_ATTESTS),
                IS_OPEN,
            ),
        )
        .outerjoin(asked, asked.c.id == _T.assignee)
        .where(
            output.cycle_id == cycle_id,
            output.squad_id.in_(mine),
            claim.state == ClaimState.CLAIMED,
        )
        .order_by(claim.submitted_at, claim.id)
    )


def _by_name(found: Mapping[str, str]) -> Mapping[str, str]:
    return dict(sorted(found.items(), key=lambda pair: pair[1]))

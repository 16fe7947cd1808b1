"""Squads in the making on SQL."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from engine.domain.formation import Candidate, Formation, FormationStatus
from engine.domain.joining import (
    ConsentAnswer,
    ConsentDecision,
    ConsentStage,
    HeadSignature,
    HomeResult,
    Letter,
    ShareReply,
    Signature,
    SquadChange,
)
from engine.persistence.stores.entities import Entities
from engine.persistence.stores.seats import covers
from engine.persistence.tables import agency as a
from engine.persistence.tables import formation as t
from engine.persistence.tables.contributions import membership
from engine.persistence.tables.workplace import preference
from engine.usecases.ports.formation import HomeTime, RefusalCount, Volunteer
from engine.usecases.ports.workplace import Calls

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from engine.usecases.ports.formation import FormationEntity, FormationKept

TABLES: Final = {
    Formation: t.formation,
    Candidate: t.candidate,
    Letter: t.squad_letter,
    Signature: t.membership_signature,
    HomeResult: t.home_result,
    ConsentDecision: t.consent_decision,
    HeadSignature: t.head_signature,
    ShareReply: t.share_reply,
    SquadChange: t.squad_change,
}


class SqlFormationStore:
    """`FormationStore` on a connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._rows = Entities(connection, TABLES)

    def add(self, rows: Sequence[FormationEntity]) -> None:
        """Insert rows, parents before children."""
        self._rows.add(rows)

    def put(self, row: FormationKept) -> None:
        """Write all fields of a row that exists."""
        self._rows.put(row)

    def get(self, kind: type[FormationKept], row_id: str) -> FormationKept | None:
        """A row by id."""
        return self._rows.get(kind, row_id)

    def formation_of(self, squad_id: str) -> Formation | None:
        """What a squad came of."""
        query = sa.select(t.formation).where(t.formation.c.squad_id == squad_id)
        return self._rows.first(Formation, query)

    def open_calls(self, agency_id: str, on: date) -> Sequence[Formation]:
        """Calls of an agency that take volunteers on a day, the soonest to close first."""
        held = t.formation.c
        query = (
            sa.select(t.formation)
            .where(held.agency_id == agency_id, held.status == FormationStatus.GATHERING)
            .where(held.apply_until >= on)
            .order_by(held.apply_until, held.id)
        )
        return self._rows.all(Formation, query)

    def volunteers(self, call: Formation, *, after: str, limit: int) -> Sequence[Volunteer]:
        """Who could answer a call and wants to be told, keyset paged by person: one statement."""
        chosen = sa.func.coalesce(preference.c.calls, Calls.NEAR)
        seat, chair, applied = a.appointment.c, a.post.c, t.candidate.c
        seated = (
            sa.select(seat.person_id)
            .join(a.post, chair.id == seat.post_id)
            .where(seat.person_id == a.person.c.id, *covers(a.appointment, call.starts_on))
        )
        here = sa.select(applied.person_id).where(applied.formation_id == call.id)
        query = (
            sa.select(a.person.c.id, chosen.label("calls"))
            .outerjoin(preference, preference.c.person_id == a.person.c.id)
            .where(a.person.c.agency_id == call.agency_id, a.person.c.id > after)
            .where(a.person.c.id.not_in([call.sponsor_id, call.opened_by]))
            .where(a.person.c.id.not_in(here))
            .where(
                sa.or_(
                    sa.and_(chosen == Calls.ALL, seated.exists()),
                    sa.and_(
                        chosen == Calls.NEAR,
                        seated.where(chair.unit_id.in_(_around(call.host_unit_id))).exists(),
                    ),
                )
            )
            .order_by(a.person.c.id)
            .limit(limit)
        )
        rows = self._connection.execute(query)
        return [Volunteer(person_id=row.id, calls=row.calls) for row in rows]

    def candidates(self, formation_id: str) -> Sequence[Candidate]:
        """Candidates of a formation in the order they came."""
        held = t.candidate.c
        query = sa.select(t.candidate).where(held.formation_id == formation_id)
        return self._rows.all(Candidate, query.order_by(held.at, held.id))

    def letters(self, squad_id: str) -> Sequence[Letter]:
        """Letters of a squad, oldest first."""
        held = t.squad_letter.c
        query = sa.select(t.squad_letter).where(held.squad_id == squad_id)
        return self._rows.all(Letter, query.order_by(held.starts_on, held.id))

    def signatures(self, membership_id: str) -> Sequence[Signature]:
        """A member's answers, oldest first."""
        held = t.membership_signature.c
        query = sa.select(t.membership_signature).where(held.membership_id == membership_id)
        return self._rows.all(Signature, query.order_by(held.round))

    def home_results(self, membership_id: str) -> Sequence[HomeResult]:
        """What becomes of home results by a member's newest answer."""
        signed = t.membership_signature.c
        newest = (
            sa.select(signed.id)
            .where(signed.membership_id == membership_id)
            .order_by(signed.round.desc())
            .limit(1)
            .scalar_subquery()
        )
        held = t.home_result.c
        query = sa.select(t.home_result).where(held.signature_id == newest)
        return self._rows.all(HomeResult, query.order_by(held.plan_item_id))

    def home_times(self, person_id: str) -> Sequence[HomeTime]:
        """Home time by each membership's newest answer, the newest answer last."""
        signed = t.membership_signature.c
        later = t.membership_signature.alias()
        query = (
            sa.select(signed.membership_id, signed.home_effort_bp)
            .join(membership, membership.c.id == signed.membership_id)
            .where(membership.c.person_id == person_id)
            .where(
                ~sa.exists().where(
                    later.c.membership_id == signed.membership_id, later.c.round > signed.round
                )
            )
            .order_by(signed.at, signed.id)
        )
        return [HomeTime(**row) for row in self._connection.execute(query).mappings()]

    def consent_decisions(self, membership_id: str) -> Sequence[ConsentDecision]:
        """Decisions on lending a member: the home's first, then the common superior's."""
        held = t.consent_decision.c
        query = sa.select(t.consent_decision).where(held.membership_id == membership_id)
        return self._rows.all(ConsentDecision, query.order_by(held.stage.desc()))

    def head_signatures(self, membership_id: str) -> Sequence[HeadSignature]:
        """What unit heads said to a member's load, oldest first."""
        held = t.head_signature.c
        query = sa.select(t.head_signature).where(held.membership_id == membership_id)
        return self._rows.all(HeadSignature, query.order_by(held.at, held.id))

    def share_replies(self, share_plan_id: str) -> Sequence[ShareReply]:
        """What members said to a version of shares, by person."""
        held = t.share_reply.c
        query = sa.select(t.share_reply).where(held.share_plan_id == share_plan_id)
        return self._rows.all(ShareReply, query.order_by(held.person_id))

    def changes(self, squad_id: str) -> Sequence[SquadChange]:
        """Changes of a squad's members, oldest first."""
        held = t.squad_change.c
        query = sa.select(t.squad_change).where(held.squad_id == squad_id)
        return self._rows.all(SquadChange, query.order_by(held.at, held.id))

    def refusals(self, agency_id: str, first: date, last: date) -> Sequence[RefusalCount]:
        """Answers per home superior of an agency between two days: one statement."""
        home, common = t.consent_decision, t.consent_decision.alias()
        lent = sa.and_(common.c.answer == ConsentAnswer.GIVEN, home.c.answer != ConsentAnswer.GIVEN)
        both = home.join(membership, membership.c.id == home.c.membership_id).outerjoin(
            common,
            sa.and_(
                common.c.membership_id == home.c.membership_id,
                common.c.stage == ConsentStage.COMMON,
            ),
        )
        query = (
            sa.select(
                home.c.holder_id,
                *(
                    _count(home.c.answer == word).label(word.value)
                    for word in (ConsentAnswer.GIVEN, ConsentAnswer.REFUSED, ConsentAnswer.SILENT)
                ),
                _count(lent).label("overruled"),
            )
            .select_from(both)
            .where(home.c.stage == ConsentStage.HOME, home.c.holder_id.is_not(None))
            .where(membership.c.home_agency_id == agency_id)
            .where(home.c.at >= _midnight(first), home.c.at < _midnight(last + timedelta(days=1)))
            .group_by(home.c.holder_id)
            .order_by(home.c.holder_id)
        )
        return [RefusalCount(**row) for row in self._connection.execute(query).mappings()]


def _around(unit_id: str) -> sa.Select[tuple[str]]:
    """A unit, those below it, and those beside it: below the same one."""
    unit, host = a.unit.c, a.unit.alias("host")
    above = sa.select(host.c.parent_id).where(host.c.id == unit_id).scalar_subquery()
    return sa.select(unit.id).where(
        sa.or_(unit.id == unit_id, unit.parent_id == unit_id, unit.parent_id == above)
    )


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)

"""Facts of a whole team on SQL: one statement for each question, whatever the team's size."""

from __future__ import annotations

from dataclasses import fields
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.claims import AttestDecision, EvidenceStatus
from engine.domain.dialogue import CheckInState
from engine.domain.disputes import DisputeState
from engine.domain.people import AppointmentKind, Person
from engine.domain.plans import PlanStatus
from engine.domain.ratings import Rating
from engine.domain.signing import SignaturePart
from engine.domain.squads import Membership, Squad
from engine.persistence.stores.entities import Entities, columns_of
from engine.persistence.stores.errands import ABOUT, errand_columns
from engine.persistence.stores.proofs import proved_items, proving
from engine.persistence.stores.user_tasks import IS_OPEN
from engine.persistence.tables import agency as a
from engine.persistence.tables import contributions as c
from engine.persistence.tables import judging as j
from engine.persistence.tables import performance as p
from engine.persistence.tables.dialogue import check_in
from engine.persistence.tables.formation import membership_signature
from engine.persistence.tables.process import process_instance, user_task
from engine.usecases.ports import teams as port
from engine.usecases.ports.formation import HomeTime

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

_TABLES: Final = {Person: a.person, Rating: p.rating}
_MET: Final = (CheckInState.CONFIRMED, CheckInState.RECORDED, CheckInState.UNCONFIRMED)


class SqlTeamStore:
    """`TeamStore` on a connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._rows = Entities(connection, _TABLES)

    def people(self, people: Collection[str]) -> Sequence[Person]:
        """The people, by name."""
        held = a.person.c
        columns = columns_of(Person, a.person)
        query = sa.select(*columns).where(held.id.in_(people)).order_by(held.name, held.id)
        return self._rows.all(Person, query)

    def seats(self, people: Collection[str], on: date) -> Mapping[str, port.Seated]:
        """Definitive post of each on a day."""
        held = a.appointment.c
        query = (
            sa.select(
                held.person_id,
                a.post.c.title.label("post_title"),
                a.unit.c.id.label("unit_id"),
                a.unit.c.name.label("unit_name"),
            )
            .join(a.post, a.post.c.id == held.post_id)
            .join(a.unit, a.unit.c.id == a.post.c.unit_id)
            .where(held.person_id.in_(people), held.kind == AppointmentKind.DEFINITIVE)
            .where(held.valid_from <= on, sa.or_(held.valid_to.is_(None), held.valid_to > on))
            .order_by(held.valid_from.desc())
        )
        found = [port.Seated(**row) for row in self._connection.execute(query).mappings()]
        return {row.person_id: row for row in reversed(found)}

    def proven(self, people: Collection[str], cycle_id: str) -> Mapping[str, port.Proven]:
        """The newest plan of each that was not dropped, with its results and evidence."""
        newest, items = _newest_plans(people, cycle_id), proved_items().subquery("items")
        pieces = _pieces(people, cycle_id)
        query = (
            sa.select(
                newest.c.person_id,
                newest.c.status,
                newest.c.home_effort_bp,
                sa.func.coalesce(items.c.results, 0).label("results"),
                sa.func.coalesce(items.c.unproven, 0).label("unproven"),
                sa.func.coalesce(pieces.c.evidence, 0).label("evidence"),
            )
            .where(newest.c.place == 1)
            .outerjoin(items, items.c.plan_id == newest.c.id)
            .outerjoin(pieces, pieces.c.owner_id == newest.c.person_id)
        )
        found = [port.Proven(**row) for row in self._connection.execute(query).mappings()]
        return {row.person_id: row for row in found}

    def ratings(self, people: Collection[str], cycle_id: str) -> Mapping[str, Rating]:
        """The newest version of each one's rating."""
        held = p.rating.c
        query = (
            sa.select(*columns_of(Rating, p.rating))
            .where(held.person_id.in_(people), held.cycle_id == cycle_id)
            .order_by(held.version)
        )
        return {row.person_id: row for row in self._rows.all(Rating, query)}

    def signed(self, rating_ids: Collection[str]) -> frozenset[str]:
        """Those of the ratings that their rater signed."""
        held = j.signature.c
        query = sa.select(held.rating_id).where(
            held.rating_id.in_(rating_ids), held.part == SignaturePart.RATER
        )
        return frozenset(self._connection.scalars(query))

    def heard(self, people: Collection[str], cycle_id: str) -> frozenset[str]:
        """Those who evaluated themselves."""
        held = j.self_evaluation.c
        query = sa.select(held.person_id).where(
            held.person_id.in_(people), held.cycle_id == cycle_id
        )
        return frozenset(self._connection.scalars(query))

    def abroad(self, people: Collection[str], cycle_id: str) -> Sequence[port.Abroad]:
        """Claims in squads of other units with the newest word about each, by person."""
        word = _newest_words()
        home = c.membership.c.home_unit_id
        query = (
            sa.select(
                c.claim.c.person_id,
                c.output.c.title,
                c.squad.c.name.label("squad_name"),
                a.unit.c.name.label("host_unit"),
                sa.func.coalesce(word.c.share_bp, c.claim.c.claimed_bp).label("share_bp"),
                word.c.attester_id,
            )
            .distinct()
            .join(c.output, c.output.c.id == c.claim.c.output_id)
            .join(c.squad, c.squad.c.id == c.output.c.squad_id)
            .join(a.unit, a.unit.c.id == c.squad.c.host_unit_id)
            .join(c.membership, _member_of_claim())
            .outerjoin(word, sa.and_(word.c.claim_id == c.claim.c.id, word.c.place == 1))
            .where(c.claim.c.person_id.in_(people), c.output.c.cycle_id == cycle_id)
            .where(home != c.squad.c.host_unit_id)
            .order_by(c.claim.c.person_id, c.squad.c.name, c.output.c.title)
        )
        return [port.Abroad(**row) for row in self._connection.execute(query).mappings()]

    def disputed(self, people: Collection[str], cycle_id: str) -> Mapping[str, int]:
        """Open disputes on outputs in which each has a claim."""
        held = c.claim.c
        query = (
            sa.select(held.person_id, sa.func.count(sa.distinct(c.dispute.c.id)))
            .join(c.dispute, c.dispute.c.output_id == held.output_id)
            .join(c.output, c.output.c.id == held.output_id)
            .where(held.person_id.in_(people), c.output.c.cycle_id == cycle_id)
            .where(c.dispute.c.state != DisputeState.RESOLVED)
            .group_by(held.person_id)
        )
        return dict(self._connection.execute(query).all())

    def met(self, people: Collection[str], cycle_id: str) -> Mapping[str, date]:
        """Day of each one's last check-in that took place."""
        held = check_in.c
        query = (
            sa.select(held.person_id, sa.func.max(held.held_on))
            .where(held.person_id.in_(people), held.cycle_id == cycle_id)
            .where(held.state.in_(_MET), held.held_on.is_not(None))
            .group_by(held.person_id)
        )
        return dict(self._connection.execute(query).all())

    def memberships(
        self, people: Collection[str], starts_on: date, ends_on: date
    ) -> Mapping[str, Sequence[tuple[Membership, Squad]]]:
        """Squads of each in a time, by the squad's code."""
        held = c.membership.c
        query = (
            sa.select(*_named(Membership, c.membership, "m"), *_named(Squad, c.squad, "s"))
            .join(c.squad, c.squad.c.id == held.squad_id)
            .where(held.person_id.in_(people), held.valid_from <= ends_on)
            .where(c.squad.c.ends_on >= starts_on)
            .where(sa.or_(held.valid_to.is_(None), held.valid_to > starts_on))
            .order_by(held.person_id, c.squad.c.code, held.id)
        )
        pairs = [
            (Membership(**_part(row, "m")), Squad(**_part(row, "s")))
            for row in self._connection.execute(query).mappings()
        ]
        by_person = groupby(pairs, key=lambda pair: pair[0].person_id)
        return {person: tuple(rows) for person, rows in by_person}

    def home_times(self, people: Collection[str]) -> Mapping[str, Sequence[HomeTime]]:
        """Home time by each membership's newest answer, the newest answer last."""
        said = membership_signature.c
        later = membership_signature.alias("later")
        query = (
            sa.select(c.membership.c.person_id, said.membership_id, said.home_effort_bp)
            .join(c.membership, c.membership.c.id == said.membership_id)
            .where(c.membership.c.person_id.in_(people))
            .where(
                ~sa.exists().where(
                    later.c.membership_id == said.membership_id, later.c.round > said.round
                )
            )
            .order_by(c.membership.c.person_id, said.at, said.id)
        )
        rows = self._connection.execute(query).all()
        by_person = groupby(rows, key=lambda row: row.person_id)
        return {
            person: tuple(
                HomeTime(membership_id=row.membership_id, home_effort_bp=row.home_effort_bp)
                for row in group
            )
            for person, group in by_person
        }

    def late(self, people: Collection[str], now: datetime) -> Mapping[str, int]:
        """Open tasks of each that are past their due date."""
        held = user_task.c
        query = (
            sa.select(held.assignee, sa.func.count())
            .where(IS_OPEN, held.assignee.in_(people), held.sort_at < now)
            .group_by(held.assignee)
        )
        return dict(self._connection.execute(query).all())

    def errands(self, readers: Collection[str], people: Collection[str]) -> Sequence[port.Errand]:
        """Open tasks assigned to one of the readers about the people, earliest due first."""
        held = user_task.c
        query = (
            sa.select(*errand_columns(ABOUT))
            .join(process_instance, process_instance.c.key == held.root_key)
            .where(IS_OPEN, held.assignee.in_(readers), ABOUT.in_(people))
            .order_by(held.sort_at, held.key)
        )
        return [port.Errand(**row) for row in self._connection.execute(query).mappings()]


def _newest_plans(people: Collection[str], cycle_id: str) -> sa.Subquery:
    held = p.plan.c
    fixed_first = sa.case((held.status == PlanStatus.FIXED, 0), else_=1)
    place = sa.func.row_number().over(
        partition_by=held.person_id, order_by=(fixed_first, held.version.desc())
    )
    return (
        sa.select(held.id, held.person_id, held.status, held.home_effort_bp, place.label("place"))
        .where(held.person_id.in_(people), held.cycle_id == cycle_id)
        .where(held.status != PlanStatus.DROPPED)
        .subquery("newest")
    )


def _pieces(people: Collection[str], cycle_id: str) -> sa.Subquery:
    """Evidence of each person's work in the cycle that was not rejected."""
    every = proving(cycle_id).subquery("every")
    return (
        sa.select(every.c.owner_id, sa.func.count(sa.distinct(every.c.id)).label("evidence"))
        .where(every.c.owner_id.in_(people), every.c.status != EvidenceStatus.REJECTED)
        .group_by(every.c.owner_id)
        .subquery("pieces")
    )


def _newest_words() -> sa.Subquery:
    held = c.attestation.c
    place = sa.func.row_number().over(
        partition_by=held.claim_id, order_by=(held.at.desc(), held.id.desc())
    )
    return (
        sa.select(held.claim_id, held.attester_id, held.share_bp, place.label("place"))
        .where(held.decision != AttestDecision.RETURN)
        .subquery("word")
    )


def _member_of_claim() -> sa.ColumnElement[bool]:
    return sa.and_(
        c.membership.c.squad_id == c.output.c.squad_id,
        c.membership.c.person_id == c.claim.c.person_id,
    )


def _named(kind: type[Any], table: sa.Table, prefix: str) -> list[sa.Label[Any]]:
    return [column.label(f"{prefix}_{column.name}") for column in columns_of(kind, table)]


def _part(row: sa.RowMapping, prefix: str) -> dict[str, Any]:
    kind = {"m": Membership, "s": Squad}[prefix]
    return {field.name: row[f"{prefix}_{field.name}"] for field in fields(kind)}

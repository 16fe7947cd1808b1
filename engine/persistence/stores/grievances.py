"""How people spoke up, read from the acts themselves; and the acts that are guarded after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.protection import Grievance, GrievanceKind, RecordedLowering
from engine.domain.squads import Acceptance, Consent, SquadRole
from engine.persistence.stores.entities import Entities
from engine.persistence.stores.feedback import spoken_upward
from engine.persistence.tables import agency as a
from engine.persistence.tables import assurance as t
from engine.persistence.tables import contributions as c
from engine.persistence.tables import performance as p
from engine.usecases.ports.assurance import GuardedAct

if TYPE_CHECKING:
    from collections.abc import Sequence

_HELD: Final = t.lowering_act.c


class SqlGrievances:
    """The part of `AssuranceStore` that crediting.md 0.10 asks."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._lowering = Entities(connection, {RecordedLowering: t.lowering_act})

    def grievances(self, person_id: str, about: Sequence[str]) -> Sequence[Grievance]:
        """How a person spoke up about any of these people, oldest first."""
        spoken = _spoken().subquery("spoken")
        query = (
            sa.select(spoken)
            .where(spoken.c.person_id == person_id, spoken.c.about_id.in_(about))
            .order_by(spoken.c.at, spoken.c.kind)
        )
        return [
            Grievance(**{**row, "kind": GrievanceKind(row["kind"])})
            for row in self._connection.execute(query).mappings()
        ]

    def lowering_acts(self, person_id: str, by: Sequence[str]) -> Sequence[RecordedLowering]:
        """Acts of these people, or in their place, that lowered something of a person."""
        query = (
            sa.select(t.lowering_act)
            .where(_HELD.person_id == person_id)
            .where(sa.or_(_HELD.actor_id.in_(by), _HELD.on_behalf_of.in_(by)))
            .order_by(_HELD.at, _HELD.id)
        )
        return self._lowering.all(RecordedLowering, query)

    def guarded_acts(self, agency_id: str) -> Sequence[GuardedAct]:
        """Guarded acts about people of an agency, newest first."""
        person, actor, second = (a.person.alias(name) for name in ("about", "actor", "second"))
        query = (
            sa.select(
                *(_HELD[name] for name in ("id", "at", "kind", "subject_id", "actor_id")),
                actor.c.name.label("actor_name"),
                *(_HELD[name] for name in ("on_behalf_of", "person_id")),
                person.c.name.label("person_name"),
                _HELD.second_id,
                second.c.name.label("second_name"),
            )
            .join(person, person.c.id == _HELD.person_id)
            .join(actor, actor.c.id == _HELD.actor_id)
            .join(second, second.c.id == _HELD.second_id)
            .where(_HELD.guarded, person.c.agency_id == agency_id)
            .order_by(_HELD.at.desc(), _HELD.id.desc())
        )
        return [GuardedAct(**row) for row in self._connection.execute(query).mappings()]


def _spoken() -> sa.CompoundSelect[Any]:
    """Every grievance as (person_id, about_id, kind, at)."""
    return sa.union(
        *(_disputes(name) for name in ("attester_id", "on_behalf_of", "cosigner_id")),
        *(_objections(name) for name in ("rater_id", "on_behalf_of")),
        *_refusals(),
        *spoken_upward(),
    )


def _disputes(signer: str) -> sa.Select[Any]:
    """A dispute speaks of who had signed the line, in whatever place."""
    about = c.attestation.c[signer]
    return (
        _row(c.dispute.c.raised_by, about, GrievanceKind.DISPUTE, c.dispute.c.raised_at)
        .join(c.attestation, c.attestation.c.claim_id == c.dispute.c.claim_id)
        .where(about.is_not(None), c.attestation.c.at <= c.dispute.c.raised_at)
    )


def _objections(rater: str) -> sa.Select[Any]:
    about, held = p.rating.c[rater], p.objection.c
    return (
        _row(held.raised_by, about, GrievanceKind.OBJECTION, held.raised_at)
        .join(p.rating, p.rating.c.id == held.rating_id)
        .where(about.is_not(None))
    )


def _refusals() -> tuple[sa.Select[Any], ...]:
    """A member who says it is too much, or a home that refuses, speaks of sponsor and ketua."""
    lead = c.membership.alias("lead")
    held = c.membership.c
    said = (
        (held.person_id, held.accepted_at, held.acceptance == Acceptance.OVERLOAD),
        (held.consent_by, held.consent_at, held.consent == Consent.REFUSED),
    )
    found: list[sa.Select[Any]] = []
    for who, when, spoke in said:
        base = (spoke, who.is_not(None), when.is_not(None))
        found += [
            _row(who, c.squad.c.sponsor_id, GrievanceKind.REFUSAL, when)
            .join(c.squad, c.squad.c.id == held.squad_id)
            .where(*base, c.squad.c.sponsor_id != who),
            _row(who, lead.c.person_id, GrievanceKind.REFUSAL, when)
            .join(lead, lead.c.squad_id == held.squad_id)
            .where(*base, lead.c.role == SquadRole.KETUA, lead.c.person_id != who),
        ]
    return tuple(found)


def _row(
    person: sa.ColumnElement[Any],
    about: sa.ColumnElement[Any],
    kind: GrievanceKind,
    at: sa.ColumnElement[Any],
) -> sa.Select[Any]:
    return sa.select(
        person.label("person_id"),
        about.label("about_id"),
        sa.literal(kind.value).label("kind"),
        at.label("at"),
    ).select_from(person.table)

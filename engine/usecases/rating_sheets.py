"""Everything that belongs to one version of a rating, its digest, and who may act on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from engine.domain.cycles import Cycle
from engine.domain.errors import NobodyFound
from engine.domain.impartial import Act, barred, next_impartial
from engine.domain.judging import DeviationKind, recommender
from engine.domain.organisation import Official
from engine.domain.signing import digest
from engine.domain.squads import SquadRole
from engine.domain.units import Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.domain.index import IndexLine
    from engine.domain.judging import BehaviourMark, Deviation, RoleJudgement
    from engine.domain.ratings import Rating
    from engine.domain.signing import Signature
    from engine.domain.squads import Membership, Squad
    from engine.usecases.organisation import Standing
    from engine.usecases.ports.time import Ids
    from engine.usecases.ports.work import UnitOfWork


#: the role of the home post in an index; segments of it are "home:<segment>"
HOME: Final = "home"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One version of a rating with what stands under it."""

    rating: Rating
    roles: tuple[RoleJudgement, ...]
    marks: tuple[BehaviourMark, ...]
    #: of this version and those before it
    deviations: tuple[Deviation, ...]
    signatures: tuple[Signature, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of what is signed; a reason for the unit's distribution is not part of it."""
        own = [row for row in self.deviations if row.kind is not DeviationKind.DISTRIBUTION]
        return digest(self.rating, self.roles, self.marks, own)


def sheet(uow: UnitOfWork, rating: Rating) -> Sheet:
    """The sheet of a version."""
    store = uow.judging
    known = {
        row.id
        for row in store.versions(rating.person_id, rating.cycle_id)
        if row.version <= rating.version
    }
    about = store.deviations_about(rating.person_id, rating.cycle_id)
    return Sheet(
        rating=rating,
        roles=tuple(store.role_judgements(rating.id)),
        marks=tuple(store.marks(rating.id)),
        deviations=tuple(row for row in about if row.rating_id in known),
        signatures=tuple(store.signatures(rating.id)),
    )


def next_version(uow: UnitOfWork, ids: Ids, before: Rating, after: Rating) -> Rating:
    """Keep a rating as the version after another, with the same judgements of roles and conduct."""
    made = replace(after, id=ids.uuid(), version=before.version + 1)
    uow.performance.add([made])
    uow.judging.add(
        [
            replace(row, id=ids.uuid(), rating_id=made.id)
            for row in uow.judging.role_judgements(before.id)
        ]
    )
    uow.judging.add([replace(row, rating_id=made.id) for row in uow.judging.marks(before.id)])
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleSeen:
    """A role of a rated person; without a line while nothing of it can be counted."""

    role: str
    name: str
    line: IndexLine | None = None


def roles_of(uow: UnitOfWork, rating: Rating) -> list[RoleSeen]:
    """Every role of the person in the cycle: those of the index, then those without figures."""
    found = [RoleSeen(role=line.role, name=line.name, line=line) for line in rating.index_lines]
    known = {one.role for one in found}
    if not any(role == HOME or role.startswith(f"{HOME}:") for role in known):
        found.insert(0, RoleSeen(role=HOME, name="Jabatan"))
    cycle = uow.performance.get(Cycle, rating.cycle_id)
    if cycle is None:
        return found
    held = uow.contributions.memberships_of(rating.person_id, cycle.starts_on, cycle.ends_on)
    found += [RoleSeen(role=row.id, name=squad.name) for row, squad in held if row.id not in known]
    return found


def asked(
    standing: Standing, person_id: str, cycle: Cycle, rater_id: str | None
) -> list[tuple[Membership, Official]]:
    """Who recommends a level for each squad role of a person; roles with nobody left out."""
    found = []
    for row, squad in standing.uow.contributions.memberships_of(
        person_id, cycle.starts_on, cycle.ends_on
    ):
        holder = recommender_of(standing, row, squad, rater_id)
        if holder is not None:
            found.append((row, holder))
    return found


def recommender_of(
    standing: Standing, row: Membership, squad: Squad, rater_id: str | None
) -> Official | None:
    """The ketua of the role's days, else the sponsor; never the person, nor his rater."""
    lead = standing.lead(squad)
    if lead is not None and lead.role is not SquadRole.KETUA:
        lead = None
    holders = (
        Official(person_id=lead.person_id) if lead else None,
        Official(person_id=squad.sponsor_id),
    )
    return recommender(person_id=row.person_id, rater_id=rater_id, holders=holders)


def countersigner(standing: Standing, rating: Rating) -> Official | None:
    """The next superior who neither rated nor moved it; None where the line ends."""
    acts = (
        [Act(actor_id=rating.rater_id, on_behalf_of=rating.on_behalf_of)] if rating.rater_id else []
    )
    acts += [
        Act(actor_id=move.moved_by, on_behalf_of=move.on_behalf_of)
        for move in standing.uow.judging.moves_of(rating.person_id, rating.cycle_id)
    ]
    chain = standing.superiors(rating.person_id)
    return next_impartial(chain, barred((rating.person_id,), acts), _away(standing, chain))


def authority(standing: Standing, rating: Rating) -> Official:
    """Pejabat yang Berwenang for a late objection: the highest in the line who is impartial.

    Raises NobodyFound where nobody in the line is.
    """
    case = standing.objection_case(rating)
    no = barred((case.employee_id,), case.acts, case.subordinates)
    found = next_impartial(tuple(reversed(case.above_rater)), no, case.substitutes)
    if found is None:
        raise NobodyFound("decide_objection", rating.id)
    return found


def session_leader(standing: Standing, unit_id: str) -> Official | None:
    """The leader above a unit; at the top, its head. None where no unit above has a head."""
    unit = standing.uow.agency.get(Unit, unit_id)
    while unit is not None:
        head = standing.head(unit.id)
        if head is not None:
            return standing.rater(head.on_behalf_of or head.person_id) or head
        unit = standing.uow.agency.get(Unit, unit.parent_id) if unit.parent_id else None
    return None


def chain_of(standing: Standing, person_id: str) -> frozenset[str]:
    """His rater and everybody above, under every name they act in."""
    found: set[str] = set()
    rater = standing.rater(person_id)
    for official in (*standing.superiors(person_id), *((rater,) if rater else ())):
        found.add(official.on_behalf_of or official.person_id)
        found.add(official.person_id)
    return frozenset(found - {person_id})


def _away(standing: Standing, chain: Sequence[Official]) -> dict[str, str]:
    found = {one.person_id: standing.substitute(one.person_id) for one in chain}
    return {person: by for person, by in found.items() if by is not None}

"""Squads, memberships, outputs, claims, attestations, disputes on SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.claims import Attestation, AttestDecision, Claim, Evidence
from engine.domain.disputes import Dispute, Hearing
from engine.domain.outputs import Output, ShareLine, SharePlan
from engine.domain.squads import Membership, Squad, SquadRole
from engine.persistence.stores.claim_views import SqlClaimViews
from engine.persistence.stores.entities import Entities
from engine.persistence.stores.ledger import SqlLedger
from engine.persistence.tables import contributions as t
from engine.usecases.ports.contributions import Companion

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from engine.usecases.ports.contributions import ContributionEntity, ContributionKept

TABLES: Final = {
    Squad: t.squad,
    Membership: t.membership,
    Output: t.output,
    SharePlan: t.share_plan,
    ShareLine: t.share_line,
    Claim: t.claim,
    Evidence: t.evidence,
    Attestation: t.attestation,
    Dispute: t.dispute,
    Hearing: t.hearing,
}


class SqlContributionStore(SqlClaimViews, SqlLedger):
    """`ContributionStore` on a connection; lists and ledger stand in rooms of their own."""

    def __init__(self, connection: sa.Connection) -> None:
        super().__init__(connection)
        self._rows = Entities(connection, TABLES)

    def add(self, rows: Sequence[ContributionEntity]) -> None:
        """Insert rows, parents before children."""
        self._rows.add(rows)

    def put(self, row: ContributionKept) -> None:
        """Write all fields of a row that exists."""
        self._rows.put(row)

    def get(self, kind: type[ContributionKept], row_id: str) -> ContributionKept | None:
        """A row by id."""
        return self._rows.get(kind, row_id)

    def lock_output(self, output_id: str) -> Output | None:
        """An output, locked for this transaction."""
        query = sa.select(t.output).where(t.output.c.id == output_id).with_for_update()
        return self._rows.first(Output, query)

    def squad_by_code(self, agency_id: str, code: str) -> Squad | None:
        """A squad by host agency and code."""
        held = t.squad.c
        query = sa.select(t.squad).where(held.host_agency_id == agency_id, held.code == code)
        return self._rows.first(Squad, query)

    def squads(self, agency_id: str) -> Sequence[Squad]:
        """Squads hosted by an agency, or with members of it, by code."""
        lends = sa.exists().where(
            t.membership.c.squad_id == t.squad.c.id, t.membership.c.home_agency_id == agency_id
        )
        query = (
            sa.select(t.squad)
            .where(sa.or_(t.squad.c.host_agency_id == agency_id, lends))
            .order_by(t.squad.c.code, t.squad.c.id)
        )
        return self._rows.all(Squad, query)

    def squad_names(self, squad_ids: Collection[str]) -> Mapping[str, str]:
        """Names by squad id."""
        query = sa.select(t.squad.c.id, t.squad.c.name).where(t.squad.c.id.in_(squad_ids))
        return {row.id: row.name for row in self._connection.execute(query)} if squad_ids else {}

    def members(self, squad_id: str, on: date | None = None) -> Sequence[Membership]:
        """Members of a squad (on a day): the ketua first, then by id."""
        held = t.membership.c
        query = sa.select(t.membership).where(held.squad_id == squad_id)
        if on is not None:
            query = query.where(held.valid_from <= on).where(
                sa.or_(held.valid_to.is_(None), held.valid_to > on)
            )
        order = sa.case((held.role == SquadRole.KETUA, 0), else_=1)
        return self._rows.all(Membership, query.order_by(order, held.id))

    def companions(
        self, people: Collection[str], starts_on: date, ends_on: date
    ) -> Sequence[Companion]:
        """Everybody in the squads of people in a time, with their sponsors: one statement."""
        mine, other = t.membership.alias("mine"), t.membership.alias("other")
        query = (
            sa.select(
                mine.c.person_id,
                t.squad.c.id.label("squad_id"),
                t.squad.c.name.label("squad_name"),
                t.squad.c.sponsor_id,
                other.c.person_id.label("companion_id"),
                other.c.role,
            )
            .join_from(mine, t.squad, t.squad.c.id == mine.c.squad_id)
            .join(other, other.c.squad_id == mine.c.squad_id)
            .where(mine.c.person_id.in_(people), mine.c.valid_from <= ends_on)
            .where(t.squad.c.ends_on >= starts_on)
            .where(sa.or_(mine.c.valid_to.is_(None), mine.c.valid_to > starts_on))
            .distinct()
        )
        return [Companion(**row) for row in self._connection.execute(query).mappings()]

    def memberships_of(
        self, person_id: str, starts_on: date, ends_on: date
    ) -> Sequence[tuple[Membership, Squad]]:
        """Squads of a person in a time, by the squad's code."""
        held = t.membership.c
        mine = (
            sa.select(t.membership, t.squad)
            .join(t.squad, t.squad.c.id == held.squad_id)
            .where(held.person_id == person_id, held.valid_from <= ends_on)
            .where(t.squad.c.ends_on >= starts_on)
            .where(sa.or_(held.valid_to.is_(None), held.valid_to > starts_on))
            .order_by(t.squad.c.code, held.id)
        )
        names, there = list(held.keys()), len(held)
        return [
            (
                Membership(**dict(zip(names, row[:there], strict=True))),
                Squad(**dict(zip(t.squad.c.keys(), row[there:], strict=True))),
            )
            for row in self._connection.execute(mine)
        ]

    def outputs(self, cycle_id: str, squad_id: str | None = None) -> Sequence[Output]:
        """Outputs of a cycle (of one squad), by squad and number."""
        query = sa.select(t.output).where(t.output.c.cycle_id == cycle_id)
        if squad_id is not None:
            query = query.where(t.output.c.squad_id == squad_id)
        query = query.join(t.squad, t.squad.c.id == t.output.c.squad_id)
        return self._rows.all(Output, query.order_by(t.squad.c.code, t.output.c.number))

    def share_plan(self, output_id: str) -> SharePlan | None:
        """The newest version of the expected shares."""
        held = t.share_plan.c
        query = (
            sa.select(t.share_plan).where(held.output_id == output_id).order_by(held.version.desc())
        )
        return self._rows.first(SharePlan, query)

    def share_lines(self, output_id: str) -> Sequence[ShareLine]:
        """Lines of the newest version, by membership id."""
        newest = self.share_plan(output_id)
        if newest is None:
            return []
        held = t.share_line.c
        query = (
            sa.select(t.share_line)
            .where(held.share_plan_id == newest.id)
            .order_by(held.membership_id)
        )
        return self._rows.all(ShareLine, query)

    def claims(self, output_id: str) -> Sequence[Claim]:
        """Every member's claim, by person."""
        held = t.claim.c
        query = sa.select(t.claim).where(held.output_id == output_id).order_by(held.person_id)
        return self._rows.all(Claim, query)

    def claim_of(self, output_id: str, person_id: str) -> Claim | None:
        """A member's claim."""
        held = t.claim.c
        query = sa.select(t.claim).where(held.output_id == output_id, held.person_id == person_id)
        return self._rows.first(Claim, query)

    def evidence(self, *, claim_id: str = "", plan_item_id: str = "") -> Sequence[Evidence]:
        """Evidence of a claim or of a planned result, oldest first."""
        held = t.evidence.c
        which = held.claim_id == claim_id if claim_id else held.plan_item_id == plan_item_id
        query = sa.select(t.evidence).where(which).order_by(held.at, held.id)
        return self._rows.all(Evidence, query)

    def attestations(self, output_id: str) -> Sequence[Attestation]:
        """All acts of attestation on an output, oldest first."""
        query = (
            sa.select(t.attestation)
            .join(t.claim, t.claim.c.id == t.attestation.c.claim_id)
            .where(t.claim.c.output_id == output_id)
            .order_by(t.attestation.c.at, t.attestation.c.id)
        )
        return self._rows.all(Attestation, query)

    def attesters_of(self, person_id: str, cycle_id: str) -> frozenset[str]:
        """Who attested or co-signed lines of a person in a cycle, both names of a substitute."""
        held = t.attestation.c
        query = (
            sa.select(held.attester_id, held.on_behalf_of, held.cosigner_id)
            .join(t.claim, t.claim.c.id == held.claim_id)
            .join(t.output, t.output.c.id == t.claim.c.output_id)
            .where(t.claim.c.person_id == person_id, t.output.c.cycle_id == cycle_id)
            .where(held.decision != AttestDecision.RETURN)
        )
        rows: list[Any] = [name for row in self._connection.execute(query) for name in row]
        return frozenset(name for name in rows if name is not None)

    def disputes(self, output_id: str) -> Sequence[Dispute]:
        """Disputes of an output, oldest first."""
        held = t.dispute.c
        query = (
            sa.select(t.dispute)
            .where(held.output_id == output_id)
            .order_by(held.raised_at, held.id)
        )
        return self._rows.all(Dispute, query)

    def hearings(self, dispute_id: str) -> Sequence[Hearing]:
        """What the parties said, oldest first."""
        held = t.hearing.c
        query = (
            sa.select(t.hearing)
            .where(held.dispute_id == dispute_id)
            .order_by(held.at, held.person_id)
        )
        return self._rows.all(Hearing, query)

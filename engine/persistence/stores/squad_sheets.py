"""One squad's page on SQL: people, steps, outputs in figures, versions of shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.claims import ClaimState
from engine.domain.disputes import DisputeState
from engine.domain.joining import ConsentDecision, HeadSignature, ShareReply, Signature
from engine.domain.ledger import COLLECTIVE, POOL, LineClass, TransferCode
from engine.domain.outputs import SharePlan
from engine.domain.people import Person
from engine.domain.squads import Consent, Membership, Squad, SquadRole
from engine.persistence.stores.entities import Entities
from engine.persistence.tables import contributions as t
from engine.persistence.tables import formation as f
from engine.persistence.tables.agency import agency, person, unit
from engine.persistence.tables.process import user_task
from engine.usecases.ports.squad_room import (
    OpenStep,
    OutputRow,
    RosterRow,
    ShareVersion,
    VersionLine,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.persistence.stores.transaction import Transaction

TABLES: Final = {
    Membership: t.membership,
    Squad: t.squad,
    Person: person,
    SharePlan: t.share_plan,
    ShareReply: f.share_reply,
    Signature: f.membership_signature,
    ConsentDecision: f.consent_decision,
    HeadSignature: f.head_signature,
}
_O, _M, _T = t.output.c, t.membership.c, user_task.c
_OPEN: Final = sa.text("user_task.state = 'created'")
#: states of a claim whose share counts as claimed
_UNHANDED: Final = (ClaimState.DRAFT, ClaimState.RETURNED, ClaimState.WITHDRAWN, ClaimState.LAPSED)


class SqlSquadSheets:
    """The part of `SquadRoom` that is about one squad."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._rows = Entities(tx.connection, TABLES)

    def roster(self, squad_id: str) -> Sequence[RosterRow]:
        """All memberships of a squad with names: the ketua first, then by first day and name."""
        said = person.alias("said")
        order = sa.case((_M.role == SquadRole.KETUA, 0), else_=1)
        query = (
            sa.select(
                t.membership,
                person.c.name.label("named"),
                person.c.nip,
                unit.c.name.label("home"),
                agency.c.name.label("from_agency"),
                said.c.name.label("by_name"),
            )
            .join(person, person.c.id == _M.person_id)
            .join(unit, unit.c.id == _M.home_unit_id)
            .join(agency, agency.c.id == _M.home_agency_id)
            .outerjoin(said, said.c.id == _M.consent_by)
            .where(_M.squad_id == squad_id)
            .order_by(order, _M.valid_from, person.c.name, _M.id)
        )
        names = [column.name for column in t.membership.columns]
        return [
            RosterRow(
                membership=Membership(**{name: row[name] for name in names}),
                name=row["named"],
                nip=row["nip"],
                home_unit=row["home"],
                home_agency=row["from_agency"],
                consent_by=row["by_name"],
            )
            for row in self._tx.execute(query).mappings()
        ]

    def open_steps(self, squad_id: str, limit: int = 100) -> Sequence[OpenStep]:
        """Open tasks about a squad or its outputs, the earliest due first."""
        about = person.alias("about")
        outputs = sa.select(_O.id).where(_O.squad_id == squad_id)
        query = (
            sa.select(
                _T.key.label("task_key"),
                _T.process_id,
                _T.element_id,
                _T.name,
                _T.subject,
                _T.assignee,
                person.c.name.label("holder"),
                about.c.name.label("about"),
                _T.output_id,
                _T.due_at,
            )
            .select_from(user_task)
            .outerjoin(person, person.c.id == _T.assignee)
            .outerjoin(about, about.c.id == _T.about_id)
            .where(_OPEN, sa.or_(_T.squad_id == squad_id, _T.output_id.in_(outputs)))
            .order_by(_T.sort_at, _T.key)
            .limit(limit)
        )
        return [OpenStep(**row) for row in self._tx.execute(query).mappings()]

    def output_rows(self, squad_id: str, cycle_id: str) -> Sequence[OutputRow]:
        """Outputs of a squad in a cycle by number."""
        query = (
            sa.select(*_figures())
            .where(_O.squad_id == squad_id, _O.cycle_id == cycle_id)
            .order_by(_O.number, _O.id)
        )
        return [OutputRow(**row) for row in self._tx.execute(query).mappings()]

    def share_versions(self, output_id: str) -> Sequence[ShareVersion]:
        """Versions of an output's expected shares, the newest first."""
        plan = t.share_plan.c
        return self._versions(
            sa.select(t.share_plan).where(plan.output_id == output_id).order_by(plan.version.desc())
        )

    def newest_shares(self, squad_id: str, cycle_id: str) -> Mapping[str, ShareVersion]:
        """The newest version of each output of a squad, by output."""
        plan, later = t.share_plan.c, t.share_plan.alias("later")
        query = (
            sa.select(t.share_plan)
            .join(t.output, _O.id == plan.output_id)
            .where(_O.squad_id == squad_id, _O.cycle_id == cycle_id)
            .where(
                ~sa.exists().where(
                    later.c.output_id == plan.output_id, later.c.version > plan.version
                )
            )
            .order_by(_O.number)
        )
        return {one.plan.output_id: one for one in self._versions(query)}

    def signed(self, squad_id: str) -> Sequence[Signature]:
        """What the members of a squad signed, oldest first."""
        return self._of_members(Signature, f.membership_signature, squad_id)

    def consents(self, squad_id: str) -> Sequence[ConsentDecision]:
        """Decisions on lending its members, oldest first."""
        return self._of_members(ConsentDecision, f.consent_decision, squad_id)

    def loads_signed(self, squad_id: str) -> Sequence[HeadSignature]:
        """What unit heads said to the load of its members, oldest first."""
        return self._of_members(HeadSignature, f.head_signature, squad_id)

    def asked_for(
        self, agency_id: str, on: date, limit: int = 200
    ) -> Sequence[tuple[Membership, Squad, Person]]:
        """People of an agency whose home has not answered a squad that still runs."""
        tables = {"m": t.membership, "s": t.squad, "p": person}
        columns = [c.label(f"{key}_{c.name}") for key, table in tables.items() for c in table.c]
        query = (
            sa.select(*columns)
            .select_from(t.membership)
            .join(t.squad, t.squad.c.id == _M.squad_id)
            .join(person, person.c.id == _M.person_id)
            .where(_M.home_agency_id == agency_id, _M.consent == Consent.PENDING)
            .where(t.squad.c.ends_on >= on)
            .order_by(_M.valid_from, _M.id)
            .limit(limit)
        )
        return [
            (
                Membership(**_part(row, "m", t.membership)),
                Squad(**_part(row, "s", t.squad)),
                Person(**_part(row, "p", person)),
            )
            for row in self._tx.execute(query).mappings()
        ]

    def _of_members(self, kind: type[Any], table: sa.Table, squad_id: str) -> list[Any]:
        query = (
            sa.select(table)
            .join(t.membership, _M.id == table.c.membership_id)
            .where(_M.squad_id == squad_id)
            .order_by(table.c.at, table.c.id)
        )
        return self._rows.all(kind, query)

    def _versions(self, query: sa.Select[Any]) -> list[ShareVersion]:
        plans = self._rows.all(SharePlan, query)
        ids = [plan.id for plan in plans]
        line, reply = t.share_line.c, f.share_reply.c
        named = (
            sa.select(line.share_plan_id, line.person_id, person.c.name, line.expected_bp)
            .join(person, person.c.id == line.person_id)
            .where(line.share_plan_id.in_(ids))
            .order_by(line.membership_id)
        )
        lines: dict[str, list[VersionLine]] = {}
        for row in self._tx.execute(named):
            lines.setdefault(row.share_plan_id, []).append(
                VersionLine(person_id=row.person_id, name=row.name, expected_bp=row.expected_bp)
            )
        said = sa.select(f.share_reply).where(reply.share_plan_id.in_(ids))
        replies: dict[str, list[ShareReply]] = {}
        for one in self._rows.all(ShareReply, said.order_by(reply.at, reply.id)):
            replies.setdefault(one.share_plan_id, []).append(one)
        return [
            ShareVersion(
                plan=plan,
                lines=tuple(lines.get(plan.id, ())),
                replies=tuple(replies.get(plan.id, ())),
            )
            for plan in plans
        ]


def _part(row: sa.RowMapping, key: str, table: sa.Table) -> dict[str, Any]:
    return {column.name: row[f"{key}_{column.name}"] for column in table.c}


def _figures() -> list[Any]:
    line, plan, later = t.share_line.c, t.share_plan.c, t.share_plan.alias("later")
    expected = (
        sa.select(sa.func.sum(line.expected_bp))
        .join(t.share_plan, plan.id == line.share_plan_id)
        .where(plan.output_id == _O.id)
        .where(
            ~sa.exists().where(later.c.output_id == plan.output_id, later.c.version > plan.version)
        )
    )
    claim = t.claim.c
    claimed = sa.select(sa.func.sum(claim.claimed_bp)).where(
        claim.output_id == _O.id, claim.state.not_in(_UNHANDED)
    )
    claiming = _T.element_id.in_(("claim_early", "claim"))
    asked = (
        sa.select(sa.func.count())
        .select_from(user_task)
        .where(_OPEN, claiming, _T.output_id == _O.id)
    )
    contested = (
        sa.select(sa.func.count())
        .select_from(t.dispute)
        .where(t.dispute.c.output_id == _O.id, t.dispute.c.state != DisputeState.RESOLVED)
    )
    held = t.transfer.c
    together = held.person_id.is_(None) & (held.code != TransferCode.OPEN)
    return [
        _O.id.label("output_id"),
        _O.number,
        _O.title,
        _O.status,
        _O.value_points,
        _O.due_on,
        _O.attainment,
        _sum(expected, "expected_bp"),
        _sum(claimed, "claimed_bp"),
        _moved(held.person_id.is_not(None), "credited_bp"),
        _moved(together & _touches(COLLECTIVE), "collective_bp"),
        _moved(_touches(POOL), "pool_bp", into=POOL),
        _sum(asked, "unclaimed"),
        _sum(contested, "disputes"),
    ]


def _touches(account: str) -> sa.ColumnElement[bool]:
    held = t.transfer.c
    return sa.or_(held.credit_account == account, held.debit_account == account)


def _moved(which: sa.ColumnElement[bool], name: str, into: str | None = None) -> Any:
    """PRIMARY basis points that reached accounts by way of POOL, or POOL itself."""
    held = t.transfer.c
    toward = held.debit_account == POOL if into is None else held.credit_account == into
    change = sa.case((toward, held.amount_bp), else_=-held.amount_bp)
    query = sa.select(sa.func.sum(change)).where(
        held.output_id == _O.id, held.line_class == LineClass.PRIMARY, which
    )
    return _sum(query, name)


def _sum(query: sa.Select[Any], name: str) -> Any:
    total = query.correlate(t.output).scalar_subquery()
    return sa.cast(sa.func.coalesce(total, 0), sa.Integer).label(name)

"""Kinds of contribution, overlays, budgets, seals, corrections, certificates on SQL."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.budgets import BudgetUse, PointBudget
from engine.domain.calendar import Pause
from engine.domain.certificates import Certificate
from engine.domain.closing import PeriodSeal
from engine.domain.contribution_types import ContributionType
from engine.domain.corrections import (
    Correction,
    CorrectionHearing,
    CorrectionState,
    SnapshotFlag,
)
from engine.domain.ledger import LineClass, Transfer, TransferCode
from engine.domain.outputs import Output, OutputStatus
from engine.domain.overlays import OverlayCredit, OverlayState
from engine.domain.silences import Silence, Waiting
from engine.persistence.stores.credit_views import SqlCreditViews
from engine.persistence.stores.cycles import same_year
from engine.persistence.stores.entities import Entities, columns_of
from engine.persistence.tables import agency as a
from engine.persistence.tables import contributions as c
from engine.persistence.tables import crediting as t
from engine.persistence.tables import performance as p
from engine.usecases.ports.credits import CertificateRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from engine.usecases.ports.credits import CreditEntity, CreditKept

_ROW: Final = columns_of(Transfer, c.transfer)
TABLES: Final = {
    ContributionType: t.contribution_type,
    OverlayCredit: t.overlay_credit,
    PointBudget: t.point_budget,
    Silence: t.silence,
    PeriodSeal: t.period_seal,
    Correction: t.credit_correction,
    CorrectionHearing: t.correction_hearing,
    SnapshotFlag: t.snapshot_flag,
    Certificate: t.certificate,
    CertificateRow: t.certificate_row,
    Transfer: c.transfer,
    Output: c.output,
}
_OPEN: Final = (CorrectionState.ASKED, CorrectionState.POSTED)


class SqlCreditStore(SqlCreditViews):
    """`CreditStore` on a connection; sums over the ledger stand in `credit_views`."""

    def __init__(self, connection: sa.Connection) -> None:
        super().__init__(connection)
        self._rows = Entities(connection, TABLES)

    def add(self, rows: Sequence[CreditEntity | CertificateRow]) -> None:
        """Insert rows, parents before children."""
        self._rows.add(rows)

    def put(self, row: CreditKept) -> None:
        """Write all fields of a row that exists."""
        self._rows.put(row)

    def get(self, kind: type[CreditKept], row_id: str) -> CreditKept | None:
        """A row by id."""
        return self._rows.get(kind, row_id)

    def types(self, agency_id: str) -> Sequence[ContributionType]:
        """Shipped kinds and an agency's own."""
        held = t.contribution_type.c
        which = sa.or_(held.agency_id.is_(None), held.agency_id == agency_id)
        query = sa.select(t.contribution_type).where(which).order_by(held.position, held.id)
        return self._rows.all(ContributionType, query)

    def type_of(self, agency_id: str, code: str) -> ContributionType | None:
        """An agency's own row of a code."""
        held = t.contribution_type.c
        query = sa.select(t.contribution_type).where(held.agency_id == agency_id, held.code == code)
        return self._rows.first(ContributionType, query)

    def overlays(
        self, *, output_id: str = "", person_id: str = "", cycle_id: str = ""
    ) -> Sequence[OverlayCredit]:
        """Overlay credit of an output, or of a person (in a cycle), oldest first."""
        held = t.overlay_credit.c
        query = sa.select(t.overlay_credit).join(c.output, c.output.c.id == held.output_id)
        if output_id:
            query = query.where(held.output_id == output_id)
        if person_id:
            query = query.where(held.person_id == person_id)
        if cycle_id:
            query = query.where(c.output.c.cycle_id.in_(same_year(cycle_id)))
        return self._rows.all(OverlayCredit, query.order_by(held.proposed_at, held.id))

    def accepted_overlays(self, person_id: str, cycle_id: str) -> Sequence[OverlayCredit]:
        """What a person helped with beside his shares: evidence for Kolaboratif."""
        found = self.overlays(person_id=person_id, cycle_id=cycle_id)
        return [row for row in found if row.state is OverlayState.ACCEPTED]

    def budgets(self, squad_id: str) -> Sequence[PointBudget]:
        """A squad's budgets by period."""
        held = t.point_budget.c
        query = (
            sa.select(t.point_budget)
            .join(p.period, p.period.c.id == held.period_id)
            .where(held.squad_id == squad_id)
            .order_by(p.period.c.starts_on)
        )
        return self._rows.all(PointBudget, query)

    def budget_use(self, squad_id: str, cycle_id: str) -> Sequence[BudgetUse]:
        """Budget and what of it is used, for every period of a cycle, in order."""
        o, b, period = c.output.c, t.point_budget.c, p.period.c
        made = (
            sa.select(
                o.period_id,
                sa.func.sum(o.value_points).label("used"),
                sa.func.count().label("outputs"),
            )
            .where(o.squad_id == squad_id)
            .group_by(o.period_id)
            .subquery()
        )
        query = (
            sa.select(period.id, b.points, made.c.used, made.c.outputs)
            .select_from(p.period)
            .outerjoin(t.point_budget, sa.and_(b.period_id == period.id, b.squad_id == squad_id))
            .outerjoin(made, made.c.period_id == period.id)
            .where(period.cycle_id == cycle_id)
            .order_by(period.number)
        )
        return [
            BudgetUse(
                period_id=row.id,
                points=row.points,
                used_points=int(row.used or 0),
                outputs=int(row.outputs or 0),
            )
            for row in self._connection.execute(query)
        ]

    def silences(self, output_id: str, act: Waiting, subject_id: str = "") -> frozenset[str]:
        """Who let a clock of an output run out."""
        held = t.silence.c
        query = sa.select(held.person_id).where(
            held.output_id == output_id, held.act == act, held.subject_id == subject_id
        )
        return frozenset(self._connection.scalars(query))

    def silence_counts(self, cycle_id: str) -> Sequence[tuple[str, str, int]]:
        """(person, act, how often) in a cycle, most first."""
        held, many = t.silence.c, sa.func.count().label("many")
        query = (
            sa.select(held.person_id, sa.cast(held.act, sa.Text).label("act"), many)
            .join(c.output, c.output.c.id == held.output_id)
            .where(c.output.c.cycle_id == cycle_id)
            .group_by(held.person_id, held.act)
            .order_by(many.desc(), held.person_id, held.act)
        )
        return [(row.person_id, row.act, int(row.many)) for row in self._connection.execute(query)]

    def posted_in(self, period_id: str) -> Sequence[Transfer]:
        """Every row booked in a period, in order."""
        held = c.transfer.c
        query = sa.select(*_ROW).where(held.posting_period_id == period_id)
        return self._rows.all(Transfer, query.order_by(held.id))

    def count_outputs(self, period_id: str) -> int:
        """How many outputs a period has."""
        asked = sa.select(sa.func.count()).where(c.output.c.period_id == period_id)
        return int(self._connection.execute(asked).scalar_one())

    def outputs_of_period(self, period_id: str) -> Sequence[Output]:
        """Outputs whose work lies in a period, by id."""
        query = sa.select(c.output).where(c.output.c.period_id == period_id)
        return self._rows.all(Output, query.order_by(c.output.c.id))

    def seal_of(self, period_id: str) -> PeriodSeal | None:
        """The decision that sealed a period."""
        query = sa.select(t.period_seal).where(t.period_seal.c.period_id == period_id)
        return self._rows.first(PeriodSeal, query)

    def seals(self) -> Sequence[PeriodSeal]:
        """Every seal, oldest first."""
        query = sa.select(t.period_seal).order_by(t.period_seal.c.at, t.period_seal.c.id)
        return self._rows.all(PeriodSeal, query)

    def corrections(
        self, *, output_id: str = "", period_id: str = "", open_only: bool = False
    ) -> Sequence[Correction]:
        """Corrections of an output, or of a work period, oldest first."""
        held = t.credit_correction.c
        query = sa.select(t.credit_correction)
        if output_id:
            query = query.where(held.output_id == output_id)
        if period_id:
            inside = sa.select(c.output.c.id).where(c.output.c.period_id == period_id)
            query = query.where(held.output_id.in_(inside))
        if open_only:
            query = query.where(held.state.in_(_OPEN))
        return self._rows.all(Correction, query.order_by(held.asked_at, held.id))

    def correction_hearings(self, correction_id: str) -> Sequence[CorrectionHearing]:
        """What the people affected said, oldest first."""
        held = t.correction_hearing.c
        query = sa.select(t.correction_hearing).where(held.correction_id == correction_id)
        return self._rows.all(CorrectionHearing, query.order_by(held.at, held.person_id))

    def flags(
        self,
        *,
        person_id: str = "",
        cycle_id: str = "",
        correction_id: str = "",
        open_only: bool = False,
    ) -> Sequence[SnapshotFlag]:
        """Snapshots that a correction made doubtful, oldest first."""
        held = t.snapshot_flag.c
        wanted = (
            (held.person_id, person_id),
            (held.cycle_id, cycle_id),
            (held.correction_id, correction_id),
        )
        query = sa.select(t.snapshot_flag).where(*(col == value for col, value in wanted if value))
        if open_only:
            query = query.where(held.cleared_at.is_(None))
        return self._rows.all(SnapshotFlag, query.order_by(held.raised_at, held.id))

    def sealed_lines(
        self, person_id: str, cycle_id: str | None = None
    ) -> Sequence[tuple[Transfer, Output]]:
        """A person's live lines in sealed outputs and his live overlays, oldest first."""
        held, back = c.transfer.c, c.transfer.alias("back")
        stands = ~sa.exists().where(back.c.reverses_id == held.id)
        final = sa.or_(
            c.output.c.status == OutputStatus.SEALED, held.line_class == LineClass.OVERLAY
        )
        query = (
            sa.select(*_ROW)
            .join(c.output, c.output.c.id == held.output_id)
            .where(held.person_id == person_id, held.code != TransferCode.REVERSE, stands, final)
            .order_by(held.id)
        )
        if cycle_id is not None:
            query = query.where(c.output.c.cycle_id.in_(same_year(cycle_id)))
        rows = self._rows.all(Transfer, query)
        wanted = sa.select(c.output).where(c.output.c.id.in_({row.output_id for row in rows}))
        outputs = {o.id: o for o in self._rows.all(Output, wanted)} if rows else {}
        return [(row, outputs[row.output_id]) for row in rows]

    def certificate(self, code: str) -> Certificate | None:
        """A certificate by its code."""
        query = sa.select(t.certificate).where(t.certificate.c.code == code)
        return self._rows.first(Certificate, query)

    def certificates_of(self, person_id: str) -> Sequence[Certificate]:
        """A person's certificates, newest first."""
        held = t.certificate.c
        query = sa.select(t.certificate).where(held.person_id == person_id)
        return self._rows.all(Certificate, query.order_by(held.issued_at.desc(), held.id))

    def cited(self, certificate_id: str) -> Sequence[tuple[int, str, bool]]:
        """(row, hash, taken back since) of every row that a certificate cites, in order."""
        held, back = c.transfer.c, c.transfer.alias("back")
        gone = sa.exists().where(back.c.reverses_id == held.id).label("gone")
        query = (
            sa.select(held.id, held.hash, gone)
            .join(t.certificate_row, t.certificate_row.c.transfer_id == held.id)
            .where(t.certificate_row.c.certificate_id == certificate_id)
            .order_by(held.id)
        )
        return [(row.id, row.hash, bool(row.gone)) for row in self._connection.execute(query)]

    def citing(self, transfer_ids: Sequence[int]) -> Sequence[Certificate]:
        """Certificates that cite one of the rows."""
        held = t.certificate_row.c
        ids = sa.select(held.certificate_id).where(held.transfer_id.in_(list(transfer_ids)))
        query = sa.select(t.certificate).where(t.certificate.c.id.in_(ids))
        return self._rows.all(Certificate, query.order_by(t.certificate.c.issued_at))

    def leave(self, person_id: str, first: date, last: date) -> Sequence[Pause]:
        """Days on which a person is recorded as away, inside a time."""
        held: Any = a.substitution.c
        query = (
            sa.select(held.valid_from, held.valid_to)
            .where(held.absent_id == person_id, held.valid_from <= last)
            .where(sa.or_(held.valid_to.is_(None), held.valid_to > first))
            .order_by(held.valid_from)
        )
        return [
            Pause(first=row.valid_from, last=row.valid_to - timedelta(days=1))
            for row in self._connection.execute(query)
            # an absence without an end is a vacancy, which stops no clock
            if row.valid_to is not None
        ]

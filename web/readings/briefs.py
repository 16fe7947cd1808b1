"""A brief shaped for its page: results with their words and evidence, role by role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel.dates import get_month_names

from engine.domain.claims import EvidenceStatus
from engine.domain.scales import WHOLE_BP
from web.tables import Column, Kind, Table
from web.wording import gettext as _
from web.wording import reader_locale

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from engine.domain.index import IndexLine
    from engine.domain.judging import Recommendation, SelfEvaluation
    from engine.domain.plans import PlanItem
    from engine.domain.risks import Risk
    from engine.usecases.briefs import Brief
    from engine.usecases.index import RolePlan
    from engine.usecases.verification import EvidenceLine


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultWords:
    """One result: what was written last, its evidence, its risks."""

    item: PlanItem
    note: str
    attainment: Decimal | None
    evidence: Sequence[EvidenceLine]
    is_proven: bool
    risks: Sequence[Risk]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleWords:
    """One role in words: its results, its lead, the employee."""

    role: RolePlan
    position: int
    results: Sequence[ResultWords]
    recommendation: Recommendation | None
    self_evaluation: SelfEvaluation | None
    line: IndexLine | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthLoad:
    """One month's load for the bars: height in parts of 100, above full time or not."""

    name: str
    load_bp: int
    #: 0 to 100
    height: int
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefSheet:
    """A brief in the order in which it is read."""

    roles: Sequence[RoleWords]
    months: Sequence[MonthLoad]
    load_table: Table


def brief_sheet(brief: Brief) -> BriefSheet:
    """The roles with what belongs to each, and the load of the months."""
    lines = {line.role: line for line in (brief.found.index.lines if brief.found.index else ())}
    names = get_month_names("abbreviated", locale=reader_locale())
    top = max(WHOLE_BP, *brief.load.months.values())
    return BriefSheet(
        roles=[
            RoleWords(
                role=role,
                position=number,
                results=[_result(brief, role, item) for item in role.items],
                recommendation=brief.recommendations.get(role.role),
                self_evaluation=brief.self_evaluations.get(role.role),
                line=lines.get(role.role),
            )
            for number, role in enumerate(brief.found.roles)
        ],
        months=[
            MonthLoad(
                name=names[month],
                load_bp=bp,
                height=bp * 100 // top,
                is_over=bp > WHOLE_BP,
            )
            for month, bp in sorted(brief.load.months.items())
        ],
        load_table=Table(
            "beban",
            _("Load per month"),
            (Column(_("Month")), Column(_("Part of full time"), Kind.PERCENT)),
            [(names[month], bp) for month, bp in sorted(brief.load.months.items())],
        ),
    )


def _result(brief: Brief, role: RolePlan, item: PlanItem) -> ResultWords:
    rows = [row for row in role.progress if row.item_id == item.id]
    newest = rows[-1] if rows else None
    outputs = {line.output_id for line in role.lines}
    return ResultWords(
        item=item,
        note=newest.note if newest else "",
        attainment=newest.attainment if newest else None,
        evidence=[
            line
            for line in brief.evidence
            if line.replaced_by is None
            and line.proof.evidence.status is not EvidenceStatus.REJECTED
            and (line.proof.item_id == item.id or line.proof.output_id in outputs)
        ],
        is_proven=item.id not in brief.unproven,
        risks=[risk for risk in brief.risks if risk.item_id == item.id],
    )

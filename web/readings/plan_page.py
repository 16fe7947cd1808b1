"""What the page of a plan shows beside the plan itself: arithmetic, dialogue, versions, files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.plans import ItemKind
from engine.domain.scales import WHOLE_BP
from engine.usecases.operations.measuring import words_of
from engine.usecases.plan_changes import version_steps
from engine.usecases.plan_proof import plan_behind
from engine.usecases.survey_results import voices_beside
from web.readings.next_step import of_course
from web.readings.plan import sheet_of
from web.tables import Column, Kind, Table
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.plan_changes import VersionStep
    from engine.usecases.plan_proof import PlanProof
    from engine.usecases.plan_talk import PlanTalk
    from engine.usecases.ports.work import House
    from engine.usecases.survey_results import Beside
    from web.readings.next_step import NextStep
    from web.readings.shapes import ItemRow, PlanSheet, RoleCard

#: the process that leads to a fixed plan, and the one that changes it
_COURSES = ("planning", "plan_revision")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleParts:
    """One role's results in two kinds, with whether their weights are whole."""

    main: Sequence[ItemRow]
    additional: Sequence[ItemRow]
    weight_bp: int

    @property
    def is_whole(self) -> bool:
        """Whether the weights add up to 100 per cent."""
        return self.weight_bp == WHOLE_BP


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """Everything on the page of one plan."""

    sheet: PlanSheet
    #: by role
    parts: Mapping[str, RoleParts]
    proof: PlanProof
    talk: PlanTalk
    steps: Sequence[VersionStep]
    #: closed surveys of services and complaints, by the planned result that the service is
    voices: Mapping[str, Beside]
    next_step: NextStep | None
    table: Table

    @property
    def time_product(self) -> int:
        """Effort times days of all roles together."""
        return sum(one.product for one in self.proof.shares)


def _voices(house: House, actor: Actor, sheet: PlanSheet) -> Mapping[str, Beside]:
    """Closed surveys of services and complaints beside the planned results that they are."""
    return voices_beside(house, actor, [row.item.id for role in sheet.roles for row in role.items])


def plan_page(house: House, actor: Actor, person_id: str, wanted: str | None) -> PlanPage:
    """The page of a person's plan; `NotFound` for who may not read it."""
    behind = plan_behind(house, actor, person_id, wanted)
    sheet = sheet_of(behind.book)
    return PlanPage(
        sheet=sheet,
        parts={role.role: _parts(role) for role in sheet.roles},
        proof=behind.proof,
        talk=behind.talk,
        steps=version_steps(behind.versions),
        voices=_voices(house, actor, sheet),
        next_step=_next(house, actor, person_id, sheet),
        table=_table(sheet),
    )


def _parts(role: RoleCard) -> RoleParts:
    rows = role.items
    return RoleParts(
        main=[row for row in rows if row.item.kind is ItemKind.UTAMA],
        additional=[row for row in rows if row.item.kind is not ItemKind.UTAMA],
        weight_bp=sum(row.item.weight_bp for row in rows),
    )


def _next(house: House, actor: Actor, person_id: str, sheet: PlanSheet) -> NextStep | None:
    key = f"{person_id}:{sheet.cycle.id}"
    courses = (of_course(house, actor, name, key) for name in _COURSES)
    return next((one for one in courses if one is not None), None)


def _table(sheet: PlanSheet) -> Table:
    """A row for each indicator, as the plan's own columns stand."""
    rows = [
        (
            role.name,
            _("main") if row.item.kind is ItemKind.UTAMA else _("additional"),
            row.item.number,
            row.parent_title,
            row.item.title,
            row.item.weight_bp,
            one.aspect.value,
            one.text,
            words_of(one),
            row.attainment,
        )
        for role in sheet.roles
        for row in role.items
        for one in row.indicators
    ]
    return Table(
        name="skp",
        title=_("Plan of %(name)s", name=sheet.person.name),
        columns=(
            Column(_("Role")),
            Column(_("Kind")),
            Column(_("No."), Kind.NUMBER),
            Column(_("Leader's result served")),
            Column(_("Planned result")),
            Column(_("Weight"), Kind.PERCENT),
            Column(_("Aspect")),
            Column(_("Indicator")),
            Column(_("Target")),
            Column(_("Attainment"), Kind.NUMBER),
        ),
        rows=rows,
    )

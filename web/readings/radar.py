"""What the radar's pages show: words of blocking tasks, funnels, tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from web.pictures.funnel import Column as Strip
from web.pictures.funnel import Funnel, funnel, strip
from web.tables import Column, Kind, Table
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from engine.domain.units import Unit
    from engine.usecases.ports.radar import Placeless, Stuck, UnitFunnel
    from engine.usecases.radar import ParticipationReport, Radar, StuckList

#: what waits for a task: by process and element, else by process
_WAITS: Final = {
    ("planning", "draft_plan"): _l("clarification, then the fixed plan"),
    ("planning", "mediate"): _l("the fixed plan"),
    ("clarification", ""): _l("the fixed plan"),
    ("plan_revision", ""): _l("the changed plan"),
    ("goal_tree", ""): _l("planning of everybody below"),
    ("monitoring", "record_progress"): _l("feedback of the rater"),
    ("monitoring", "give_feedback"): _l("the end of the period's dialogue"),
    ("contribution", "deliver_output"): _l("acceptance, claims and attestation"),
    ("contribution", "accept_output"): _l("claims and attestation"),
    ("contribution", "claim"): _l("attestation"),
    ("contribution", "claim_early"): _l("attestation"),
    ("contribution", ""): _l("the members' credit and index"),
    ("evidence_verification", ""): _l("evidence that counts"),
    ("unit_period", ""): _l("ratings of the period"),
    ("periodic_evaluation", ""): _l("the rating of the period"),
    ("period_closing", ""): _l("the seal of the period"),
    ("annual_cycle", "set_org_rating"): _l("every rating of the unit"),
    ("annual_cycle", ""): _l("the next stage of the cycle"),
    ("evaluation", "self_evaluate"): _l("the rater's rating"),
    ("evaluation", "recommend"): _l("the rater's rating"),
    ("evaluation", "rate"): _l("calibration and signatures of the whole unit"),
    ("evaluation", "sign_rating"): _l("the employee's receipt"),
    ("evaluation", ""): _l("the final rating"),
    ("calibration", "propose_moves"): _l("the leader's decision"),
    ("calibration", ""): _l("signatures of the whole unit"),
    ("objection", ""): _l("the final rating"),
    ("rater_repair", ""): _l("every task of this person's rater"),
}
#: tasks that keep a whole unit waiting
_OF_UNIT: Final = frozenset(
    {
        ("evaluation", "rate"),
        ("annual_cycle", "set_org_rating"),
        ("calibration", "propose_moves"),
        ("calibration", "decide_calibration"),
    }
)


@dataclass(frozen=True, slots=True)
class StuckLine:
    """A task that holds the cycle up, as a row."""

    row: Stuck
    #: whom or what it is about
    about: str
    unit: str
    holder: str
    #: whole days past its due date; below 0 while there is time
    days_late: int | None
    waits: str
    #: people of the unit who are not signed and wait with it; 0: only whom it is about
    people: int

    @property
    def person_id(self) -> str | None:
        """The person it is about."""
        return self.row.about_id


@dataclass(frozen=True, slots=True)
class UnitCard:
    """A unit's funnel, small."""

    unit: Unit
    found: Funnel
    columns: tuple[Strip, ...]
    late_tasks: int


def stages() -> tuple[tuple[str, str], ...]:
    """Field of a funnel row -> its name, in order."""
    return (
        ("fixed", _("Plan fixed")),
        ("talked", _("Dialogue held")),
        ("proved", _("Evidence handed in")),
        ("attested", _("No claim waiting")),
        ("rated", _("Evaluated")),
        ("signed", _("Signed")),
    )


def whole_funnel(rows: Sequence[UnitFunnel]) -> Funnel:
    """Everybody of the agency."""
    found = [(name, sum(getattr(row, field) for row in rows)) for field, name in stages()]
    return funnel(sum(row.people for row in rows), found)


def unit_cards(found: Radar) -> list[UnitCard]:
    """Units in the order of their codes, those with nobody left out."""
    rows = {row.unit_id: row for row in found.funnel}
    late = {row.unit_id: row.tasks for row in found.late}
    cards = []
    for unit_id, unit in found.units.items():
        row = rows.get(unit_id)
        if row is not None:
            made = funnel(row.people, [(name, getattr(row, field)) for field, name in stages()])
            cards.append(UnitCard(unit, made, strip(made), late.get(unit_id, 0)))
    return cards


def funnel_table(found: Radar) -> Table:
    """Stages by unit."""
    names = [Column(name, Kind.NUMBER) for _field, name in stages()]
    late = {row.unit_id: row.tasks for row in found.late}
    rows = [
        (
            found.units[row.unit_id].name,
            row.people,
            *(getattr(row, field) for field, _name in stages()),
            late.get(row.unit_id, 0),
        )
        for row in sorted(found.funnel, key=lambda row: found.units[row.unit_id].code)
    ]
    return Table(
        "corong",
        _("Stages of the cycle by unit"),
        (
            Column(_("Unit")),
            Column(_("People"), Kind.NUMBER),
            *names,
            Column(_("Tasks at risk"), Kind.NUMBER),
        ),
        rows,
    )


def holder_table(found: Radar) -> Table:
    """Because of whom."""
    return Table(
        "pemegang",
        _("Who keeps others waiting"),
        (
            Column(_("Holder")),
            Column(_("Tasks at risk"), Kind.NUMBER),
            Column(_("People waiting"), Kind.NUMBER),
            Column(_("Waiting since"), Kind.DAY),
        ),
        [
            (
                found.names.get(one.holder_id or "", _("Nobody yet")),
                one.tasks,
                one.people,
                one.since,
            )
            for one in found.holders
        ],
    )


def placeless_table(found: Radar) -> Table:
    """People without a unit or without a rater."""
    rows = [(one, _("no unit")) for one in found.homeless]
    rows += [(one, _("no rater")) for one in found.without_rater]
    return Table(
        "tanpa-penilai",
        _("People without a unit or rater"),
        (
            Column(_("Name")),
            Column(_("NIP"), Kind.NIP),
            Column(_("Unit")),
            Column(_("What is missing")),
        ),
        [(one.name, one.nip, _unit_of(found, one), what) for one, what in rows],
    )


def stuck_lines(found: StuckList) -> list[StuckLine]:
    """Rows of a page."""
    return [_line(found, row) for row in found.rows]


def stuck_table(lines: Sequence[StuckLine]) -> Table:
    """The rows as a file."""
    return Table(
        "hambatan",
        _("Tasks that hold the cycle up"),
        (
            Column(_("Task")),
            Column(_("About")),
            Column(_("Unit")),
            Column(_("Waits for")),
            Column(_("Due"), Kind.MOMENT),
            Column(_("Days late"), Kind.NUMBER),
            Column(_("Holds up")),
            Column(_("People waiting"), Kind.NUMBER),
        ),
        [
            (
                line.row.name,
                line.about,
                line.unit,
                line.holder,
                line.row.due_at,
                line.days_late,
                line.waits,
                line.people or (1 if line.row.about_id else 0),
            )
            for line in lines
        ],
    )


def participation_table(found: ParticipationReport) -> Table:
    """Participation and days by unit, everybody last."""
    rows = [(one.unit.name, one.figures) for one in found.units]
    rows.append((_("Everybody"), found.whole))
    return Table(
        "partisipasi",
        _("Participation and days to the fixed plan"),
        (
            Column(_("Unit")),
            Column(_("People"), Kind.NUMBER),
            Column(_("Plans fixed"), Kind.NUMBER),
            Column(_("Share"), Kind.PERCENT),
            Column(_("Days, half of them"), Kind.NUMBER),
            Column(_("Days, nine in ten"), Kind.NUMBER),
            Column(_("As good as the field")),
        ),
        [
            (
                name,
                one.people,
                one.fixed,
                one.share_bp,
                one.median_days,
                one.most_days,
                one.meets_field,
            )
            for name, one in rows
        ],
    )


def _unit_of(found: Radar, one: Placeless) -> str:
    unit = found.units.get(one.unit_id or "")
    return unit.name if unit is not None else ""


def _line(found: StuckList, row: Stuck) -> StuckLine:
    unit = found.units.get(row.about_unit_id or "") or found.units.get(row.matter_id or "")
    unit = unit or next((one for one in found.units.values() if one.name == row.subject), None)
    about = row.about_name or row.output_title or (unit.name if unit else "") or row.subject or ""
    whole_unit = (row.process_id, row.element_id) in _OF_UNIT and unit is not None
    return StuckLine(
        row=row,
        about=about,
        unit=unit.name if unit else "",
        holder=_holder(found, row),
        days_late=_days_late(row.due_at, found.now),
        waits=_waits(row),
        people=found.unsigned.get(unit.id, 0) if whole_unit and unit is not None else 0,
    )


def _holder(found: StuckList, row: Stuck) -> str:
    if row.holder_id is not None:
        return found.names.get(row.holder_id, "")
    return _("a group") if row.groups and not row.orphaned else _("Nobody yet")


def _days_late(due_at: datetime | None, now: datetime) -> int | None:
    if due_at is None:
        return None
    return (now - due_at).days if now > due_at else -((due_at - now).days)


def _waits(row: Stuck) -> str:
    found = _WAITS.get((row.process_id, row.element_id)) or _WAITS.get((row.process_id, ""))
    return str(found) if found is not None else _("the next step")

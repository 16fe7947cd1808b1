"""Operations of monthly documentation: one tap or a number per result, evidence, feedback."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain import feedback as rules
from engine.domain.behaviour import Value
from engine.domain.documentation import AS_PLANNED, SILENT_PERIODS, Documentation, way_of
from engine.domain.feedback import FeedbackNote, Tone, Voice
from engine.domain.indicators import Direction
from engine.domain.organisation import Official
from engine.domain.plans import RoleKind
from engine.domain.ratings import Level
from engine.usecases import audit_tags
from engine.usecases.errors import AccessRefused
from engine.usecases.operations.attaching import (
    Subject,
    attach_files,
    attach_links,
    file_ids,
    links_of,
)
from engine.usecases.operations.coaching import COACHING_NEEDED
from engine.usecases.operations.measuring import (
    Book,
    Reached,
    judge_results,
    open_book,
    record_results,
    write_progress,
)
from engine.usecases.operations.planning import plan_of
from engine.usecases.operations.step import as_decimal, fault, refuse
from engine.usecases.operations.telling import tell_feedback
from engine.usecases.voices import speaks_for_role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.domain.cycles import Period
    from engine.domain.plans import Plan
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the documentation form."""

    field: str
    item_id: str
    indicator_id: str
    as_planned: bool
    values: Mapping[str, Json]

    @property
    def note(self) -> str:
        """Words of the row."""
        return str(self.values.get("note") or "").strip()


def record_progress(step: Step) -> Mapping[str, Json]:
    """`regu.plan.record_progress`: the employee documents a period.

    Form: results[item_id, indicator_id, as_planned, actual or level, actual_text, links, note] of
    the home post, squad_results[item_id, as_planned, links, note], evidence_files, obstacles.
    One tap says that the period went as planned; a number says more than a tap.
    """
    plan = plan_of(step)
    step.require_person(plan.person_id)
    period = step.period()
    record_results(step, plan, period)
    book = open_book(step, plan, period)
    home = _rows(step, "results")
    _tap(step, book, home)
    squads = {
        item.id for item in step.uow.performance.items(plan.id) if item.role_kind is RoleKind.SQUAD
    }
    of_squads = _rows(step, "squad_results")
    for row in of_squads:
        if row.item_id not in squads:
            raise fault(f"{row.field}.item_id", "unknown_item", "no squad result of this plan")
    files = file_ids(step.call.form.get("evidence_files"))
    for row in _first_of_each((*home, *of_squads)):
        _document(step, plan, period, row, tuple(r for r in home if r.item_id == row.item_id))
    _attach_whole(step, plan, period, files)
    step.note(f"plan:{plan.id}", audit_tags.PROGRESS_RECORDED, plan=plan.id, period=period.id)
    return {}


def note_missing(step: Step) -> Mapping[str, Json]:
    """`regu.monitoring.note_missing`: a period went by; two in a row warn early."""
    plan, period = plan_of(step), step.period()
    step.note(f"plan:{plan.id}", audit_tags.SILENCE_NOTED, plan=plan.id, period=period.id)
    cycle = step.cycle()
    ended = [p for p in step.uow.performance.periods(cycle.id) if p.number <= period.number]
    last = ended[-SILENT_PERIODS:]
    silent = not any(step.uow.dialogues.documented(plan.id, one.id) for one in last)
    if silent and len(last) == SILENT_PERIODS:
        key = f"{plan.person_id}:{cycle.id}"
        variables = {"person_id": plan.person_id, "cycle_id": cycle.id}
        step.means.announce(
            step.uow,
            step.actor,
            COACHING_NEEDED,
            key,
            **variables,
            coaching_source="early_warning",
        )
    return {}


def give_feedback(step: Step) -> Mapping[str, Json]:
    """`regu.plan.give_feedback` by the rater.

    Form: feedback, behaviour_feedback, results[item_id, words], behaviours[value, words],
    judgements[indicator_id, level] on what words measure.
    """
    plan = plan_of(step)
    rater = step.require_office_or_admin(step.standing.rater(plan.person_id), plan.person_id)
    if not step.text("feedback"):
        raise fault("feedback", "required", "feedback has no words")
    period = step.period()
    judge_results(step, plan, period, rater.person_id)
    _say(step, plan, (rater, Voice.RATER), _spoken(step, plan, RoleKind.HOME))
    step.note(f"plan:{plan.id}", audit_tags.FEEDBACK_GIVEN, plan=plan.id, period=period.id)
    return {}


def give_role_feedback(step: Step) -> Mapping[str, Json]:
    """`regu.plan.give_role_feedback` by the lead of one squad, or its sponsor about the lead.

    Form: feedback, results[item_id, words], behaviours[value, words].
    """
    plan = plan_of(step)
    giver = step.require_person(step.ref("giver_id"))
    if not speaks_for_role(step.standing, giver, step.ref("squad_id"), plan.person_id):
        raise AccessRefused(step.call.element_id, plan.person_id)
    if not step.text("feedback"):
        raise fault("feedback", "required", "feedback has no words")
    _say(step, plan, (Official(person_id=giver), Voice.LEAD), _spoken(step, plan, RoleKind.SQUAD))
    step.note(
        f"plan:{plan.id}", audit_tags.FEEDBACK_GIVEN, plan=plan.id, squad=step.ref("squad_id")
    )
    return {}


def roles_to_hear(step: Step, person_id: str, period: Period) -> list[dict[str, Json]]:
    """Squads of the period with who speaks of the role: the ketua; of a ketua the sponsor."""
    found: list[dict[str, Json]] = []
    held = step.uow.contributions.memberships_of(person_id, period.starts_on, period.ends_on)
    for _, squad in held:
        lead = step.standing.lead(squad)
        giver = squad.sponsor_id if lead is None or lead.person_id == person_id else lead.person_id
        row: dict[str, Json] = {"squad_id": squad.id, "giver_id": giver}
        if giver != person_id and row not in found:
            found.append(row)
    return found


def _rows(step: Step, key: str) -> tuple[Row, ...]:
    return tuple(
        Row(
            field=f"{key}.{n}",
            item_id=str(row.get("item_id") or ""),
            indicator_id=str(row.get("indicator_id") or ""),
            as_planned=row.get("as_planned") is True,
            values=row,
        )
        for n, row in enumerate(step.rows(key))
    )


def _tap(step: Step, book: Book, rows: tuple[Row, ...]) -> None:
    """Rows that say no more than "as planned": level sesuai, attainment 100."""
    found: dict[str, list[Reached]] = {}
    notes: dict[str, list[str]] = {}
    for row in rows:
        if not row.as_planned or row.values.get("actual") is not None or row.values.get("level"):
            continue
        one = next((i for i in book.of(row.item_id) if i.id == row.indicator_id), None)
        one = one or next(iter(book.of(row.item_id)), None)
        if one is None:
            raise fault(f"{row.field}.item_id", "unknown_item", "no home result of this plan")
        words_only = one.direction is Direction.QUALITATIVE
        reached = Reached(
            indicator=one,
            actual=None,
            level=Level.SESUAI,
            words=str(row.values.get("actual_text") or "").strip(),
            attainment=(
                book.tables.qualitative_attainment(Level.SESUAI) if words_only else AS_PLANNED
            ),
        )
        found.setdefault(row.item_id, []).append(reached)
        notes.setdefault(row.item_id, []).extend([row.note] if row.note else [])
    for item_id, lines in found.items():
        note = "\n".join(dict.fromkeys(notes[item_id]))
        write_progress(step, book, item_id, lines, note)


def _first_of_each(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return tuple({row.item_id: row for row in reversed(rows)}.values())[::-1]


def _document(step: Step, plan: Plan, period: Period, row: Row, same: tuple[Row, ...]) -> None:
    """One documentation per result, from all rows of its indicators; nothing said is no row."""
    rows = same or (row,)
    links = [
        link for one in rows for link in links_of(one.values.get("links"), f"{one.field}.links")
    ]
    numbers = (as_decimal(one.values.get("actual"), f"{one.field}.actual") for one in rows)
    actual = next((number for number in numbers if number is not None), None)
    note = "\n".join(dict.fromkeys(one.note for one in rows if one.note))
    tapped = any(one.as_planned or one.values.get("level") for one in rows)
    if not (tapped or actual is not None or note or links):
        return
    documentation = Documentation(
        id=step.means.ids.uuid(),
        item_id=row.item_id,
        period_id=period.id,
        way=way_of(as_planned=tapped, actual=actual),
        actual=actual,
        note=note,
        obstacles=step.text("obstacles"),
        recorded_by=step.person,
        at=step.now,
    )
    step.uow.dialogues.add([documentation])
    attach_links(step, _beside(plan, period, row.item_id), list(dict.fromkeys(links)))


def _attach_whole(step: Step, plan: Plan, period: Period, files: list[str]) -> None:
    """Files of the period: beside the result that the form names, else beside the first one."""
    if not files:
        return
    items = [item.id for item in step.uow.performance.items(plan.id)]
    named = step.text("evidence_item_id") or next(iter(items), "")
    if named not in items:
        raise fault("evidence_item_id", "unknown_item", "no result of this plan")
    attach_files(step, _beside(plan, period, named), files, "evidence_files")


def _beside(plan: Plan, period: Period, item_id: str) -> Subject:
    return Subject(
        person_id=plan.person_id, cycle_id=plan.cycle_id, item_id=item_id, period_id=period.id
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Words of a feedback form and what they are about."""

    text: str
    item_id: str | None = None
    behaviour: Value | None = None


def _spoken(step: Step, plan: Plan, role: RoleKind) -> list[Spoken]:
    found = [Spoken(text=step.text("feedback"))]
    if step.text("behaviour_feedback"):
        found.append(Spoken(text=step.text("behaviour_feedback")))
    items = {i.id for i in step.uow.performance.items(plan.id) if i.role_kind is role}
    for n, row in enumerate(step.rows("results")):
        words = str(row.get("words") or "").strip()
        if words and row.get("item_id") not in items:
            raise fault(f"results.{n}.item_id", "unknown_item", "no result of this role")
        if words:
            found.append(Spoken(text=words, item_id=str(row.get("item_id"))))
    for row in step.rows("behaviours"):
        words = str(row.get("words") or "").strip()
        if words:
            found.append(Spoken(text=words, behaviour=Value(str(row.get("value")))))
    return found


def _say(step: Step, plan: Plan, giver: tuple[Official, Voice], spoken: list[Spoken]) -> None:
    official, speaks = giver
    period = step.period()
    notes = [
        FeedbackNote(
            id=step.means.ids.uuid(),
            person_id=plan.person_id,
            cycle_id=plan.cycle_id,
            giver_id=official.person_id,
            on_behalf_of=official.on_behalf_of,
            voice=speaks,
            tone=Tone.OBSERVATION,
            item_id=one.item_id,
            behaviour=one.behaviour,
            period_id=period.id,
            text=one.text,
            at=step.now,
        )
        for one in spoken
    ]
    for note in notes:
        refuse(rules.check_feedback(note), other="feedback")
    step.uow.dialogues.add(notes)
    tell_feedback(step, notes)


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.plan.record_progress": record_progress,
    "regu.monitoring.note_missing": note_missing,
    "regu.plan.give_feedback": give_feedback,
    "regu.plan.give_role_feedback": give_role_feedback,
}

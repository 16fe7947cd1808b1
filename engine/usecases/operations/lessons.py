"""Operations of lessons: written as a squad's last step, corrected by another row, taken up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.domain import lessons as rules
from engine.domain.lessons import Audience, Lesson, LessonOutput, LessonTopic, LessonUse
from engine.domain.plans import Plan, PlanItem, PlanStatus
from engine.domain.squads import Squad, SquadRole
from engine.usecases import audit_tags
from engine.usecases.errors import AccessRefused
from engine.usecases.operations.step import fault, refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.usecases.operations.step import Step
    from engine.usecases.ports.lessons import LessonRow
    from engine.usecases.ports.process import Json

#: plans whose results nobody works on any more
_OVER: Final = frozenset({PlanStatus.SUPERSEDED, PlanStatus.DROPPED})
_FIELDS: Final = {
    "worked_missing": "worked",
    "failed_missing": "failed",
    "advice_missing": "advice",
    "reason_missing": "reason",
    "other": "topics",
}


def last_lead(step: Step, squad: Squad) -> str | None:
    """Who led the squad on its last day, a person."""
    rows = step.uow.contributions.members(squad.id, squad.ends_on)
    return next((row.person_id for row in rows if row.role is SquadRole.KETUA), None)


def write_lesson(step: Step) -> Mapping[str, Json]:
    """`regu.squad.lessons` (form: worked, failed, advice, audience, topics, outputs).

    By the lead of the squad's last day, its sponsor, or who stands in for one of them; a squad
    whose lesson is written already keeps it.
    """
    squad = step.standing.squad(step.ref("squad_id"))
    _require_writer(step, squad)
    lesson_id = step.means.ids.uuid()
    lesson = Lesson(
        id=lesson_id,
        root_id=lesson_id,
        agency_id=squad.host_agency_id,
        unit_id=squad.host_unit_id,
        squad_id=squad.id,
        year=squad.ends_on.year,
        written_by=step.person,
        at=step.now,
        words="",
        worked=step.text("worked"),
        failed=step.text("failed"),
        advice=step.text("advice"),
        audience=step.word("audience", Audience),
    )
    if step.uow.lessons.of_squad(squad.id) is not None:
        raise fault("worked", "written_already", "the squad's lesson is written")
    _keep(step, squad, lesson)
    step.note(f"squad:{squad.id}", audit_tags.LESSON_WRITTEN, squad=squad.id, lesson=lesson_id)
    return {"lesson_id": lesson_id}


def correct_lesson(step: Step) -> Mapping[str, Json]:
    """`regu.lesson.correct` (start form: lesson_id, the same fields, reason): another row.

    What is left empty stays as it was.
    """
    held = _lesson(step)
    squad = step.standing.squad(held.lesson.squad_id)
    _require_writer(step, squad)
    lesson = replace(
        held.lesson,
        id=step.means.ids.uuid(),
        corrects_id=held.lesson.id,
        correction_reason=step.text("reason"),
        written_by=step.person,
        at=step.now,
        worked=step.text("worked") or held.lesson.worked,
        failed=step.text("failed") or held.lesson.failed,
        advice=step.text("advice") or held.lesson.advice,
        audience=step.word("audience", Audience) if step.text("audience") else held.lesson.audience,
    )
    _keep(step, squad, lesson)
    step.note(
        f"squad:{squad.id}", audit_tags.LESSON_CORRECTED, lesson=lesson.root_id, writing=lesson.id
    )
    return {"lesson_id": lesson.root_id}


def use_lesson(step: Step) -> Mapping[str, Json]:
    """`regu.lesson.use` (start form: lesson_id, place, note): in a result of one's own, or a squad.

    `place` is "item:" and the result's id, or "squad:" and the squad's: one that the person
    sponsors or works in. The same lesson goes once into one place.
    """
    held = _lesson(step)
    kind, _, place = step.text("place").partition(":")
    use = _in_squad(step, held, place) if kind == "squad" else _in_result(step, held, place)
    refuse(rules.check_use(use, held.lesson), other="place")
    earlier = step.uow.lessons.uses(root_id=held.lesson.root_id)
    if any((one.use.item_id, one.use.squad_id) == (use.item_id, use.squad_id) for one in earlier):
        raise fault("place", "used_already", "this lesson is taken up there already")
    step.uow.lessons.add([use])
    step.note(
        f"squad:{held.lesson.squad_id}", audit_tags.LESSON_USED, lesson=use.root_id, use=use.id
    )
    return {"lesson_id": use.root_id}


def _keep(step: Step, squad: Squad, lesson: Lesson) -> None:
    """A writing with its topics and outputs, once every rule holds.

    A correction that names no topic or output keeps those of the writing that it follows.
    """
    before = lesson.corrects_id and step.uow.lessons.beside([lesson.corrects_id])
    kept = before[lesson.corrects_id] if before and lesson.corrects_id else None
    topics = rules.topics_of(step.text("topics")) or tuple(kept.topics if kept else ())
    refuse(rules.check_lesson(lesson, topics), **_FIELDS)
    outputs = _outputs(step, squad) or [one for one, _ in (kept.outputs if kept else ())]
    step.uow.lessons.add(
        [
            replace(lesson, words=rules.searched(lesson, topics, squad.name)),
            *(LessonTopic(lesson_id=lesson.id, topic=topic) for topic in topics),
            *(LessonOutput(lesson_id=lesson.id, output_id=one) for one in outputs),
        ]
    )


def _outputs(step: Step, squad: Squad) -> Sequence[str]:
    """Outputs that the form names, each of the squad."""
    given = step.call.form.get("outputs") or ()
    wanted = dict.fromkeys(one for one in given if isinstance(one, str))
    for one in wanted:
        if step.standing.output(one).squad_id != squad.id:
            raise fault("outputs", "unknown_output", "no output of this squad")
    return list(wanted)


def _require_writer(step: Step, squad: Squad) -> None:
    """The lead of the last day, the sponsor, or who stands in for one of them."""
    for holder in dict.fromkeys((last_lead(step, squad), squad.sponsor_id)):
        if holder is None:
            continue
        if step.person == holder:
            return
        if step.person in step.standing.stand_ins(holder):
            step.actor = step.actor.acting_for(holder)
            return
    raise AccessRefused(step.call.element_id, squad.id)


def _lesson(step: Step) -> LessonRow:
    held = step.uow.lessons.newest(step.text("lesson_id"))
    if held is None or held.lesson.agency_id != step.maybe("agency_id"):
        raise fault("lesson_id", "unknown_lesson", "choose a lesson")
    return held


def _in_result(step: Step, held: LessonRow, item_id: str) -> LessonUse:
    item = step.uow.performance.get(PlanItem, item_id)
    plan = step.uow.performance.get(Plan, item.plan_id) if item else None
    if item is None or plan is None or plan.person_id != step.person or plan.status in _OVER:
        raise fault("place", "unknown_place", "a result of your plan")
    return _use(step, held, title=item.title, plan_id=plan.id, item_id=item.id)


def _in_squad(step: Step, held: LessonRow, squad_id: str) -> LessonUse:
    squad = step.uow.contributions.get(Squad, squad_id)
    today = step.standing.today(held.lesson.agency_id)
    mine = squad is not None and (
        squad.sponsor_id == step.person
        or any(
            row.person_id == step.person and row.covers(today)
            for row in step.uow.contributions.members(squad_id)
        )
    )
    if squad is None or not mine or squad.ends_on < today:
        raise fault("place", "unknown_place", "a squad of yours that still works")
    return _use(step, held, title=squad.name, squad_id=squad.id)


def _use(step: Step, held: LessonRow, **place: str) -> LessonUse:
    return LessonUse(
        id=step.means.ids.uuid(),
        root_id=held.lesson.root_id,
        used_by=step.person,
        at=step.now,
        note=step.text("note"),
        title=place["title"],
        plan_id=place.get("plan_id"),
        item_id=place.get("item_id"),
        squad_id=place.get("squad_id"),
    )


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.squad.lessons": write_lesson,
    "regu.lesson.correct": correct_lesson,
    "regu.lesson.use": use_lesson,
}

"""The town at the end of its year: evaluations by the shipped drawings, up to the rater."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from engine.domain.behaviour import Value
from engine.domain.claims import Evidence, EvidenceStatus
from engine.domain.coaching import Coaching, CoachingKind, CoachingSource, CoachingState
from engine.domain.cycles import Cycle, CycleStatus
from engine.domain.dialogue import CheckIn, CheckInState, Commitment, PrivateNote
from engine.domain.documentation import Documentation, Way
from engine.domain.feedback import FeedbackNote, Tone, Voice
from engine.domain.incidents import Incident, IncidentKind
from engine.domain.plans import Measurement, Progress
from engine.domain.ratings import OrgLevel, OrgRating
from engine.usecases.messages import PublishMessage, correlate_message
from engine.usecases.task_views import task_view
from engine.usecases.tasks import CompleteTask, complete_task
from tests.web.test_one_squad import publish_everything
from tests.web.town import NOON, OFFICER

#: what is said at each step before the rater's
_SAID = {
    "self_evaluate": {"self_note": "Target tercapai"},
    "recommend": {"level": "sesuai", "words": "Selesai tepat waktu"},
    "give_input": {"words": "Mudah diajak bekerja sama"},
}
#: what the pages about people ask of an agency's rules, and the drawing by which feedback is given
RULES = (
    "index_band.dmn",
    "level_band.dmn",
    "pooling.dmn",
    "distribution.dmn",
    "predikat.dmn",
    "workload_flag.dmn",
    "workload_hours.dmn",
    "clocks.dmn",
    "feedback_note.bpmn",
    "feedback_begin.form",
    "feedback_write.form",
    "feedback_read.form",
)


def begin_evaluation(town, *names):
    """Evaluations of these people, their unit rated, everybody heard: the rater's turn."""
    publish_everything(town)
    with town.house.writing() as uow:
        cycle = uow.performance.get(Cycle, town.ids["cycle"])
        uow.performance.put(replace(cycle, status=CycleStatus.EVALUATING))
        for unit in ("u1", "u2"):
            level = OrgRating(
                unit_id=town.ids[unit],
                cycle_id=cycle.id,
                level=OrgLevel.BAIK,
                decided_by=town.ids["kepala"],
                at=NOON,
            )
            uow.performance.add([level])
        uow.commit()
    for name in names:
        key = f"{town.ids[name]}:{town.ids['cycle']}"
        with town.house.writing() as uow:
            variables = {"person_id": town.ids[name], "cycle_id": town.ids["cycle"]}
            town.house.runner.start(
                uow, "evaluation", variables, town.actor("owner"), business_key=key
            )
            uow.commit()
        told = PublishMessage(name="org_rating_set", correlation_key=key, time_to_live_ms=60_000)
        correlate_message(town.house, replace(OFFICER, agency_id=town.ids["agency"]), told)
        _answer_everything(town, name)


def _answer_everything(town, name):
    """Self-evaluation, leads' words and answers of 360; fixed rows as the form shows them."""
    for who in ("sari", "citra", "tono", "budi", "kepala"):
        for task in town.tasks(who):
            said = _SAID.get(task.element_id)
            if task.process_id != "evaluation" or said is None:
                continue
            shown = task_view(town.house, town.actor(who), task.key).variables
            rows = {one: shown[one] for one in ("roles", "answers") if one in shown}
            command = CompleteTask(task_key=task.key, variables={**rows, **said})
            complete_task(town.house, town.actor(who), command)


def tell_a_year(town):
    """Words, conduct, talks and progress about Sari; private and confidential ones among them."""
    about = {"person_id": town.ids["sari"], "cycle_id": town.ids["cycle"]}
    with town.house.writing() as uow:
        uow.dialogues.add(_said(town, about))
        uow.dialogues.add(_talked(town, about))
        uow.dialogues.add(_counselled(town, about))
        _progressed(town, uow)
        uow.commit()


def _said(town, about):
    ids, new = town.ids, town.house.ids.uuid
    by_lead = {"at": NOON, "voice": Voice.LEAD, **about}
    return [
        FeedbackNote(
            id=new(),
            giver_id=ids["budi"],
            tone=Tone.APPRECIATION,
            text="Analisis datanya rapi",
            **by_lead,
        ),
        Incident(
            id=new(),
            recorded_by=ids["budi"],
            value=Value.KOLABORATIF,
            kind=IncidentKind.POSITIVE,
            happened_on=date(2026, 5, 4),
            text="Membantu tim lain menutup laporan",
            **by_lead,
        ),
    ]


def _talked(town, about):
    ids, new = town.ids, town.house.ids.uuid
    talk = CheckIn(
        id=new(),
        leader_id=ids["kepala"],
        asked_by=ids["sari"],
        meets_at=NOON,
        state=CheckInState.CONFIRMED,
        held_on=date(2026, 6, 1),
        agreed_text="Fokus pada mutu data",
        recorded_by=ids["kepala"],
        recorded_at=NOON,
        confirmed_at=NOON,
        at=NOON,
        **about,
    )
    note = PrivateNote(
        id=new(),
        author_id=ids["kepala"],
        about_id=ids["sari"],
        check_in_id=talk.id,
        text="Hanya untuk saya sendiri",
        at=NOON,
    )
    promise = _promise(town, "kepala", "Menambah akses data", check_in_id=talk.id)
    return [talk, promise, note]


def _counselled(town, about):
    """What Sari says to a counsellor who is not her rater."""
    ids, new = town.ids, town.house.ids.uuid
    counsel = Coaching(
        id=new(),
        kind=CoachingKind.KONSELING,
        source=CoachingSource.REQUEST,
        asked_by=ids["sari"],
        reason="Keadaan keluarga",
        coach_id=ids["tono"],
        state=CoachingState.RUNNING,
        at=NOON,
        **about,
    )
    said = {"coaching_id": counsel.id, "confidential": True}
    return [counsel, _promise(town, "tono", "Menemani ke konselor", **said)]


def _promise(town, owner, text, **more):
    return Commitment(
        id=town.house.ids.uuid(),
        cycle_id=town.ids["cycle"],
        owner_id=town.ids[owner],
        counterpart_id=town.ids["sari"],
        text=text,
        due_on=date(2026, 7, 1),
        first_due_on=date(2026, 7, 1),
        at=NOON,
        **more,
    )


def _progressed(town, uow):
    ids, new = town.ids, town.house.ids.uuid
    on = {"item_id": ids["item-1"], "period_id": ids["period"], "recorded_by": ids["sari"]}
    blocker = "Data dari daerah terlambat"
    progress = Progress(
        id=new(), actual=11, attainment=92, note="Sebelas dokumen selesai", at=NOON, **on
    )
    measured = Measurement(
        id=new(),
        progress_id=progress.id,
        indicator_id=ids["measure-1"],
        actual=11,
        attainment=92,
    )
    uow.dialogues.add(
        [
            Documentation(
                id=new(), way=Way.AS_PLANNED, note="Draf renstra", obstacles=blocker, at=NOON, **on
            )
        ]
    )
    uow.performance.add([progress, measured])
    proof = Evidence(
        id=new(),
        plan_item_id=ids["item-1"],
        link="https://x.go.id/renstra",
        uploaded_by=ids["sari"],
        at=NOON,
        status=EvidenceStatus.VERIFIED,
        verified_by=ids["kepala"],
    )
    uow.contributions.add([proof])

"""What the database holds of the dialogue by itself, and the cadence in one statement."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from engine.domain.behaviour import Value
from engine.domain.coaching import (
    Coaching,
    CoachingKind,
    CoachingSession,
    CoachingSource,
    CoachingState,
    Competency,
    CompetencyScore,
    SessionAnswer,
)
from engine.domain.cycles import Cycle, Period
from engine.domain.dialogue import (
    AgendaItem,
    Cadence,
    CheckIn,
    CheckInState,
    Commitment,
    CommitmentState,
    PrivateNote,
)
from engine.domain.feedback import FeedbackNote, FeedbackReply, Tone, Voice
from engine.domain.incidents import Incident, IncidentKind, IncidentState
from engine.domain.people import Appointment, AppointmentKind, Person
from engine.domain.units import Agency, JobClass, Post, Unit
from engine.persistence.stores.dialogue import SqlDialogueStore
from engine.persistence.tables.metadata import metadata
from engine.usecases.errors import Conflict

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
#: short name -> (unit, heads it?)
PEOPLE = {
    "ratna": ("badan", True),
    "budi": ("biro", True),
    "sari": ("biro", False),
    "dedi": ("biro", False),
    "citra": ("badan", False),
}


IDS = {name: f"00000000-0000-7000-8000-{n:012d}" for n, name in enumerate((*PEOPLE, "y", "z"), 1)}


def settle(uow):
    uow.agency.add([Agency(id="a" * 36, code="BC", name="Badan Contoh")])
    for n, (code, parent) in enumerate((("badan", None), ("biro", "badan"))):
        above = parent and f"unit-{parent}".ljust(36, "0")
        row = Unit(
            id=f"unit-{code}".ljust(36, "0"),
            agency_id="a" * 36,
            code=code,
            name=f"{code} {n}",
            parent_id=above,
        )
        uow.agency.add([row])
    for n, (name, (unit, heads)) in enumerate(PEOPLE.items()):
        person = Person(
            id=IDS[name], agency_id="a" * 36, nip=f"19680512199403200{n}", name=name.title()
        )
        post = Post(
            id=f"post-{name}".ljust(36, "0"),
            unit_id=f"unit-{unit}".ljust(36, "0"),
            title="Kepala" if heads else "Analis",
            job_class=JobClass.JF,
            is_head=heads,
        )
        seat = Appointment(
            id=f"seat-{name}".ljust(36, "0"),
            person_id=IDS[name],
            post_id=post.id,
            kind=AppointmentKind.DEFINITIVE,
            valid_from=date(2025, 1, 1),
        )
        for row in (person, post, seat):
            uow.agency.add([row])
    cycle = Cycle(
        id=IDS["y"], agency_id="a" * 36, year=2026, name="2026", starts_on=FIRST, ends_on=LAST
    )
    period = Period(
        id=IDS["z"], cycle_id=IDS["y"], number=1, name="S1", starts_on=FIRST, ends_on=LAST
    )
    uow.performance.add([cycle, period])


@pytest.fixture
def work(units):
    with units.writing() as uow:
        settle(uow)
        yield uow


def check_in(key="c1", person="sari", **changes):
    made = CheckIn(
        id=key.ljust(36, "0"),
        leader_id=IDS["budi"],
        person_id=IDS[person],
        cycle_id=IDS["y"],
        asked_by=IDS["budi"],
        meets_at=NOW,
        at=NOW,
    )
    return replace(made, **changes)


def held(key, person, on, state=CheckInState.CONFIRMED):
    return check_in(
        key,
        person,
        state=state,
        held_on=on,
        recorded_by=IDS["budi"],
        recorded_at=NOW,
        confirmed_at=NOW if state is CheckInState.CONFIRMED else None,
    )


def promise(key="p1", owner="sari", other="budi", **changes):
    made = Commitment(
        id=key.ljust(36, "0"),
        check_in_id="c1".ljust(36, "0"),
        cycle_id=IDS["y"],
        owner_id=IDS[owner],
        counterpart_id=IDS[other],
        text="Kirim draf",
        due_on=date(2026, 3, 9),
        first_due_on=date(2026, 3, 9),
        at=NOW,
    )
    return replace(made, **changes)


def note(key="f1", giver="budi", person="sari", **changes):
    made = FeedbackNote(
        id=key.ljust(36, "0"),
        person_id=IDS[person],
        cycle_id=IDS["y"],
        giver_id=IDS[giver],
        voice=Voice.RATER,
        tone=Tone.SUGGESTION,
        text="Lebih awal",
        at=NOW,
    )
    return replace(made, **changes)


def incident(**changes):
    made = Incident(
        id="i1".ljust(36, "0"),
        person_id=IDS["sari"],
        cycle_id=IDS["y"],
        recorded_by=IDS["budi"],
        voice=Voice.RATER,
        value=Value.LOYAL,
        kind=IncidentKind.POSITIVE,
        happened_on=date(2026, 2, 1),
        text="Menjaga rahasia",
        at=NOW,
    )
    return replace(made, **changes)


def line(**changes):
    made = Coaching(
        id="k1".ljust(36, "0"),
        person_id=IDS["sari"],
        cycle_id=IDS["y"],
        kind=CoachingKind.BIMBINGAN,
        source=CoachingSource.REQUEST,
        asked_by=IDS["sari"],
        coach_id=IDS["budi"],
        state=CoachingState.RUNNING,
        at=NOW,
    )
    return replace(made, **changes)


def session(**changes):
    made = CoachingSession(
        id="s1".ljust(36, "0"),
        coaching_id="k1".ljust(36, "0"),
        number=1,
        held_on=date(2026, 3, 1),
        at=NOW,
    )
    return replace(made, **changes)


def refused(uow, act, *names):
    """The act is refused by a constraint or guard of one of these names."""
    with pytest.raises(Conflict) as caught, uow.savepoint():
        act()
    said = str(caught.value) + str(caught.value.__cause__)
    assert any(name in said for name in names), said


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (check_in(person="budi"), "two_people"),
        (check_in(asked_by=IDS["dedi"]), "asked_by_one"),
        (check_in(recorded_by=IDS["sari"]), "not_recorded_by_employee"),
        (check_in(state=CheckInState.CONFIRMED), "both_words"),
        (check_in(state=CheckInState.RECORDED), "recorded_whole"),
        (promise(other="sari"), "two_people"),
        (promise(check_in_id=None), "one_origin"),
        (promise(due_on=date(2026, 3, 1)), "only_later"),
        (promise(state=CommitmentState.KEPT), "closed_whole"),
        (note(giver="sari"), "not_own"),
        (note(on_behalf_of=IDS["sari"]), "not_for_own"),
        (note(request_id="r".ljust(36, "0")), "feedback_answers_request"),
        (note(item_id="x".ljust(36, "0")), "feedback_on_own_result"),
        (incident(recorded_by=IDS["sari"]), "not_own"),
        (incident(state=IncidentState.ANSWERED), "answered"),
        (line(coach_id=IDS["sari"]), "not_own"),
        (line(coach_id=None), "has_coach"),
        (line(state=CoachingState.CLOSED), "closed_whole"),
        (line(kind=CoachingKind.KONSELING, asked_by=IDS["budi"]), "own_wish"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(work, row, name):
    if isinstance(row, Commitment):
        work.dialogues.add([check_in()])
    refused(work, lambda: work.dialogues.add([row]), name)


def test_what_ended_stays_as_it_was(work):
    store = work.dialogues
    done = held("c1", "sari", date(2026, 2, 2))
    closed = promise("p1", state=CommitmentState.KEPT, closed_on=date(2026, 3, 3))
    heard = incident(state=IncidentState.ANSWERED, answered_at=NOW)
    over = line(state=CoachingState.CLOSED, closed_at=NOW)
    store.add([done, closed, heard, over])
    refused(work, lambda: store.put(replace(done, agreed_text="Lain")), "check_in_ended")
    refused(work, lambda: store.put(replace(closed, carried=1)), "commitment_closed")
    refused(work, lambda: store.put(replace(heard, answer="Lain")), "incident_answered")
    refused(work, lambda: store.put(replace(over, letter_no="ST")), "coaching_closed")


def test_what_was_said_and_promised_keeps_its_words(work):
    store = work.dialogues
    store.add([check_in(), promise(), incident(), line()])
    for change in ({"text": "Lain"}, {"owner_id": IDS["dedi"]}, {"due_on": date(2026, 3, 1)}):
        kept = ("commitment_kept_as_made", "only_later")
        refused(work, lambda c=change: store.put(promise(**c)), *kept)
    store.put(promise(due_on=date(2026, 4, 1), carried=1))
    other = check_in(leader_id=IDS["dedi"], asked_by=IDS["dedi"])
    refused(work, lambda: store.put(other), "check_in_people_kept")
    refused(work, lambda: store.put(incident(text="Lain")), "incident_kept_as_told")
    refused(work, lambda: store.put(line(reason="Lain")), "coaching_kept_as_asked")


def test_sessions_belong_to_running_coaching_and_counselling_scores_nobody(work):
    store = work.dialogues
    counselling = line(kind=CoachingKind.KONSELING)
    store.add([counselling, session()])
    score = CompetencyScore(
        id="q".ljust(36, "0"),
        session_id=session().id,
        competency=Competency.TEKNIS,
        score=3,
        reason="Rapi",
    )
    refused(work, lambda: store.add([score]), "counselling_scores_nobody")
    store.put(replace(counselling, state=CoachingState.CLOSED, closed_at=NOW))
    late = session(id="s2".ljust(36, "0"), number=2)
    refused(work, lambda: store.add([late]), "session_while_running")


def test_notes_feedback_and_forms_are_append_only(work):
    store = work.dialogues
    store.add([check_in(), line(), session(), note()])
    store.add(
        [
            AgendaItem(
                id="g".ljust(36, "0"),
                check_in_id=check_in().id,
                number=1,
                topic="Portal",
                raised_by=IDS["budi"],
            ),
            PrivateNote(
                id="n".ljust(36, "0"),
                author_id=IDS["budi"],
                about_id=IDS["sari"],
                text="Lelah",
                at=NOW,
            ),
            FeedbackReply(id="t".ljust(36, "0"), feedback_id=note().id, text="Baik", at=NOW),
            SessionAnswer(
                id="w".ljust(36, "0"), session_id=session().id, statement="coach_1", score=5
            ),
        ]
    )
    tables = ("agenda_item", "private_note", "feedback_note", "feedback_reply", "session_answer")
    for name in (*tables, "coaching_session"):
        table = metadata.tables[name]
        for statement in (table.update().values(id=table.c.id), table.delete()):
            with pytest.raises(sa.exc.DBAPIError, match="append-only"), work.savepoint():
                work.connection.execute(statement)
    assert [row.text for row in store.notes_of(IDS["budi"])] == ["Lelah"]
    assert store.notes_of(IDS["sari"]) == []


def test_the_cadence_counts_each_of_a_leaders_people_in_one_statement(work, monkeypatch):
    store = work.dialogues
    day = date(2026, 2, 2)
    store.add(
        [
            held("c1", "sari", day),
            held("c2", "sari", day + timedelta(days=30), CheckInState.UNCONFIRMED),
            check_in("c3", "sari", state=CheckInState.NOT_HELD),
            promise("p1", "budi", "sari"),
            promise("p2", "budi", "sari", state=CommitmentState.KEPT, closed_on=date(2026, 3, 9)),
            promise("p3", "budi", "sari", state=CommitmentState.KEPT, closed_on=date(2026, 3, 10)),
            promise("p4", state=CommitmentState.KEPT, closed_on=date(2026, 4, 1)),
            note(),
        ]
    )
    asked = []
    sa.event.listen(work.connection, "before_cursor_execute", lambda *call: asked.append(call[2]))
    rows = store.cadence(IDS["budi"], IDS["y"])
    assert len(asked) == 1
    empty = dict.fromkeys(
        ("confirmed", "unconfirmed", "promised", "kept", "kept_late", "their_promises"), 0
    )
    assert rows == [
        Cadence(
            person_id=IDS["sari"],
            confirmed=1,
            unconfirmed=1,
            last_on=day + timedelta(days=30),
            promised=3,
            kept=1,
            kept_late=1,
            their_promises=1,
            their_kept=1,
            feedback=1,
        ),
        Cadence(person_id=IDS["dedi"], last_on=None, their_kept=0, feedback=0, **empty),
    ]


def test_a_leaders_people_are_his_units_and_the_heads_below_it_or_named_by_decree(work):
    store = work.dialogues
    assert isinstance(store, SqlDialogueStore)
    day = date(2026, 6, 1)
    assert store.reports_of([IDS["budi"]], day) == [IDS["sari"], IDS["dedi"]]
    assert store.reports_of([IDS["ratna"]], day) == [IDS["budi"], IDS["citra"]]
    seat = work.agency.get(Appointment, "seat-dedi".ljust(36, "0"))
    work.agency.put(replace(seat, rater_id=IDS["citra"]))
    assert store.reports_of([IDS["budi"]], day) == [IDS["sari"]]
    assert store.reports_of([IDS["citra"]], day) == [IDS["dedi"]]

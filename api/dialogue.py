"""Regu's own paths for the dialogue: a person's timeline, a leader's cadence, own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api import dialogue_shapes as shapes
from api.door import actor, house
from api.smorest import Paths
from api.work_shapes import CycleQuery
from engine.usecases import dialogues

if TYPE_CHECKING:
    from engine.domain.coaching import Coaching
    from engine.domain.dialogue import CheckIn, Commitment, PrivateNote
    from engine.domain.feedback import FeedbackNote
    from engine.domain.incidents import Incident
    from engine.usecases.dialogues import CadenceLine

paths = Paths("dialogue", "/api", "Check-ins, promises, feedback, incidents, cadence.")


@paths.operation(
    "GET",
    "/people/<person_id>/dialogue",
    answer=shapes.TimelineShape,
    query=CycleQuery,
    errors=(404,),
)
def get_timeline(query: dict[str, Any], person_id: str) -> dict[str, Any]:
    """A person's check-ins, promises, feedback, incidents and coaching, as one may see them."""
    found = dialogues.timeline(house(), actor(), person_id, query.get("cycle"))
    replies = {feedback_id: one.text for feedback_id, one in found.replies.items()}
    return {
        "cycleId": found.cycle.id,
        "checkIns": [_check_in(one) for one in found.check_ins],
        "promises": [_promise(one) for one in found.promises],
        "feedback": [_feedback(one, replies.get(one.id)) for one in found.feedback],
        "incidents": [_incident(one) for one in found.incidents],
        "coaching": [_coaching(one) for one in found.coaching],
    }


@paths.operation(
    "GET",
    "/people/<person_id>/cadence",
    answer=shapes.CadenceShape,
    query=CycleQuery,
    errors=(404,),
)
def get_cadence(query: dict[str, Any], person_id: str) -> dict[str, Any]:
    """How a leader keeps up the conversation with each of his people."""
    found = dialogues.leader_cadence(house(), actor(), person_id, query.get("cycle"))
    return {"cycleId": found.cycle.id, "items": [_cadence(line) for line in found.lines]}


@paths.operation("GET", "/me/dialogue", answer=shapes.OwnShape, query=CycleQuery, errors=(404,))
def get_own_words(query: dict[str, Any]) -> dict[str, Any]:
    """One's own private notes, and the feedback and incidents one wrote."""
    found = dialogues.own_words(house(), actor(), query.get("cycle"))
    return {
        "cycleId": found.cycle.id,
        "notes": [_private(one) for one in found.notes],
        "feedback": [_feedback(one, None) for one in found.feedback],
        "incidents": [_incident(one) for one in found.incidents],
    }


def _check_in(row: CheckIn) -> dict[str, Any]:
    return {
        "id": row.id,
        "leaderId": row.leader_id,
        "personId": row.person_id,
        "askedBy": row.asked_by,
        "meetsAt": row.meets_at,
        "state": row.state.value,
        "heldOn": row.held_on.isoformat() if row.held_on else None,
        "agreedText": row.agreed_text,
        "remark": row.remark,
    }


def _promise(row: Commitment) -> dict[str, Any]:
    return {
        "id": row.id,
        "checkInId": row.check_in_id,
        "coachingId": row.coaching_id,
        "ownerId": row.owner_id,
        "counterpartId": row.counterpart_id,
        "text": row.text,
        "dueOn": row.due_on.isoformat(),
        "firstDueOn": row.first_due_on.isoformat(),
        "state": row.state.value,
        "carried": row.carried,
        "keptInTime": row.kept_in_time,
    }


def _feedback(row: FeedbackNote, reply: str | None) -> dict[str, Any]:
    return {
        "id": row.id,
        "personId": row.person_id,
        "giverId": row.giver_id,
        "onBehalfOf": row.on_behalf_of,
        "voice": row.voice.value,
        "tone": row.tone.value,
        "itemId": row.item_id,
        "behaviour": row.behaviour.value if row.behaviour else None,
        "periodId": row.period_id,
        "text": row.text,
        "link": row.link,
        "reply": reply,
        "at": row.at,
    }


def _incident(row: Incident) -> dict[str, Any]:
    return {
        "id": row.id,
        "personId": row.person_id,
        "recordedBy": row.recorded_by,
        "voice": row.voice.value,
        "value": row.value.value,
        "kind": row.kind.value,
        "happenedOn": row.happened_on.isoformat(),
        "text": row.text,
        "link": row.link,
        "state": row.state.value,
        "answer": row.answer,
    }


def _coaching(row: Coaching) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind.value,
        "source": row.source.value,
        "coachId": row.coach_id,
        "state": row.state.value,
        "at": row.at,
    }


def _cadence(line: CadenceLine) -> dict[str, Any]:
    row = line.row
    return {
        "personId": row.person_id,
        "confirmed": row.confirmed,
        "unconfirmed": row.unconfirmed,
        "lastOn": row.last_on.isoformat() if row.last_on else None,
        "daysWithout": line.days_without,
        "everyDays": line.every_days,
        "leastPerCycle": line.least_per_cycle,
        "overdue": line.overdue,
        "promised": row.promised,
        "kept": row.kept,
        "keptLate": row.kept_late,
        "theirPromises": row.their_promises,
        "theirKept": row.their_kept,
        "feedback": row.feedback,
    }


def _private(row: PrivateNote) -> dict[str, Any]:
    return {"id": row.id, "aboutId": row.about_id, "text": row.text, "at": row.at}

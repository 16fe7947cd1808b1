"""What a person is told when something happens to him that asks no task of him.

A notice is written in the transaction of the act. Its facts are references, never words about
anybody's performance: the sentence is the page's, the letter's is in `letters`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.usecases.letters import NOTICE, NOTICES
from engine.usecases.ports.workplace import Notice

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from engine.usecases.ports.process import Json
    from engine.usecases.ports.time import Ids
    from engine.usecases.ports.work import UnitOfWork


class Kind(StrEnum):
    """What happened."""

    #: his share was attested as he claimed it
    SHARE_ATTESTED = "share_attested"
    #: another share than he claimed was attested, not below it
    SHARE_ADJUSTED = "share_adjusted"
    #: less than claimed or expected was attested
    SHARE_LOWERED = "share_lowered"
    #: his claim came back
    CLAIM_RETURNED = "claim_returned"
    #: his expected share of an output is another one
    SHARE_PLAN_CHANGED = "share_plan_changed"
    #: his plan was changed: results, weights or roles
    PLAN_CHANGED = "plan_changed"
    #: the part of his time that a role takes is another one
    WEIGHT_CHANGED = "weight_changed"
    #: somebody else rates him from now on
    RATER_CHANGED = "rater_changed"
    #: he rates somebody whom he did not rate before
    PEOPLE_TO_RATE = "people_to_rate"
    #: somebody wrote him feedback
    FEEDBACK_WRITTEN = "feedback_written"
    #: a dispute that he is a party of was decided
    DISPUTE_DECIDED = "dispute_decided"
    #: he is asked into a squad
    PLACE_OFFERED = "place_offered"
    #: a squad takes volunteers
    CALL_OPENED = "call_opened"
    #: his home unit or its superior decided about his place in a squad
    CONSENT_DECIDED = "consent_decided"
    #: his evaluation can be read
    EVALUATION_KNOWN = "evaluation_known"
    #: an objection that concerns him was decided
    OBJECTION_DECIDED = "objection_decided"
    #: long work that he started failed
    WORK_FAILED = "work_failed"
    #: a period that he sealed in the background is sealed
    PERIOD_SEALED = "period_sealed"
    #: somebody asks him to work on a task for him
    TASK_DELEGATED = "task_delegated"
    #: who worked on his task has handed it back
    TASK_HANDED_BACK = "task_handed_back"
    #: a remark calls him by name
    CALLED = "called"
    #: somebody said something beside what he follows
    FOLLOWED_SAID = "followed_said"
    #: somebody laid a file beside what he follows
    FOLLOWED_FILE = "followed_file"
    #: a task that he follows has another holder
    FOLLOWED_HOLDER = "followed_holder"
    #: a task that he follows is due, or looked at again, on another day
    FOLLOWED_DATES = "followed_dates"
    #: something that he follows stands at an incident
    FOLLOWED_INCIDENT = "followed_incident"
    #: something that he follows has ended
    FOLLOWED_ENDED = "followed_ended"
    #: somebody proposes to publish something, and he may look it over
    RELEASE_WAITING = "release_waiting"
    #: what he proposed to publish was published, returned, or is outdated
    RELEASE_DECIDED = "release_decided"
    #: an earlier version was brought back at once, without a second person
    RELEASE_URGENT = "release_urgent"
    #: the results of a survey about his service are out
    SURVEY_TOLD = "survey_told"
    #: a task of his is due soon or late
    DEADLINE_NEAR = "deadline_near"
    #: an administrator took away his second factor
    SECOND_FACTOR_RESET = "second_factor_reset"


#: what belongs to "what changed and why": before any number stands who did it and his words
CHANGES: Final = frozenset(
    {
        Kind.SHARE_ATTESTED,
        Kind.SHARE_ADJUSTED,
        Kind.SHARE_LOWERED,
        Kind.CLAIM_RETURNED,
        Kind.SHARE_PLAN_CHANGED,
        Kind.PLAN_CHANGED,
        Kind.WEIGHT_CHANGED,
        Kind.RATER_CHANGED,
        Kind.PEOPLE_TO_RATE,
        Kind.FEEDBACK_WRITTEN,
        Kind.DISPUTE_DECIDED,
        Kind.CONSENT_DECIDED,
        Kind.OBJECTION_DECIDED,
    }
)


def notify(  # noqa: PLR0913 - a notice is these six things
    uow: UnitOfWork,
    ids: Ids,
    at: datetime,
    person_ids: Iterable[str],
    kind: Kind,
    *,
    key: str,
    path: str,
    facts: Mapping[str, Json],
    letters_to: Collection[str] | None = None,
) -> None:
    """Tell these people, once per person and `key`, and by letter where the kind has one.

    `letters_to`: those of them who get the letter, None for all.
    `path` is the page where they read it; `facts` hold ids only: "by" (who did it), "output_id",
    "squad_id", "attestation_id", "share_plan_id", "feedback_id", …
    """
    people = list(dict.fromkeys(person_ids))
    uow.workplace.tell(
        [
            Notice(
                id=ids.uuid(),
                person_id=person_id,
                kind=kind.value,
                key=key,
                path=path,
                facts=facts,
                at=at,
            )
            for person_id in people
        ]
    )
    if kind.value in NOTICES:
        for person_id in people if letters_to is None else letters_to:
            told = {"recipient_id": person_id, "subject": kind.value, "path": path}
            uow.outbox.put(NOTICE, f"{key}:{person_id}", told)

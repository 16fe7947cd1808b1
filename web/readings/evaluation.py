"""A person's evaluation as its page shows it: words first, then every figure with its origin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.usecases.dialogues import timeline
from engine.usecases.errors import NotFound
from engine.usecases.evidence import read_evidence
from engine.usecases.ratings import evaluation
from engine.usecases.verdicts import about, nine_cells
from web.pictures.quadrant import Quadrant, quadrant
from web.readings.names import person_names
from web.readings.plan import plan_sheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.cycles import Cycle, Period
    from engine.domain.feedback import FeedbackNote
    from engine.domain.judging import Recommendation, RoleJudgement, SelfEvaluation
    from engine.domain.people import Person
    from engine.domain.plans import Measurement
    from engine.usecases.actor import Actor
    from engine.usecases.evidence import PersonEvidence
    from engine.usecases.ports.teams import Errand
    from engine.usecases.ports.work import House
    from engine.usecases.ratings import Evaluation
    from web.readings.shapes import PlanSheet

#: feedback that is shown here; the timeline has all of it
FEEDBACK_SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationSheet:
    """Everything on the page; `found` is None while there is nothing to show the reader."""

    person: Person
    cycle: Cycle
    found: Evaluation | None
    plan: PlanSheet
    feedback: Sequence[FeedbackNote]
    #: pieces of evidence by result or output: how many, and how many are verified
    proofs: Mapping[str, tuple[int, int]]
    #: by role
    judged: Mapping[str, RoleJudgement]
    recommended: Mapping[str, Recommendation]
    own_words: Mapping[str, SelfEvaluation]
    quadrant: Quadrant | None
    names: Mapping[str, str]
    errands: Sequence[Errand]
    #: what each indicator came to in its last period
    reached: Mapping[str, tuple[Period, Measurement]]


def evaluation_sheet(
    house: House, actor: Actor, person_id: str, wanted: str | None
) -> EvaluationSheet:
    """The page of a person; `NotFound` for whom the matrix closes his rating.

    The person himself sees levels from the day on which his rater signed; words of feedback
    stand before it all, whether or not there is a rating.
    """
    stands = about(house, actor, person_id, wanted)
    cycle = stands.cycle
    found = _found(house, actor, person_id, cycle.id)
    feedback = _feedback(house, actor, person_id, cycle.id)
    named = {row.giver_id for row in feedback}
    if found is not None:
        named |= {row.recommender_id for row in found.recommendations}
        named |= {row.rater_id for row in found.sheet.deviations}
        named |= {row.signer_id for row in found.sheet.signatures}
        named |= {row.moved_by for row in found.moves}
    rating = found.sheet.rating if found else None
    return EvaluationSheet(
        person=stands.person,
        cycle=cycle,
        found=found,
        plan=plan_sheet(house, actor, person_id, cycle.id),
        feedback=feedback[-FEEDBACK_SHOWN:][::-1],
        proofs=_proofs(house, actor, person_id, cycle.id),
        judged={row.role: row for row in found.sheet.roles} if found else {},
        recommended={row.membership_id: row for row in found.recommendations} if found else {},
        own_words={row.role: row for row in found.self_evaluations} if found else {},
        quadrant=quadrant(
            nine_cells(house, cycle.agency_id), rating.result_level, rating.behaviour_level
        )
        if rating
        else None,
        names=person_names(house, named),
        errands=stands.errands,
        reached={curve.indicator.id: curve.points[-1] for curve in stands.curves if curve.points},
    )


def _found(house: House, actor: Actor, person_id: str, cycle_id: str) -> Evaluation | None:
    try:
        return evaluation(house, actor, person_id, cycle_id)
    except NotFound:
        return None


def _feedback(house: House, actor: Actor, person_id: str, cycle_id: str) -> Sequence[FeedbackNote]:
    """Words about him, for whom the matrix lets read them: HR sees the rating without them."""
    try:
        return timeline(house, actor, person_id, cycle_id).feedback
    except NotFound:
        return ()


def _proofs(
    house: House, actor: Actor, person_id: str, cycle_id: str
) -> Mapping[str, tuple[int, int]]:
    try:
        return counted(read_evidence(house, actor, person_id, cycle_id))
    except NotFound:
        return {}


def counted(found: PersonEvidence) -> dict[str, tuple[int, int]]:
    """Promise: result or output -> (pieces that were not replaced, verified ones of them)."""
    counts: dict[str, tuple[int, int]] = {}
    for line in found.lines:
        if line.replaced_by is not None:
            continue
        verified = line.proof.evidence.status.value == "verified"
        for one in {line.proof.item_id, line.proof.output_id} - {None}:
            pieces, right = counts.get(str(one), (0, 0))
            counts[str(one)] = pieces + 1, right + verified
    return counts

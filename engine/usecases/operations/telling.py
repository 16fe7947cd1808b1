"""What operations tell people in the transaction of the act: one line at each place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.domain import attestation as attesting
from engine.domain.claims import AttestDecision
from engine.usecases.notices import Kind, notify

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.domain.claims import Attestation, Claim
    from engine.domain.disputes import Dispute
    from engine.domain.feedback import FeedbackNote
    from engine.domain.objections import Objection
    from engine.domain.outputs import Output, SharePlan
    from engine.domain.ratings import Rating
    from engine.domain.revisions import PlanRevision
    from engine.domain.segments import RoleChange
    from engine.domain.squads import Membership
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json


def tell(
    step: Step, people: Iterable[str], kind: Kind, *, key: str, path: str, **facts: Json
) -> None:
    """Tell these people, without whoever did it; facts are ids, "by" is the acting human."""
    by = step.actor.human
    told = [one for one in people if one != by]
    notify(
        *(step.uow, step.means.ids, step.now, told, kind),
        key=key,
        path=path,
        facts={**facts, "by": by},
    )


def tell_attested(step: Step, claim: Claim, made: Attestation, expected_bp: int) -> None:
    """A claim was decided: as claimed, adjusted, lowered, or sent back."""
    kind, path = Kind.SHARE_ATTESTED, "/buku"
    if made.decision is AttestDecision.RETURN:
        kind, path = Kind.CLAIM_RETURNED, "/tugas"
    elif attesting.lowers(made.share_bp, claim.claimed_bp, expected_bp):
        kind = Kind.SHARE_LOWERED
    elif made.decision is AttestDecision.ADJUST:
        kind = Kind.SHARE_ADJUSTED
    facts = {"output_id": claim.output_id, "attestation_id": made.id}
    both: dict[str, Json] = {"before_bp": claim.claimed_bp, "after_bp": made.share_bp}
    told = {"key": f"attested:{made.id}", "path": path}
    tell(step, [claim.person_id], kind, **told, **facts, **both)


def tell_shares(
    step: Step,
    output: Output,
    plan: SharePlan,
    before: Mapping[str, int],
    after: Mapping[str, int],
) -> None:
    """Expected shares by person changed; who has the share he had is not told."""
    told = {"key": f"shares:{plan.id}", "path": f"/hasil/{output.id}"}
    facts = {"output_id": output.id, "share_plan_id": plan.id}
    for one in {**before, **after}:
        was, becomes = before.get(one, 0), after.get(one, 0)
        if was != becomes:
            both: dict[str, Json] = {"before_bp": was, "after_bp": becomes, **facts}
            tell(step, [one], Kind.SHARE_PLAN_CHANGED, **told, **both)


def tell_revision(step: Step, row: PlanRevision) -> None:
    """A new version of a plan holds from today."""
    told = {"key": f"revision:{row.id}", "path": "/skp", "revision_id": row.id}
    tell(step, [row.person_id], Kind.PLAN_CHANGED, **told)


def tell_effort(step: Step, change_id: str, person_id: str, squad_id: str) -> None:
    """The part of his time that a squad takes is another one from today."""
    told = {"key": f"effort:{change_id}", "path": "/skp", "change_id": change_id}
    tell(step, [person_id], Kind.WEIGHT_CHANGED, squad_id=squad_id, **told)


def tell_raters(step: Step, change: RoleChange, moved: Mapping[str, str]) -> None:
    """Who rates whom from a day on, person to rater: each person, and each rater once for all."""
    facts: dict[str, Json] = {
        "change_id": change.id,
        "starts_on": change.starts_on.isoformat(),
        "ends_on": change.ends_on.isoformat() if change.ends_on else None,
    }
    people: dict[str, list[str]] = {}
    for person_id, rater_id in sorted(moved.items()):
        people.setdefault(rater_id, []).append(person_id)
        told = {"key": f"rater:{change.id}", "path": "/skp", "rater_id": rater_id}
        tell(step, [person_id], Kind.RATER_CHANGED, **told, **facts)
    for rater_id, rated in people.items():
        told = {"key": f"rates:{change.id}", "path": "/bawahan"}
        alone: dict[str, Json] = {
            "count": len(rated),
            "person_id": rated[0] if len(rated) == 1 else None,
        }
        tell(step, [rater_id], Kind.PEOPLE_TO_RATE, **told, **facts, **alone)


def tell_feedback(step: Step, notes: Sequence[FeedbackNote]) -> None:
    """Words about him stand in his dialogue; one notice for what was said at once."""
    if notes:
        first = notes[0]
        told = {"key": f"feedback:{first.id}", "path": "/dialog"}
        ids = [note.id for note in notes]
        tell(step, [first.person_id], Kind.FEEDBACK_WRITTEN, feedback_ids=ids, **told)


def tell_dispute(step: Step, output: Output, dispute: Dispute, parties: Iterable[str]) -> None:
    """A dispute about an output was decided, for everybody whose line it may have moved."""
    told = {"key": f"dispute:{dispute.id}", "path": f"/hasil/{output.id}"}
    facts = {"output_id": output.id, "dispute_id": dispute.id}
    tell(step, sorted(parties), Kind.DISPUTE_DECIDED, **told, **facts)


def tell_consent(step: Step, row: Membership, decision_id: str) -> None:
    """The member and his ketua learn what the home said."""
    lead = step.standing.lead(step.standing.squad(row.squad_id))
    people = dict.fromkeys([row.person_id, *([lead.person_id] if lead else ())])
    told = {"key": f"consent:{decision_id}", "path": f"/tim/{row.squad_id}"}
    facts = {"squad_id": row.squad_id, "membership_id": row.id, "decision_id": decision_id}
    tell(step, people, Kind.CONSENT_DECIDED, **told, **facts)


def tell_place(step: Step, rows: Iterable[Membership]) -> None:
    """Asked into a squad; the answer is a task of theirs."""
    for row in rows:
        told = {"key": f"place:{row.id}", "path": "/tugas", "squad_id": row.squad_id}
        tell(step, [row.person_id], Kind.PLACE_OFFERED, membership_id=row.id, **told)


def tell_rating(step: Step, rating: Rating) -> None:
    """The person may read his evaluation."""
    told = {"key": f"rating:{rating.id}", "path": "/evaluasi", "rating_id": rating.id}
    tell(step, [rating.person_id], Kind.EVALUATION_KNOWN, **told)


def tell_objection(step: Step, rating: Rating, objection: Objection) -> None:
    """Who objected and who rated learn the decision."""
    people = dict.fromkeys([rating.person_id, *([rating.rater_id] if rating.rater_id else ())])
    told = {"key": f"objection:{objection.id}", "path": "/evaluasi"}
    facts = {"objection_id": objection.id, "rating_id": rating.id}
    tell(step, people, Kind.OBJECTION_DECIDED, **told, **facts)


def tell_deadline(step: Step, person_id: str, key: str, subject: str | None) -> None:
    """A task of his is reminded of; the letter is the reminder's own."""
    told = {"key": f"remind:{key}", "path": "/tugas"}
    tell(step, [person_id], Kind.DEADLINE_NEAR, subject=subject, **told)

"""Operations of the rater: rate with reasons, record, second signature, sign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from engine.domain import signing
from engine.domain.calibration import CalibrationState, Move
from engine.domain.judging import DeviationKind, RoleJudgement, lowers
from engine.domain.organisation import Official
from engine.domain.overrides import OverrideKind
from engine.domain.protection import LoweringKind
from engine.domain.ratings import Level, Predikat, Rating, RatingStatus
from engine.domain.signing import Signature, SignaturePart
from engine.usecases import audit_tags, rating_sheets
from engine.usecases.errors import Conflict
from engine.usecases.evaluation_tables import predikat as decided_predikat
from engine.usecases.operations.evaluation import rating_of, stream
from engine.usecases.operations.judgement import Judgement, judged, kept_deviation, overridden
from engine.usecases.operations.step import fault, refuse
from engine.usecases.operations.telling import tell_rating
from engine.usecases.protection import needs_second, record_lowering
from engine.usecases.unit_patterns import distribution, words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json
    from engine.usecases.unit_patterns import Distribution

#: message that a calibration waits for: everybody of the unit is rated; keyed by unit and cycle
UNIT_RATED: Final = "unit_rated"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lowering:
    """An act that lowers the person, with who did it and when."""

    actor_id: str
    on_behalf_of: str | None
    rating_id: str
    at: datetime


def rate(step: Step) -> Mapping[str, Json]:
    """`regu.rating.rate`: only the rater of today, with reasons wherever he departs.

    Form: result_level, behaviour_level, roles[role, level, reason], behaviour[value, first,
    second, third], reason, behaviour_reason, evidence_reason, load_comment. A rating that stands
    already (the second signature was refused) gets a new version.
    """
    rating = rating_of(step)
    rater = step.require_office_or_admin(step.standing.rater(rating.person_id), rating.person_id)
    if rating.status is RatingStatus.FINAL:
        raise Conflict("rating_final", rating=rating.id)
    judgement = judged(step, rating)
    made = replace(
        rating,
        result_level=judgement.result,
        behaviour_level=judgement.behaviour,
        predikat=None,
        reason=step.text("reason") or None,
        rater_id=rater.person_id,
        on_behalf_of=rater.on_behalf_of,
        status=RatingStatus.RATED,
        at=step.now,
    )
    made = _keep(step, rating, made)
    _stand(step, made, judgement)
    if judgement.result is not rating.proposed_level:
        overridden(step, OverrideKind.RATING, made.id, made.reason or "", rater)
    step.note(stream(made), audit_tags.RATING_RATED, rating=made.id)
    return {
        "rating_id": made.id,
        "result_level": judgement.result.value,
        "behaviour_level": judgement.behaviour.value,
        "rater_id": rater.person_id,
        "departed": _departed(step, made, judgement.roles),
    }


def _keep(step: Step, before: Rating, made: Rating) -> Rating:
    if before.status is RatingStatus.PROPOSED:
        step.uow.performance.put(made)
        return made
    again = replace(made, id=step.means.ids.uuid(), version=before.version + 1)
    step.uow.performance.add([again])
    return again


def _stand(step: Step, made: Rating, judgement: Judgement) -> None:
    """What stands under the rating: levels by role and statement, and reasons."""
    step.uow.judging.add([replace(row, rating_id=made.id) for row in judgement.roles])
    step.uow.judging.add([replace(row, rating_id=made.id) for row in judgement.marks])
    rows = [kept_deviation(step, made, departure) for departure in judgement.departures]
    step.uow.judging.add(rows)


def _departed(step: Step, rating: Rating, roles: Sequence[RoleJudgement]) -> list[Json]:
    """Leads who are told why their word was not followed: rows of a multi-instance."""
    other = {row.role for row in roles if row.recommended not in (None, row.level)}
    return [
        {"membership_id": said.membership_id, "lead_id": said.on_behalf_of or said.recommender_id}
        for said in step.uow.judging.recommendations(rating.person_id, rating.cycle_id)
        if said.membership_id in other
    ]


def record_predikat(step: Step) -> Mapping[str, Json]:
    """`regu.rating.record` (input predikat): what the decision `predikat` gave.

    The levels count as they stand in the rating: a predikat that does not follow from them, by
    variables that somebody changed or a drawing of his own, is a `Conflict`. Says whether a
    second signature is needed (crediting.md 0.10) and whether the unit's calibration is open.
    """
    rating = rating_of(step)
    step.require_not_own(rating.person_id)
    given = step.call.variables.get("predikat")
    value = given.get("predikat") if isinstance(given, Mapping) else given
    if value not in set(Predikat):
        raise Conflict("predikat_unknown", predikat=str(value))
    if rating.result_level is None or rating.behaviour_level is None:
        raise Conflict("predikat_unfounded", predikat=str(value))
    tables = step.tables(step.cycle().agency_id)
    if value != decided_predikat(tables, rating.result_level, rating.behaviour_level).value:
        raise Conflict("predikat_unfounded", predikat=str(value))
    kept = replace(rating, predikat=Predikat(str(value)))
    step.uow.performance.put(kept)
    step.note(stream(rating), audit_tags.RATING_RECORDED, rating=rating.id, predikat=str(value))
    _tell_when_whole(step, kept)
    return {"needs_second": _needs_second(step, kept), "awaits_calibration": _awaits(step, kept)}


def _tell_when_whole(step: Step, rating: Rating) -> None:
    """The last rating of a pool of units lets its calibration begin."""
    cycle = step.cycle()
    unit_id = step.standing.home_unit(rating.person_id)
    session = step.uow.judging.calibration_of(unit_id, cycle.id) if unit_id else None
    if session is None or session.state is CalibrationState.CLOSED:
        return
    units = step.uow.judging.calibration_units(session.id)
    today = step.standing.today(cycle.agency_id)
    if step.uow.judging.unrated(units, cycle.id, today) == 0:
        step.means.announce(step.uow, step.actor, UNIT_RATED, f"{session.unit_id}:{cycle.id}")


def _awaits(step: Step, rating: Rating) -> bool:
    unit_id = step.standing.home_unit(rating.person_id)
    session = step.uow.judging.calibration_of(unit_id, rating.cycle_id) if unit_id else None
    return session is not None and session.state is CalibrationState.OPEN


def collect(step: Step) -> Mapping[str, Json]:
    """`regu.rating.collect`: the rating as the calibration left it, perhaps a new version."""
    rating = rating_of(step)
    newest = step.uow.performance.rating_of(rating.person_id, rating.cycle_id) or rating
    return {
        "rating_id": newest.id,
        "result_level": newest.result_level.value if newest.result_level else None,
        "behaviour_level": newest.behaviour_level.value if newest.behaviour_level else None,
        "predikat": newest.predikat.value if newest.predikat else None,
        "needs_second": newest.id != rating.id and _needs_second(step, newest),
        "awaits_calibration": False,
    }


def countersign(step: Step) -> Mapping[str, Json]:
    """`regu.rating.countersign` (form: decision approve|refuse, reason): the next superior.

    He signs what the rater decided, or refuses with a reason; then the rater rates anew.
    """
    rating = rating_of(step)
    office = rating_sheets.countersigner(step.standing, rating)
    second = step.require_office_or_admin(office, rating.person_id)
    decision, reason = step.text("decision"), step.text("reason")
    if decision not in ("approve", "refuse"):
        raise fault("decision", "unknown_word", "approve or refuse")
    if not reason:
        raise fault("reason", "required", "a second signature gives its reasons")
    row = Signature(
        id=step.means.ids.uuid(),
        rating_id=rating.id,
        part=SignaturePart.SECOND,
        signer_id=second.person_id,
        on_behalf_of=second.on_behalf_of,
        digest=rating_sheets.sheet(step.uow, rating).digest,
        refused=decision == "refuse",
        words=reason,
        at=step.now,
    )
    step.uow.judging.add([row])
    step.note(stream(rating), audit_tags.RATING_COSIGNED, rating=rating.id, decision=decision)
    return {"countersigned": not row.refused}


def check_distribution(step: Step) -> Mapping[str, Json]:
    """`regu.distribution.check`: what the unit's distribution misses; a warning, never a bar."""
    found = _distribution(step, rating_of(step))
    missed = words(found.misses) if found and found.whole else []
    return {"distribution_faults": missed}


def sign(step: Step) -> Mapping[str, Json]:
    """`regu.rating.sign` (form: read, code, override_reason): the rater, in two steps.

    He reads the digest of the document and types its first letters; the signature keeps digest,
    name and on whose behalf. Where the unit's distribution misses its pattern and no calibration
    gave a reason, he gives one. After a decided objection its decider signs.
    """
    rating = rating_of(step)
    signer = _signer(step, rating)
    if not step.call.form.get("read"):
        raise fault("read", "required", "who signs has read the document")
    content = rating_sheets.sheet(step.uow, rating)
    refuse(
        signing.check_signature(
            person_id=rating.person_id,
            signer_id=signer.person_id,
            on_behalf_of=signer.on_behalf_of,
            typed=step.text("code"),
            digest_text=content.digest,
        ),
        digest_changed="code",
    )
    _lowered(step, rating, content.signatures)
    row = Signature(
        id=step.means.ids.uuid(),
        rating_id=rating.id,
        part=SignaturePart.RATER,
        signer_id=signer.person_id,
        on_behalf_of=signer.on_behalf_of,
        digest=content.digest,
        at=step.now,
    )
    step.uow.judging.add([row])
    _override(step, rating)
    step.note(stream(rating), audit_tags.RATING_SIGNED, rating=rating.id, digest=content.digest)
    tell_rating(step, rating)
    return {"signed": True}


def _signer(step: Step, rating: Rating) -> Official:
    """The rater of today, or whoever decided the version that stands."""
    rater = step.standing.rater(rating.person_id)
    names = [Official(person_id=name) for name in (rating.rater_id, rating.on_behalf_of) if name]
    if rater is None:
        return step.require_office_or_admin(
            None if step.person not in {one.person_id for one in names} else names[0],
            rating.person_id,
        )
    found = step.require_office(rater, *names, subject_id=rating.person_id)
    behalf = rating.on_behalf_of if found.person_id == rating.rater_id else found.on_behalf_of
    return Official(person_id=found.person_id, on_behalf_of=behalf)


def _override(step: Step, rating: Rating) -> None:
    """The reason for a distribution that misses its pattern, once everybody is rated."""
    found = _distribution(step, rating)
    if found is None or not found.whole or not found.misses:
        return
    session = step.uow.judging.calibration_of(found.pool.unit_id, rating.cycle_id)
    if session is not None and session.reason:
        return
    reason = step.text("override_reason")
    if not reason:
        raise fault("override_reason", "override_reason", "; ".join(words(found.misses)))
    missed = "; ".join(words(found.misses))
    departure = (DeviationKind.DISTRIBUTION, None, missed, "", reason)
    step.uow.judging.add([kept_deviation(step, rating, departure)])
    overridden(step, OverrideKind.DISTRIBUTION, rating.id, reason)


def _distribution(step: Step, rating: Rating) -> Distribution | None:
    cycle = step.cycle()
    unit_id = step.standing.home_unit(rating.person_id)
    if unit_id is None:
        return None
    today = step.standing.today(cycle.agency_id)
    return distribution(step.uow, step.tables(cycle.agency_id), unit_id, cycle, today)


def _lowerings(step: Step, rating: Rating) -> list[_Lowering]:
    """Acts behind this version that lower the person: the rater's, and a move's."""
    found = []
    moves = step.uow.judging.moves_of(rating.person_id, rating.cycle_id)
    made = next((move for move in moves if move.rating_to == rating.id), None)
    if made is not None:
        if _down(made):
            found.append(_of_move(made))
    elif rating.rater_id is not None and not _by_objection(step, rating) and _below(step, rating):
        found.append(
            _Lowering(
                actor_id=rating.rater_id,
                on_behalf_of=rating.on_behalf_of,
                rating_id=rating.id,
                at=rating.at,
            )
        )
    return found


def _needs_second(step: Step, rating: Rating) -> bool:
    tables = step.tables(step.cycle().agency_id)
    return any(
        needs_second(
            step.uow,
            tables,
            actor_id=act.actor_id,
            on_behalf_of=act.on_behalf_of,
            person_id=rating.person_id,
            at=act.at,
        )
        for act in _lowerings(step, rating)
    )


def _lowered(step: Step, rating: Rating, signatures: Sequence[Signature]) -> None:
    """Record what lowers the person where it takes effect, with the second signer."""
    second = next(
        (
            row.signer_id
            for row in signatures
            if row.part is SignaturePart.SECOND and not row.refused
        ),
        None,
    )
    for act in _lowerings(step, rating):
        record_lowering(
            step.uow,
            step.means.ids,
            actor_id=act.actor_id,
            on_behalf_of=act.on_behalf_of,
            person_id=rating.person_id,
            kind=LoweringKind.RESULT,
            subject_id=rating.id,
            at=act.at,
            second_id=second,
        )


def _below(step: Step, rating: Rating) -> bool:
    """Whether the rater's word lies under the proposal, a recommendation, or expectation."""
    if rating.result_level is None or rating.behaviour_level is None:
        return False
    roles = step.uow.judging.role_judgements(rating.id)
    return (
        lowers(rating.proposed_level, rating.result_level)
        or rating.behaviour_level is Level.DI_BAWAH
        or any(row.recommended is not None and lowers(row.recommended, row.level) for row in roles)
    )


def _by_objection(step: Step, rating: Rating) -> bool:
    """Whether this version is what an objection's decider made of the rating; his word is final."""
    return any(
        found is not None and found.decided_by == rating.rater_id
        for version in step.uow.judging.versions(rating.person_id, rating.cycle_id)
        if version.version < rating.version
        for found in [step.uow.performance.objection_to(version.id)]
    )


def _down(move: Move) -> bool:
    return lowers(move.before_result, move.after_result) or lowers(
        move.before_behaviour, move.after_behaviour
    )


def _of_move(move: Move) -> _Lowering:
    return _Lowering(
        actor_id=move.moved_by,
        on_behalf_of=move.on_behalf_of,
        rating_id=move.rating_to,
        at=move.at,
    )


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.rating.rate": rate,
    "regu.rating.record": record_predikat,
    "regu.rating.collect": collect,
    "regu.rating.countersign": countersign,
    "regu.distribution.check": check_distribution,
    "regu.rating.sign": sign,
}

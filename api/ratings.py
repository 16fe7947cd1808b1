"""Paths about ratings: a person's sheet, 360, a unit's distribution, raters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api import rating_shapes as shapes
from api.door import actor, house
from api.smorest import Paths
from api.work_shapes import CycleQuery
from engine.domain.spread import Sums
from engine.usecases import ratings

if TYPE_CHECKING:
    from engine.domain.calibration import Move
    from engine.domain.signing import Signature
    from engine.usecases.ratings import Evaluation, RaterStatistics

paths = Paths("ratings", "/api", "Ratings with their arithmetic, 360, distribution, raters.")

_NOBODY = Sums(people=0, total=0, squares=0)


@paths.operation(
    "GET",
    "/people/<person_id>/evaluation",
    answer=shapes.EvaluationShape,
    query=CycleQuery,
    errors=(404,),
)
def get_evaluation(query: dict[str, Any], person_id: str) -> dict[str, Any]:
    """A person's rating line by line, with reasons and signatures."""
    return _sheet(ratings.evaluation(house(), actor(), person_id, query.get("cycle")))


@paths.operation(
    "GET",
    "/people/<person_id>/voices",
    answer=shapes.VoicesShape,
    query=CycleQuery,
    errors=(404,),
)
def get_voices(query: dict[str, Any], person_id: str) -> dict[str, Any]:
    """The aggregate of 360 about a person."""
    found = ratings.voices(house(), actor(), person_id, query.get("cycle"))
    return {
        "released": found.released,
        "items": [
            {
                "source": row.source.value,
                "value": row.value.value,
                "people": row.people,
                "mean": row.mean,
            }
            for row in found.counts
        ],
        "words": [{"source": source.value, "words": words} for source, words in found.words],
    }


@paths.operation(
    "GET",
    "/units/<unit_id>/distribution",
    answer=shapes.DistributionShape,
    query=CycleQuery,
    errors=(404,),
)
def get_distribution(query: dict[str, Any], unit_id: str) -> dict[str, Any]:
    """Predikats of a unit against its pattern, before and after calibration."""
    read = ratings.unit_distribution(house(), actor(), unit_id, query.get("cycle"))
    found, session = read.found, read.session
    return {
        "cycleId": read.cycle.id,
        "unitId": found.pool.unit_id,
        "unitIds": list(found.pool.unit_ids),
        "orgLevel": found.org_level.value if found.org_level else None,
        "people": found.people,
        "rated": found.rated,
        "before": {one.value: people for one, people in found.before.items()},
        "after": {one.value: people for one, people in found.after.items()},
        "misses": [
            {
                "predikats": [one.value for one in miss.predikats],
                "has": miss.has,
                "people": miss.people,
                "atMost": miss.at_most,
                "atLeast": miss.at_least,
            }
            for miss in found.misses
        ],
        "calibration": session.state.value if session else None,
        "reason": session.reason if session else "",
        "moves": [_move(row) for row in read.moves],
    }


@paths.operation("GET", "/cycles/<cycle_id>/raters", answer=shapes.RatersShape, errors=(404,))
def get_raters(cycle_id: str) -> dict[str, Any]:
    """Leniency and spread per rater, beside all raters."""
    rows = ratings.rater_statistics(house(), actor(), cycle_id)
    everybody = rows[0].sums.everybody if rows else _NOBODY
    return {
        "cycleId": cycle_id,
        "mean": everybody.mean,
        "deviation": everybody.deviation,
        "items": [_rater(row) for row in rows],
    }


def _rater(row: RaterStatistics) -> dict[str, Any]:
    own = row.sums.own
    return {
        "raterId": row.sums.rater_id,
        "name": row.name,
        "people": own.people,
        "mean": own.mean,
        "deviation": own.deviation,
        "leniency": own.above(row.sums.everybody),
        "departures": row.sums.deviations,
    }


def _sheet(found: Evaluation) -> dict[str, Any]:
    rating = found.sheet.rating
    return {
        "ratingId": rating.id,
        "personId": rating.person_id,
        "cycleId": rating.cycle_id,
        "version": rating.version,
        "status": rating.status.value,
        "ihk": rating.ihk,
        "lines": [
            {
                "role": line.role,
                "weightBp": line.weight_bp,
                "attainment": line.attainment,
                "points": line.points,
                "level": line.level.value,
                "provisional": line.provisional,
            }
            for line in rating.index_lines
        ],
        "proposedLevel": rating.proposed_level.value,
        "resultLevel": rating.result_level,
        "behaviourLevel": rating.behaviour_level,
        "predikat": rating.predikat,
        "raterId": rating.rater_id,
        "onBehalfOf": rating.on_behalf_of,
        "digest": found.sheet.digest,
        **_under(found),
    }


def _under(found: Evaluation) -> dict[str, Any]:
    return {
        "roles": [
            {"role": r.role, "recommended": r.recommended, "level": r.level, "reason": r.reason}
            for r in found.sheet.roles
        ],
        "marks": [
            {"value": mark.value, "number": mark.number, "level": mark.level}
            for mark in found.sheet.marks
        ],
        "deviations": [
            {
                "kind": row.kind,
                "role": row.role,
                "proposed": row.proposed,
                "decided": row.decided,
                "reason": row.reason,
                "raterId": row.rater_id,
            }
            for row in found.sheet.deviations
        ],
        "signatures": [_signature(row) for row in found.sheet.signatures],
        "recommendations": [
            {
                "membershipId": row.membership_id,
                "recommenderId": row.recommender_id,
                "onBehalfOf": row.on_behalf_of,
                "level": row.level,
                "words": row.words,
            }
            for row in found.recommendations
        ],
        "selfEvaluations": [
            {"role": row.role, "level": row.level, "words": row.words}
            for row in found.self_evaluations
        ],
        "periods": [
            {
                "periodId": row.period_id,
                "resultLevel": row.result_level,
                "behaviourLevel": row.behaviour_level,
                "predikat": row.predikat,
                "orgLevel": row.org_level,
                "raterId": row.rater_id,
                "note": row.note,
            }
            for row in found.periods
        ],
        "moves": [_move(row) for row in found.moves],
    }


def _signature(row: Signature) -> dict[str, Any]:
    return {
        "part": row.part,
        "signerId": row.signer_id,
        "onBehalfOf": row.on_behalf_of,
        "digest": row.digest,
        "refused": row.refused,
        "at": row.at,
    }


def _move(row: Move) -> dict[str, Any]:
    return {
        "personId": row.person_id,
        "before": row.before_predikat,
        "after": row.after_predikat,
        "movedBy": row.moved_by,
        "onBehalfOf": row.on_behalf_of,
        "reason": row.reason,
        "at": row.at,
    }

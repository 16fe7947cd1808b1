"""Operations of a calibration session: open, gather, move, decide."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.domain.calibration import (
    Calibration,
    CalibrationState,
    CalibrationUnit,
    Move,
    Mover,
    Part,
    Participant,
    check_move,
    check_override,
    close,
)
from engine.domain.judging import DeviationKind
from engine.domain.organisation import Official
from engine.domain.overrides import OverrideKind
from engine.domain.ratings import Level, Rating, RatingStatus
from engine.usecases import audit_tags
from engine.usecases.errors import AccessRefused, Conflict, NotFound
from engine.usecases.evaluation_tables import predikat
from engine.usecases.operations.evaluation import head_level
from engine.usecases.operations.judgement import kept_deviation, overridden
from engine.usecases.operations.step import fault, refuse, refused
from engine.usecases.rating_sheets import chain_of, next_version, session_leader
from engine.usecases.unit_patterns import distribution, pool_of, words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.domain.cycles import Cycle
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.judging import UnitRating
    from engine.usecases.ports.process import Json
    from engine.usecases.unit_patterns import Distribution

#: message that evaluations of the unit wait for, keyed by person and cycle
CALIBRATION_CLOSED: Final = "calibration_closed"


def open_session(step: Step) -> Mapping[str, Json]:
    """`regu.calibration.open` (unit_id, cycle_id): the session of a unit that is large enough.

    A unit that is too small is calibrated with the unit above it: `held_here` is false then, as
    for a unit where nobody is or that nobody heads. `missing` people are not rated yet.
    """
    cycle, unit_id = step.cycle(), step.ref("unit_id")
    today = step.standing.today(cycle.agency_id)
    pool = pool_of(step.uow, step.tables(cycle.agency_id), unit_id, cycle.agency_id, today)
    people = step.uow.judging.headcount(cycle.agency_id, today)
    leader = session_leader(step.standing, unit_id)
    if pool.unit_id != unit_id or leader is None or not any(people.get(u) for u in pool.unit_ids):
        return {"held_here": False, "missing": 0}
    session = step.uow.judging.calibration_of(unit_id, cycle.id)
    if session is None:
        session = Calibration(
            id=step.means.ids.uuid(),
            unit_id=unit_id,
            cycle_id=cycle.id,
            leader_id=leader.person_id,
            opened_at=step.now,
        )
        units = [CalibrationUnit(calibration_id=session.id, unit_id=u) for u in pool.unit_ids]
        leads = Participant(calibration_id=session.id, person_id=leader.person_id, part=Part.LEADER)
        step.uow.judging.add([session, *units, leads])
        step.note(_stream(session), audit_tags.CALIBRATION_OPENED, unit=unit_id, cycle=cycle.id)
    return {
        "held_here": True,
        "calibration_id": session.id,
        "leader_id": session.leader_id,
        "cycle_name": cycle.name,
        "missing": step.uow.judging.unrated(pool.unit_ids, cycle.id, today),
    }


def gather(step: Step) -> Mapping[str, Json]:
    """`regu.calibration.gather`: who rated people of the session takes part; how it stands."""
    session = _session(step)
    known = {row.person_id for row in step.uow.judging.participants(session.id)}
    raters = {
        row.rating.on_behalf_of or row.rating.rater_id or "" for row in _ratings(step, session)
    }
    new = sorted(raters - known - {""})
    step.uow.judging.add(
        [Participant(calibration_id=session.id, person_id=one, part=Part.RATER) for one in new]
    )
    step.note(_stream(session), audit_tags.CALIBRATION_GATHERED, raters=len(raters))
    found = _distribution(step, session)
    return {"raters": new, "distribution_faults": [*words(found.misses)]}


def move(step: Step) -> Mapping[str, Json]:
    """`regu.calibration.move` (form: moves[person_id, result_level, behaviour_level, reason])."""
    session = _session(step)
    if session.state is CalibrationState.CLOSED:
        raise Conflict("calibration_closed", calibration=session.id)
    _move_all(step, session)
    return {"distribution_faults": [*words(_distribution(step, session).misses)]}


def decide(step: Step) -> Mapping[str, Json]:
    """`regu.calibration.decide` (form: moves, override_reason): the leader above closes it.

    A distribution that misses its pattern stands with his reason. Everybody of the units is told
    by a message, so that his evaluation goes on.
    """
    session = _session(step)
    office = _mover(step, session).office
    if office != session.leader_id:
        raise AccessRefused("calibration:close", session.id)
    _move_all(step, session)
    found, reason = _distribution(step, session), step.text("override_reason")
    refuse(
        check_override(missed=len(found.misses), reason=reason), override_reason="override_reason"
    )
    with refused():
        closed = close(session, reason=reason, missed=len(found.misses), at=step.now)
    step.uow.judging.put(closed)
    if closed.reason:
        overridden(step, OverrideKind.DISTRIBUTION, session.id, closed.reason)
    step.note(_stream(session), audit_tags.CALIBRATION_CLOSED, missed=len(found.misses))
    cycle = step.cycle()
    today = step.standing.today(cycle.agency_id)
    for unit_id in step.uow.judging.calibration_units(session.id):
        for person_id in step.uow.agency.residents(unit_id, today):
            key = f"{person_id}:{cycle.id}"
            step.means.announce(step.uow, step.actor, CALIBRATION_CLOSED, key)
    return {"moved": len(step.uow.judging.moves(session.id))}


def note_silent_raters(step: Step) -> Mapping[str, Json]:
    """`regu.calibration.note_silent_raters`: raters who let the time go by; their word stands."""
    session = _session(step)
    step.note(_stream(session), audit_tags.SILENCE_NOTED, task="propose_moves")
    return {}


def _move_all(step: Step, session: Calibration) -> None:
    """Every row of the form whose levels differ from the rating as it stands."""
    mover = _mover(step, session)
    known = {row.rating.person_id: row.rating for row in _ratings(step, session)}
    for n, row in enumerate(step.rows("moves")):
        rating = known.get(str(row.get("person_id")))
        if rating is None:
            raise fault(f"moves.{n}.person_id", "unknown_person", "is not rated in this session")
        levels = _levels(row, rating)
        if levels != (rating.result_level, rating.behaviour_level):
            _move(step, session, rating, (mover, levels, str(row.get("reason") or "").strip(), n))


def _levels(row: Mapping[str, Json], rating: Rating) -> tuple[Level | None, Level | None]:
    result, behaviour = row.get("result_level"), row.get("behaviour_level")
    return (
        Level(result) if result in set(Level) else rating.result_level,
        Level(behaviour) if behaviour in set(Level) else rating.behaviour_level,
    )


def _move(
    step: Step,
    session: Calibration,
    rating: Rating,
    wanted: tuple[Mover, tuple[Level | None, Level | None], str, int],
) -> None:
    mover, (result, behaviour), reason, n = wanted
    if rating.status is RatingStatus.FINAL or rating.result_level is None:
        raise Conflict("rating_final", rating=rating.id)
    if rating.behaviour_level is None or rating.predikat is None or None in (result, behaviour):
        raise Conflict("rating_unfinished", rating=rating.id)
    _require_mover(step, session, rating, (mover, reason, n))
    cycle = step.cycle()
    fixed = head_level(step, rating.person_id, cycle)
    if result is None or behaviour is None or (fixed is not None and result is not fixed):
        raise fault(f"moves.{n}.result_level", "head_level", "a head's result is his unit's")
    value = predikat(step.tables(cycle.agency_id), result, behaviour)
    after = replace(
        rating, result_level=result, behaviour_level=behaviour, predikat=value, at=step.now
    )
    made = next_version(step.uow, step.means.ids, rating, replace(after, reason=reason))
    row = Move(
        id=step.means.ids.uuid(),
        calibration_id=session.id,
        person_id=rating.person_id,
        rating_from=rating.id,
        rating_to=made.id,
        before_result=rating.result_level,
        before_behaviour=rating.behaviour_level,
        before_predikat=rating.predikat,
        after_result=result,
        after_behaviour=behaviour,
        after_predikat=value,
        moved_by=mover.person_id,
        on_behalf_of=mover.on_behalf_of,
        reason=reason,
        at=step.now,
    )
    before = f"{rating.result_level}/{rating.behaviour_level}"
    departure = (DeviationKind.CALIBRATION, None, before, f"{result}/{behaviour}", reason)
    step.uow.judging.add([row, kept_deviation(step, made, departure)])
    by = Official(person_id=mover.person_id, on_behalf_of=mover.on_behalf_of)
    overridden(step, OverrideKind.CALIBRATION, made.id, reason, by)
    step.note(_stream(session), audit_tags.RATING_MOVED, rating=made.id, move=row.id)


def _require_mover(
    step: Step, session: Calibration, rating: Rating, wanted: tuple[Mover, str, int]
) -> None:
    """Only a participant from the person's own chain moves him, with a reason."""
    mover, reason, n = wanted
    violations = check_move(
        person_id=rating.person_id,
        mover=mover,
        participants={row.person_id for row in step.uow.judging.participants(session.id)},
        chain=chain_of(step.standing, rating.person_id),
        reason=reason,
    )
    if any(one.code != "reason_missing" for one in violations):
        raise AccessRefused("calibration:move", violations[0].code)
    refuse(violations, reason_missing=f"moves.{n}.reason")


def _mover(step: Step, session: Calibration) -> Mover:
    """The actor as a participant, or as who stands in for one today."""
    takes_part = [row.person_id for row in step.uow.judging.participants(session.id)]
    if step.person in takes_part:
        return Mover(person_id=step.person)
    for absent in takes_part:
        if step.standing.substitute(absent) == step.person:
            step.in_office(Official(person_id=step.person, on_behalf_of=absent))
            return Mover(person_id=step.person, on_behalf_of=absent)
    raise AccessRefused("calibration:move", session.id)


def _ratings(step: Step, session: Calibration) -> Sequence[UnitRating]:
    cycle = step.cycle()
    units = step.uow.judging.calibration_units(session.id)
    today = step.standing.today(cycle.agency_id)
    rows = step.uow.judging.ratings_of(units, cycle.id, today)
    return [row for row in rows if row.rating.predikat is not None]


def _distribution(step: Step, session: Calibration) -> Distribution:
    cycle: Cycle = step.cycle()
    today = step.standing.today(cycle.agency_id)
    tables = step.tables(cycle.agency_id)
    return distribution(step.uow, tables, session.unit_id, cycle, today)


def _session(step: Step) -> Calibration:
    found = step.uow.judging.get(Calibration, step.ref("calibration_id"))
    if found is None:
        raise NotFound("calibration", step.ref("calibration_id"))
    return found


def _stream(session: Calibration) -> str:
    return f"calibration:{session.id}"


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.calibration.open": open_session,
    "regu.calibration.gather": gather,
    "regu.calibration.move": move,
    "regu.calibration.note_silent_raters": note_silent_raters,
    "regu.calibration.decide": decide,
}

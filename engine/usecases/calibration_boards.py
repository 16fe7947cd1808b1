"""The calibration of a unit as a board: who stands where, what the pattern asks, who moved whom.

Moves go through the open task of the session (Tinjau penilaian sendiri, Putuskan kalibrasi): here
they are kept as that task's draft until its holder completes it, so there is one door to the rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from engine.domain.calibration import Mover, Part, check_move
from engine.domain.ratings import Level, people_at_least, people_at_most
from engine.domain.units import Unit
from engine.usecases import unit_patterns
from engine.usecases.books import cycle_of
from engine.usecases.decisions import Tables
from engine.usecases.errors import AccessRefused, Conflict, FieldFault, InputRefused, NotFound
from engine.usecases.evaluation_tables import pattern, predikat, smallest_unit
from engine.usecases.means import means_of
from engine.usecases.organisation import Standing
from engine.usecases.rating_sheets import chain_of
from engine.usecases.relations import require_unit
from engine.usecases.rights import may
from engine.usecases.task_views import task_view
from engine.usecases.tasks import save_draft

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.calibration import Calibration, Move, Participant
    from engine.domain.cycles import Cycle
    from engine.domain.ratings import Predikat
    from engine.usecases.actor import Actor
    from engine.usecases.ports.judging import RaterSums, SessionLine, UnitRating
    from engine.usecases.ports.process import UserTaskRow
    from engine.usecases.ports.work import House, UnitOfWork
    from engine.usecases.unit_patterns import Distribution

PROCESS: Final = "calibration"
#: calibration tasks of one person that are looked through
TASKS_MAX: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What the pattern asks of some predikats together, in people."""

    predikats: frozenset[Predikat]
    at_most: int | None
    at_least: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A session, or a unit whose session has not begun, as the asker may see it."""

    unit: Unit
    units: Mapping[str, Unit]
    cycle: Cycle
    session: Calibration | None
    participants: Sequence[Participant]
    found: Distribution
    bounds: Sequence[Bound]
    #: fewer people than this are counted with the unit above
    smallest: int
    #: ratings whose person the asker may see; the others are only counted
    rows: Sequence[UnitRating]
    hidden: int
    moves: Sequence[Move]
    sums: Sequence[RaterSums]
    #: (result, behaviour) -> predikat
    cells: Mapping[tuple[Level, Level], Predikat]
    names: Mapping[str, str]
    #: the asker's open task of this session
    task: UserTaskRow | None
    #: whether that task closes the session
    decides: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMove:
    """Move somebody in the draft of one's calibration task."""

    unit_id: str
    person_id: str
    result: Level
    behaviour: Level
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """Sessions of a cycle that the asker may open."""

    cycle: Cycle
    units: Mapping[str, Unit]
    lines: Sequence[SessionLine]
    names: Mapping[str, str]
    #: units of sessions in which a task waits for the asker
    mine: frozenset[str]


def sessions(
    house: House, actor: Actor, wanted: str | None = None, *, after: str = "", limit: int = 51
) -> Sessions:
    """Every session of the agency for who reads its reports, else those one takes part in.

    Keyset paged by the code of the unit.
    """
    if actor.agency_id is None:
        raise NotFound("agency", actor.name)
    with house.reading() as uow:
        cycle = cycle_of(uow, actor.agency_id, wanted)
        whose = None if may(actor, "report:read") else actor.person_id or ""
        today = Standing(uow, house.clock.now()).today(cycle.agency_id)
        lines = uow.judging.sessions(cycle.id, today, person_id=whose, after=after, limit=limit)
        units = {unit.id: unit for unit in uow.agency.units(cycle.agency_id)}
        return Sessions(
            cycle=cycle,
            units=units,
            lines=lines,
            names=uow.agency.names([line.leader_id for line in lines]),
            mine=frozenset(_tasks(house, uow, actor, cycle)),
        )


def board(house: House, actor: Actor, unit_id: str, wanted: str | None = None) -> Board:
    """The board of the unit's session; `NotFound` for who neither reads the unit nor takes part.

    Participants see those whom they rate; whoever stands above the unit's head, and those who
    read the agency's reports, see everybody but themselves.
    """
    with house.reading() as uow:
        place = _Place(house, uow, actor, unit_id, wanted)
        session, cycle = place.session, place.cycle
        found = unit_patterns.distribution(uow, place.tables, unit_id, cycle, place.today)
        every = uow.judging.ratings_of(found.pool.unit_ids, cycle.id, place.today)
        rows = [row for row in every if row.rating.predikat is not None and place.sees(row)]
        moves = uow.judging.moves(session.id) if session else ()
        task = _tasks(house, uow, actor, cycle).get(session.unit_id) if session else None
        raters = {one.person_id for one in place.participants} | _raters(every)
        sums = [one for one in uow.judging.rater_sums(cycle.id) if one.rater_id in raters]
        return Board(
            unit=place.unit,
            units={unit.id: unit for unit in uow.agency.units(cycle.agency_id)},
            cycle=cycle,
            session=session,
            participants=place.participants,
            found=found,
            bounds=_bounds(place.tables, found),
            smallest=smallest_unit(place.tables),
            rows=rows,
            hidden=found.rated - len(rows),
            moves=[move for move in moves if move.person_id in {r.rating.person_id for r in rows}],
            sums=[one for one in sums if place.sees_all or one.rater_id in place.offices],
            cells=_cells(place.tables),
            names=uow.agency.names([*raters, *(move.moved_by for move in moves)]),
            task=task,
            decides=task is not None and task.element_id == "decide_calibration",
        )


def plan_move(house: House, actor: Actor, command: PlanMove) -> None:
    """Keep a move in the draft of the asker's open task of the session.

    `NotFound` as `board`; `Conflict` while no task waits for him; `InputRefused` without a
    reason; `AccessRefused` where the rule would not let him move this person.
    """
    with house.reading() as uow:
        place = _Place(house, uow, actor, command.unit_id, None)
        session = place.session
        task = _tasks(house, uow, actor, place.cycle).get(session.unit_id) if session else None
        if session is None or task is None:
            raise Conflict("no_open_task", unit=command.unit_id)
        holder = task.assignee or actor.person_id or ""
        mover = Mover(
            person_id=actor.person_id or "",
            on_behalf_of=None if holder == actor.person_id else holder,
        )
        violations = check_move(
            person_id=command.person_id,
            mover=mover,
            participants={one.person_id for one in place.participants},
            chain=chain_of(place.standing, command.person_id),
            reason="-",  # asked for below, where the form is
        )
        if violations:
            raise AccessRefused("calibration:move", violations[0].code)
    view = task_view(house, actor, task.key)
    rows = drafted_rows(view.variables, view.draft)
    place_of = {str(row["person_id"]): n for n, row in enumerate(shown_rows(view.variables))}
    if command.person_id not in place_of:
        raise NotFound("rating", command.person_id)
    at = place_of[command.person_id]
    wanted = (command.result.value, command.behaviour.value)
    shown = shown_rows(view.variables)[at]
    moves = wanted != (shown["result_level"], shown["behaviour_level"])
    if moves and not command.reason.strip():
        raise InputRefused(FieldFault(field="reason", code="required", message="why?"))
    rows[at] = {
        "result_level": wanted[0],
        "behaviour_level": wanted[1],
        "reason": command.reason.strip() if moves else "",
    }
    save_draft(house, actor, task.key, {**(view.draft or {}), "moves": rows})


def shown_rows(variables: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Rows of the task's form as it begins: one per rating."""
    rows = variables.get("moves")
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list | tuple) else []


def drafted_rows(
    variables: Mapping[str, Any], draft: Mapping[str, Any] | None
) -> list[dict[str, Any]]:
    """What each row holds now: as drafted, else as it begins."""
    kept = (draft or {}).get("moves")
    typed = kept if isinstance(kept, list) else []
    found = []
    for n, row in enumerate(shown_rows(variables)):
        own = typed[n] if n < len(typed) and isinstance(typed[n], dict) else {}
        found.append(
            {
                "result_level": own.get("result_level") or row["result_level"],
                "behaviour_level": own.get("behaviour_level") or row["behaviour_level"],
                "reason": own.get("reason") or "",
            }
        )
    return found


class _Place:
    """The session that a unit is in, and what the asker may see of it."""

    def __init__(
        self, house: House, uow: UnitOfWork, actor: Actor, unit_id: str, wanted: str | None
    ) -> None:
        unit = uow.agency.get(Unit, unit_id)
        if unit is None:
            raise NotFound("unit", unit_id)
        now = house.clock.now()
        means = means_of(house)
        self.unit = unit
        self.standing = Standing(uow, now)
        self.tables = Tables(means, uow, now, unit.agency_id)
        self.today = self.standing.today(unit.agency_id)
        self.cycle = cycle_of(uow, unit.agency_id, wanted)
        self.session = uow.judging.calibration_of(unit_id, self.cycle.id)
        self.participants = uow.judging.participants(self.session.id) if self.session else ()
        self.person_id = actor.person_id
        #: the participants that the asker is or stands in for
        self.offices = frozenset(
            one.person_id
            for one in self.participants
            if actor.person_id in (one.person_id, self.standing.substitute(one.person_id))
        )
        if not self.offices:
            require_unit(self.standing, actor, unit)
        leads = any(
            one.person_id in self.offices and one.part is Part.LEADER for one in self.participants
        )
        reads = may(actor, "report:read") and actor.agency_id == unit.agency_id
        self.sees_all = (
            leads or reads or self._above(self.session.unit_id if self.session else unit_id)
        )

    def sees(self, row: UnitRating) -> bool:
        """Whether the asker sees whose rating this is; his own comes to him signed."""
        rating = row.rating
        if rating.person_id == self.person_id:
            return False
        mine = self.offices | {self.person_id}
        return self.sees_all or rating.rater_id in mine or rating.on_behalf_of in mine

    def _above(self, unit_id: str) -> bool:
        head = self.standing.head(unit_id)
        if head is None or self.person_id is None:
            return False
        above = self.standing.superiors(head.on_behalf_of or head.person_id)
        return self.person_id in {official.person_id for official in above}


def _tasks(house: House, uow: UnitOfWork, actor: Actor, cycle: Cycle) -> Mapping[str, UserTaskRow]:
    """Unit -> the open task of its session that the asker may take; its decision before others."""
    held = uow.work_list.mine(actor, now=house.clock.now(), process_id=PROCESS, limit=TASKS_MAX)
    matters = uow.radar.matters([task.root_key for task in held])
    found: dict[str, UserTaskRow] = {}
    for task in sorted(held, key=lambda one: one.element_id != "decide_calibration"):
        unit_id, _, cycle_id = matters.get(task.root_key, "").partition(":")
        if cycle_id == cycle.id:
            found.setdefault(unit_id, task)
    return found


def _raters(rows: Sequence[UnitRating]) -> set[str]:
    return {name for row in rows for name in (row.rating.rater_id, row.rating.on_behalf_of) if name}


def _bounds(tables: Tables, found: Distribution) -> Sequence[Bound]:
    if found.org_level is None:
        return ()
    return [
        Bound(
            predikats=rule.predikats,
            at_most=people_at_most(rule, found.rated),
            at_least=people_at_least(rule, found.rated),
        )
        for rule in pattern(tables, found.org_level)
    ]


def _cells(tables: Tables) -> Mapping[tuple[Level, Level], Predikat]:
    return {
        (result, behaviour): predikat(tables, result, behaviour)
        for result in Level
        for behaviour in Level
    }

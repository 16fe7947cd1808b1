"""An agency's calendar: days off of a year, added and withdrawn by letter; deadlines heed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from engine.domain.calendar import Holiday
from engine.usecases import audit_tags
from engine.usecases.agency_health import OVERSEE, agency_of
from engine.usecases.audit import note
from engine.usecases.errors import Conflict, FieldFault, InputRefused
from engine.usecases.once import repeated
from engine.usecases.organisation import Standing
from engine.usecases.ports.administration import CalendarChange
from engine.usecases.rights import require

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.administration import DayOff
    from engine.usecases.ports.work import House, UnitOfWork

#: the right to change an agency's own days
KEEP: Final = "calendar:keep"
_WORDS_MAX: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDay:
    """A day off that is added, or an agency's own that is withdrawn."""

    day: date | None
    #: what the day is; not asked when it is withdrawn
    name: str = ""
    #: the letter that says so
    letter_no: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearOff:
    """Days off of a year, and who changed them."""

    year: int
    days: Sequence[DayOff]
    #: newest first
    changes: Sequence[CalendarChange]


def year_off(house: House, actor: Actor, year: int | None) -> YearOff:
    """The calendar of the actor's agency in a year (this one)."""
    require(actor, OVERSEE)
    agency_id = agency_of(actor)
    with house.reading() as uow:
        wanted = year or Standing(uow, house.clock.now()).today(agency_id).year
        first, last = date(wanted, 1, 1), date(wanted, 12, 31)
        return YearOff(
            year=wanted,
            days=uow.administration.days_off(agency_id, first, last),
            changes=uow.administration.changes(agency_id, first, last),
        )


@repeated
def add_day(house: House, actor: Actor, command: ChangeDay) -> None:
    """Add a day off of the agency's own, from today on.

    `InputRefused` names every fault: days gone by have been counted already.
    """
    require(actor, KEEP)
    agency_id = agency_of(actor)
    with house.writing() as uow:
        day = _checked(house, uow, agency_id, command, named=True)
        known = uow.administration.days_off(agency_id, day, day)
        if known:
            raise _refused("day", "day_known", "this is a day off already")
        uow.agency.add([Holiday(day=day, name=command.name.strip(), agency_id=agency_id)])
        _keep(house, uow, actor, (day, command.name.strip(), command))
        uow.commit()


@repeated
def withdraw_day(house: House, actor: Actor, command: ChangeDay) -> None:
    """Make one of the agency's own days off a working day again, from today on."""
    require(actor, KEEP)
    agency_id = agency_of(actor)
    with house.writing() as uow:
        day = _checked(house, uow, agency_id, command, named=False)
        own = [row for row in uow.administration.days_off(agency_id, day, day) if not row.national]
        if not own or not uow.administration.drop_day(agency_id, day):
            raise Conflict("day_not_own", day=day.isoformat())
        _keep(house, uow, actor, (day, own[0].name, command), withdrawn=True)
        uow.commit()


def _checked(
    house: House, uow: UnitOfWork, agency_id: str, command: ChangeDay, *, named: bool
) -> date:
    faults = [
        FieldFault(field=name, code="required", message=f"the {name} is needed")
        for name in (*(("name",) if named else ()), "letter_no", "reason")
        if not str(getattr(command, name)).strip()
    ]
    faults += [
        FieldFault(field=name, code="too_long", message=f"at most {_WORDS_MAX} characters")
        for name in ("name", "letter_no", "reason")
        if len(getattr(command, name)) > _WORDS_MAX
    ]
    if command.day is None:
        faults.append(FieldFault(field="day", code="required", message="the day is needed"))
    elif command.day < Standing(uow, house.clock.now()).today(agency_id):
        faults.append(FieldFault(field="day", code="day_gone", message="this day has gone by"))
    if faults or command.day is None:
        raise InputRefused(*faults)
    return command.day


def _keep(
    house: House,
    uow: UnitOfWork,
    actor: Actor,
    change: tuple[date, str, ChangeDay],
    *,
    withdrawn: bool = False,
) -> None:
    day, name, command = change
    row = CalendarChange(
        id=house.ids.uuid(),
        agency_id=agency_of(actor),
        day=day,
        name=name,
        withdrawn=withdrawn,
        letter_no=command.letter_no.strip(),
        reason=command.reason.strip(),
        made_by=actor.name,
        at=house.clock.now(),
    )
    uow.administration.add_change(row)
    note(
        house,
        uow,
        actor,
        stream=f"agency:{row.agency_id}",
        act=audit_tags.DAY_WITHDRAWN if withdrawn else audit_tags.DAY_ADDED,
        facts={"change": row.id, "day": day.isoformat()},
    )


def _refused(field: str, code: str, message: str) -> InputRefused:
    return InputRefused(FieldFault(field=field, code=code, message=message))

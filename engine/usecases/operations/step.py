"""One call of an operation: references, typed form values, who acts, and clear refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from engine.domain.cycles import Cycle, Period, period_of
from engine.domain.errors import (
    Malformed,
    NobodyFound,
    NotEntitled,
    RuleBroken,
    TransitionRefused,
    Violation,
)
from engine.domain.organisation import Official
from engine.usecases.decisions import Tables
from engine.usecases.errors import (
    AccessRefused,
    Conflict,
    FieldFault,
    InputRefused,
    NotFound,
)
from engine.usecases.organisation import Standing
from engine.usecases.rights import PERF_ADMIN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from engine.usecases.actor import Actor
    from engine.usecases.means import Means
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.runner import OperationCall
    from engine.usecases.ports.work import UnitOfWork

Word = TypeVar("Word", bound=StrEnum)

#: rows of a multi-instance that carry references themselves
_ROWS = ("member", "party", "unit", "period")


class NobodyLeft(AccessRefused):
    """The line of those who could do this has ended; the act is nobody's inside the agency."""


class Step:
    """An operation's view of its call."""

    def __init__(self, means: Means, call: OperationCall) -> None:
        self.means = means
        self.call = call
        self.uow: UnitOfWork = call.uow
        self.now: datetime = call.now
        self.actor: Actor = call.actor

    @cached_property
    def standing(self) -> Standing:
        """Who stands where today."""
        return Standing(self.uow, self.now)

    def tables(self, agency_id: str | None) -> Tables:
        """The agency's decisions today."""
        return Tables(self.means, self.uow, self.now, agency_id)

    def ref(self, name: str) -> str:
        """A reference among the variables, or inside the row of a multi-instance."""
        found = self.maybe(name)
        if found is None:
            raise Conflict("variable_missing", variable=name, element=self.call.element_id)
        return found

    def maybe(self, name: str) -> str | None:
        """A reference, None when there is none."""
        places: list[tuple[Json, str]] = [(self.call.variables, name)]
        for row in _ROWS:
            places.append((self.call.variables.get(row), name))
            if name == f"{row}_id":
                places.append((self.call.variables.get(row), "id"))
        # the row of a multi-instance is nearer than a variable of the same name outside
        for place, key in reversed(places):
            value = place.get(key) if isinstance(place, Mapping) else None
            if isinstance(value, str) and value:
                return value
        return None

    def text(self, key: str) -> str:
        """Words of a form field, "" when empty."""
        value = self.call.form.get(key)
        return value.strip() if isinstance(value, str) else ""

    def word(self, key: str, words: type[Word]) -> Word:
        """One word of an enumeration."""
        value = self.call.form.get(key)
        known = {word.value: word for word in words}
        if not isinstance(value, str) or value not in known:
            raise InputRefused(_fault(key, "unknown_word", f"one of {', '.join(known)}"))
        return known[value]

    def rows(self, key: str) -> list[Mapping[str, Json]]:
        """Rows of a list field."""
        value = self.call.form.get(key)
        listed = value if isinstance(value, Sequence) and not isinstance(value, str) else []
        return [row for row in listed if isinstance(row, Mapping)]

    def decimal(self, key: str) -> Decimal | None:
        """A number of the form, None when empty."""
        return as_decimal(self.call.form.get(key), key)

    @property
    def person(self) -> str:
        """The human who acts, by his own name; `AccessRefused` for anybody else."""
        if self.actor.person_id is None:
            raise AccessRefused(self.call.element_id, self.actor.name)
        return self.actor.person_id

    def require_person(self, person_id: str) -> str:
        """Only this person himself."""
        if self.person != person_id:
            raise AccessRefused(self.call.element_id, person_id)
        return person_id

    def require_not_own(self, person_id: str) -> None:
        """`AccessRefused` when the human behind an automatic step is the person it is about."""
        if self.actor.human == person_id:
            raise AccessRefused(self.call.element_id, "own matter")

    def require_office(self, *holders: Official | None, subject_id: str) -> Official:
        """The actor in the office of one of the holders, or as a holder's substitute.

        Nobody acts in a matter of his own: not as holder, not as substitute, not for himself.
        """
        person = self.person
        if person == subject_id:
            raise AccessRefused(self.call.element_id, "own matter")
        for holder in holders:
            if holder is None or subject_id == holder.on_behalf_of:
                continue
            if person == holder.person_id:
                return self.in_office(holder)
            if person in self.standing.stand_ins(holder.person_id):
                return self.in_office(Official(person_id=person, on_behalf_of=holder.person_id))
        raise AccessRefused(self.call.element_id, subject_id)

    def in_office(self, office: Official) -> Official:
        """The office, and from here on both names in what this call notes ("B for A")."""
        if office.on_behalf_of is not None and self.actor.person_id == office.person_id:
            self.actor = self.actor.acting_for(office.on_behalf_of)
        return office

    def require_office_or_admin(self, holder: Official | None, subject_id: str) -> Official:
        """As `require_office`; where nobody holds it (the top), perf_admin records for outside."""
        if holder is None and PERF_ADMIN in self.actor.groups and self.person != subject_id:
            return Official(person_id=self.person)
        return self.require_office(holder, subject_id=subject_id)

    def cycle(self) -> Cycle:
        """The cycle the process runs for."""
        cycle_id = self.ref("cycle_id")
        found = self.uow.performance.get(Cycle, cycle_id)
        if found is None:
            raise NotFound("cycle", cycle_id)
        return found

    def period(self) -> Period:
        """The period the process speaks of."""
        period_id = self.ref("period_id")
        found = self.uow.performance.get(Period, period_id)
        if found is None:
            raise NotFound("period", period_id)
        return found

    def period_now(self, cycle: Cycle) -> Period:
        """The period of today, else the nearest."""
        periods = self.uow.performance.periods(cycle.id)
        today = self.standing.today(cycle.agency_id)
        return period_of(today, periods) or (periods[0] if today < cycle.starts_on else periods[-1])

    def note(self, stream: str, act: str, **facts: Json) -> None:
        """One audit entry, with both names of a substitute."""
        self.means.note(self.uow, self.actor, stream, act, **facts)


def as_decimal(value: Any, field: str) -> Decimal | None:
    """A number as the form brings it; `InputRefused` for anything else."""
    if value is None or value == "":
        return None
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return Decimal(value)
    raise InputRefused(_fault(field, "not_a_number", "a number is needed"))


def as_bp(value: Any, field: str) -> int | None:
    """Percent with at most two decimals as basis points."""
    percent = as_decimal(value, field)
    if percent is None:
        return None
    scaled = percent * 100
    if scaled != scaled.to_integral_value():
        raise InputRefused(_fault(field, "too_many_decimals", "at most two decimals"))
    return int(scaled)


def as_date(value: Any, field: str) -> date | None:
    """A day of the form, None when there is none; `InputRefused` for anything else."""
    if not isinstance(value, str) or not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise fault(field, "bad_date", "not a date") from error


def date_of(value: Any, field: str) -> date:
    """A day of the form; `InputRefused` without one."""
    found = as_date(value, field)
    if found is None:
        raise fault(field, "required", "name the day")
    return found


@contextmanager
def refused(**fields: str) -> Iterator[None]:
    """Domain errors leave as refusals; `fields` names the field of a broken rule by its code."""
    try:
        yield
    except RuleBroken as broken:
        raise InputRefused(*(_of(v, fields) for v in broken.violations)) from broken
    except NotEntitled as error:
        raise AccessRefused(error.act, error.reason) from error
    except NobodyFound as error:
        raise NobodyLeft(error.act, error.subject) from error
    except TransitionRefused as error:
        raise Conflict("state", kind=error.kind, state=error.state, act=error.act) from error
    except Malformed as error:
        field = fields.get(error.kind, "")
        raise InputRefused(_fault(field, "malformed", f"{error.kind}: {error.reason}")) from error


def refuse(violations: Sequence[Violation], **fields: str) -> None:
    """`InputRefused` with every violation; nothing when there is none."""
    if violations:
        raise InputRefused(*(_of(v, fields) for v in violations))


def fault(field: str, code: str, message: str) -> InputRefused:
    """A refusal of one field."""
    return InputRefused(_fault(field, code, message))


def _of(violation: Violation, fields: Mapping[str, str]) -> FieldFault:
    field = fields.get(violation.code, fields.get("other", ""))
    return _fault(field, violation.code, violation.message)


def _fault(field: str, code: str, message: str) -> FieldFault:
    return FieldFault(field=field, code=code, message=message)

"""Who heads a unit, who rates whom, who stands in for whom on a day; never oneself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.domain.people import AppointmentKind
from engine.domain.substitutions import Scope, stand_ins
from engine.domain.units import ancestors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from engine.domain.people import Appointment, Substitution
    from engine.domain.units import Post, Unit

#: in an absence the plh acts before the holder; a plt only where nobody holds the post
_ORDER = {AppointmentKind.PLH: 0, AppointmentKind.DEFINITIVE: 1, AppointmentKind.PLT: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """Who acts, and for whom when acting (both names are recorded)."""

    #: the person who acts
    person_id: str
    #: the absent holder (plh) or absent person (substitution)
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """The facts these rules read; dated rows, so any past day can be asked."""

    #: units by id
    units: Mapping[str, Unit]
    #: posts by id
    posts: Mapping[str, Post]
    #: all appointments
    appointments: tuple[Appointment, ...]
    #: all substitutions
    substitutions: tuple[Substitution, ...] = ()
    #: appointments by person, for speed
    by_person: Mapping[str, tuple[Appointment, ...]] = field(init=False)
    #: appointments to head posts by unit, for speed
    heads: Mapping[str, tuple[Appointment, ...]] = field(init=False)

    def __post_init__(self) -> None:
        by_person: dict[str, list[Appointment]] = {}
        heads: dict[str, list[Appointment]] = {}
        for row in self.appointments:
            by_person.setdefault(row.person_id, []).append(row)
            post = self.posts.get(row.post_id)
            if post is not None and post.is_head:
                heads.setdefault(post.unit_id, []).append(row)
        object.__setattr__(self, "by_person", {k: tuple(v) for k, v in by_person.items()})
        object.__setattr__(self, "heads", {k: tuple(v) for k, v in heads.items()})


def main_appointment(org: Organisation, person_id: str, day: date) -> Appointment | None:
    """Promise: the appointment that gives a person his home: definitive before plt before plh."""
    held = [a for a in org.by_person.get(person_id, ()) if a.covers(day)]
    order = (AppointmentKind.DEFINITIVE, AppointmentKind.PLT, AppointmentKind.PLH)
    return min(held, key=lambda a: (order.index(a.kind), a.valid_from, a.id), default=None)


def home_unit(org: Organisation, person_id: str, day: date) -> str | None:
    """Promise: the unit of the main appointment on the day, None without one."""
    row = main_appointment(org, person_id, day)
    post = org.posts.get(row.post_id) if row is not None else None
    return post.unit_id if post is not None else None


def unit_head(org: Organisation, unit_id: str, day: date) -> Official | None:
    """Promise: who heads the unit that day: plh for the absent holder, the holder, else the plt."""
    held = [a for a in org.heads.get(unit_id, ()) if a.covers(day)]
    if not held:
        return None
    acts = min(held, key=lambda a: (_ORDER[a.kind], a.valid_from, a.id))
    if acts.kind is not AppointmentKind.PLH:
        return Official(person_id=acts.person_id)
    holders = [a for a in held if a.kind is not AppointmentKind.PLH]
    absent = min(holders, key=lambda a: (_ORDER[a.kind], a.id), default=None)
    for_whom = (
        absent.person_id if absent is not None and absent.person_id != acts.person_id else None
    )
    return Official(person_id=acts.person_id, on_behalf_of=for_whom)


def rater(org: Organisation, person_id: str, day: date) -> Official | None:
    """Promise: who rates the person that day (pejabat penilai kinerja); never himself.

    The rater named by decree, else the head of his unit; for a head, and for whoever stands in
    for one, the nearest head above. None at the top: the fallback group takes it.
    """
    row = main_appointment(org, person_id, day)
    if row is None:
        return None
    if row.rater_id is not None and row.rater_id != person_id:
        return Official(person_id=row.rater_id)
    post = org.posts.get(row.post_id)
    if post is None:
        return None
    units = ancestors(post.unit_id, org.units)
    if not post.is_head:
        units = (post.unit_id, *units)
    for unit_id in units:
        head = unit_head(org, unit_id, day)
        if head is not None and person_id not in (head.person_id, head.on_behalf_of):
            return head
    return None


def superiors(org: Organisation, person_id: str, day: date) -> tuple[Official, ...]:
    """Promise: rater, rater's rater and so on, nearest first; no one twice, never the person."""
    found: list[Official] = []
    seen = {person_id}
    step = rater(org, person_id, day)
    while step is not None and step.person_id not in seen:
        found.append(step)
        seen.add(step.person_id)
        # a plh's own superior is irrelevant: the line runs through the post he stands in for
        step = rater(org, step.on_behalf_of or step.person_id, day)
    return tuple(found)


def rater_superior(org: Organisation, person_id: str, day: date) -> Official | None:
    """Promise: the rater's superior (atasan pejabat penilai), None where there is none."""
    return next(iter(superiors(org, person_id, day)[1:]), None)


def substitute(
    org: Organisation, person_id: str, day: date, scope: str | None = Scope.ALL
) -> Official | None:
    """Promise: who stands in for an absent person in this scope, None when nobody does.

    His substitute, or that one's when both are away; `scope` None: a letter of any scope.
    """
    found = stand_ins(org.substitutions, person_id, day, scope)
    return Official(person_id=found[-1], on_behalf_of=person_id) if found else None


def acting(
    org: Organisation,
    official: Official,
    day: date,
    barred: Iterable[str] = (),
    scope: str = Scope.ALL,
) -> Official:
    """Promise: the official, or his substitute when he is away and the substitute is not barred."""
    stand_in = substitute(org, official.person_id, day, scope)
    if stand_in is None or stand_in.person_id in set(barred):
        return official
    return stand_in


def is_subordinate(org: Organisation, person_id: str, of_id: str, day: date) -> bool:
    """Promise: whether `of_id` stands above the person in the rating line."""
    return any(
        of_id in (step.person_id, step.on_behalf_of) for step in superiors(org, person_id, day)
    )

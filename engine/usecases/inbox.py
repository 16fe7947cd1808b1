"""The first screen of a person: what he must do by when, what waits for others, what changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from engine.domain.cycles import period_of
from engine.domain.outputs import OutputStatus
from engine.domain.plans import RoleKind
from engine.usecases.books import cycle_of
from engine.usecases.decisions import Tables
from engine.usecases.errors import FieldFault, InputRefused, NotFound
from engine.usecases.index import person_index
from engine.usecases.load import monthly_load
from engine.usecases.means import means_of
from engine.usecases.notices import CHANGES
from engine.usecases.organisation import Standing
from engine.usecases.ports.inbox import Sieve
from engine.usecases.ports.workplace import Snooze, Visit

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from decimal import Decimal

    from engine.domain.cycles import Cycle, Period
    from engine.usecases.actor import Actor
    from engine.usecases.index import PersonIndex, RolePlan
    from engine.usecases.ports.inbox import Face, Offered, WaitingClaim, Words
    from engine.usecases.ports.process import UserTaskRow
    from engine.usecases.ports.work import House, UnitOfWork
    from engine.usecases.ports.workplace import Notice, SavedFilter

#: the inbox among the screens that remember a visit and filters
SCREEN: Final = "inbox.show"
#: tasks that one press may put off or document
TOGETHER_MAX: Final = 50
#: the longest time for which a task may be put off
PUT_OFF_MAX: Final = timedelta(days=92)
#: changes shown at once
_CHANGES_SHOWN: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that changed for the reader, who did it and why."""

    notice: Notice
    #: name of who did it; "" for the engine by its clock
    by: str
    #: output, squad or other matter
    matter: str
    #: his words; "" where none are asked
    reason: str
    #: what was said, where it is feedback
    words: Sequence[Words]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstScreen:
    """What the inbox shows of one page of tasks."""

    rows: Sequence[UserTaskRow]
    #: whether another page follows
    more: bool
    faces: Mapping[int, Face]
    offered: Offered
    filters: Sequence[SavedFilter]
    #: filters that others share with him
    shared: Sequence[SavedFilter]
    #: his tasks on which somebody else works, with whom that is
    entrusted: Sequence[tuple[UserTaskRow, str]]
    claims: Sequence[WaitingClaim]
    changes: Sequence[Change]
    #: when he said last that he has seen what changed
    seen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleProgress:
    """One role of the reader in the strip above the lists."""

    name: str
    role_kind: RoleKind
    squad_id: str | None
    #: part of the year's work, basis points
    weight_bp: int
    #: A of the role so far; None while nothing counts
    attainment: Decimal | None
    #: outputs accepted of those he has a share in, or results documented of those planned
    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Where the reader stands in the cycle."""

    cycle: Cycle
    period: Period | None
    #: days to the end of the period, today not counted
    days_left: int | None
    roles: Sequence[RoleProgress]
    #: this month's load, basis points of full time
    load_bp: int


def first_screen(
    house: House,
    actor: Actor,
    sieve: Sieve,
    *,
    after: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> FirstScreen:
    """One page of the inbox; the number of statements does not grow with the tasks."""
    now = house.clock.now()
    with house.reading() as uow:
        found = uow.inbox.tasks(actor, sieve, now=now, after=after, limit=limit + 1)
        rows = found[:limit]
        person_id = actor.person_id
        visit = uow.workplace.visit(person_id, SCREEN) if person_id else None
        return FirstScreen(
            rows=rows,
            more=len(found) > limit,
            faces=uow.inbox.faces([row.key for row in rows], person_id),
            offered=uow.inbox.offered(actor, now=now),
            filters=uow.workplace.filters(person_id, SCREEN) if person_id else (),
            shared=_shared(uow, actor),
            entrusted=_entrusted(uow, actor),
            claims=_claims(uow, actor),
            changes=changes(uow, person_id) if person_id else (),
            seen_at=visit.at if visit else None,
        )


def _shared(uow: UnitOfWork, actor: Actor) -> Sequence[SavedFilter]:
    if actor.person_id is None or actor.agency_id is None:
        return ()
    return uow.workplace.shared_filters(actor.person_id, actor.agency_id, actor.groups, SCREEN)


def _entrusted(uow: UnitOfWork, actor: Actor) -> Sequence[tuple[UserTaskRow, str]]:
    if actor.person_id is None:
        return ()
    rows = uow.work_list.entrusted(actor.person_id)
    names = uow.agency.names(sorted({row.assignee for row in rows if row.assignee}))
    return [(row, names.get(row.assignee or "", "")) for row in rows]


def _claims(uow: UnitOfWork, actor: Actor) -> Sequence[WaitingClaim]:
    if actor.person_id is None or actor.agency_id is None:
        return ()
    try:
        cycle = cycle_of(uow, actor.agency_id, None)
    except NotFound:
        return ()
    return uow.inbox.waiting_claims(actor.person_id, cycle.id)


def changes(uow: UnitOfWork, person_id: str) -> Sequence[Change]:
    """What changed for a person and he has not read yet, newest first, with who and why."""
    found = uow.inbox.unread(person_id, CHANGES, _CHANGES_SHOWN)
    refs = {
        text
        for notice in found
        for value in notice.facts.values()
        for text in (value if isinstance(value, list) else [value])
        if isinstance(text, str)
    }
    reasons, titles = uow.inbox.reasons(refs), uow.inbox.titles(refs)
    words = uow.inbox.words(
        [text for notice in found for text in notice.facts.get("feedback_ids") or ()]
    )
    return [
        Change(
            notice=notice,
            by=titles.get(str(notice.facts.get("by")), ""),
            matter=_matter(notice, titles),
            reason=_first(reasons, notice.facts.values()),
            words=[words[one] for one in notice.facts.get("feedback_ids") or () if one in words],
        )
        for notice in found
    ]


def _matter(notice: Notice, titles: Mapping[str, str]) -> str:
    named = (notice.facts.get(name) for name in ("output_id", "squad_id", "rater_id", "person_id"))
    return _first(titles, named)


def _first(texts: Mapping[str, str], ids: object) -> str:
    wanted = ids if hasattr(ids, "__iter__") else ()
    return next((texts[one] for one in wanted if isinstance(one, str) and one in texts), "")


def strip(house: House, actor: Actor) -> Strip | None:
    """Where the reader stands; None for who has no cycle."""
    if actor.person_id is None or actor.agency_id is None:
        return None
    means = means_of(house)
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        try:
            cycle = cycle_of(uow, actor.agency_id, None)
        except NotFound:
            return None
        tables = Tables(means, uow, house.clock.now(), actor.agency_id)
        found = person_index(standing, tables, actor.person_id, cycle)
        today = standing.today(actor.agency_id)
        period = period_of(today, uow.performance.periods(cycle.id))
        load = monthly_load(standing, actor.person_id, cycle)
        return Strip(
            cycle=cycle,
            period=period,
            days_left=(period.ends_on - today).days if period else None,
            roles=[_progress(role, found) for role in found.roles if role.snapshot is None],
            load_bp=load.get(today.month, 0),
        )


def _progress(role: RolePlan, found: PersonIndex) -> RoleProgress:
    lines = {line.role: line for line in (found.index.lines if found.index else ())}
    line = lines.get(role.role)
    if role.role_kind is RoleKind.SQUAD:
        ended = (OutputStatus.ACCEPTED.value, OutputStatus.SEALED.value)
        done, total = sum(one.output_status in ended for one in role.lines), len(role.lines)
    else:
        noted = {row.item_id for row in role.progress}
        done, total = sum(item.id in noted for item in role.items), len(role.items)
    return RoleProgress(
        name=role.name,
        role_kind=role.role_kind,
        squad_id=role.squad_id,
        weight_bp=role.weight_bp,
        attainment=line.attainment if line else None,
        done=done,
        total=total,
    )


def put_off(
    house: House, actor: Actor, keys: Collection[int], until: datetime
) -> Sequence[UserTaskRow]:
    """Hide one's own tasks until then, at the latest until the day they are due; what was hidden.

    Nothing else changes: reminders and escalations go their way. `InputRefused` for a time that
    is past or too far away; `NotFound` when one of the tasks is not his.
    """
    now = house.clock.now()
    if actor.person_id is None:
        raise NotFound("person", actor.name)
    if not now < until <= now + PUT_OFF_MAX:
        raise InputRefused(FieldFault(field="until", code="out_of_range", message="a later day"))
    with house.writing() as uow:
        rows = _own(uow, actor, keys, now)
        zone = ZoneInfo(Standing(uow, now).zone(actor.agency_id))
        for row in rows:
            uow.workplace.snooze(
                Snooze(
                    person_id=actor.person_id,
                    task_key=row.key,
                    until_at=_seen_again(row, until, now, zone),
                )
            )
        uow.commit()
        return rows


def bring_back(house: House, actor: Actor, keys: Collection[int]) -> None:
    """Show tasks again that were put off; nothing happens to those that were not."""
    now = house.clock.now()
    if actor.person_id is None:
        raise NotFound("person", actor.name)
    with house.writing() as uow:
        for row in _own(uow, actor, keys, now):
            seen = Snooze(person_id=actor.person_id, task_key=row.key, until_at=now)
            uow.workplace.snooze(seen)
        uow.commit()


def say_seen(house: House, actor: Actor, notice_ids: Collection[str] | None) -> None:
    """He has read what changed: these notices, or all that are shown as changes."""
    if actor.person_id is None:
        raise NotFound("person", actor.name)
    now = house.clock.now()
    with house.writing() as uow:
        shown = uow.inbox.unread(actor.person_id, CHANGES, _CHANGES_SHOWN)
        ids = {one.id for one in shown} if notice_ids is None else set(notice_ids)
        uow.workplace.mark_read(actor.person_id, ids, now)
        uow.workplace.visited(Visit(person_id=actor.person_id, screen=SCREEN, at=now, seen={}))
        uow.commit()


def _own(
    uow: UnitOfWork, actor: Actor, keys: Collection[int], now: datetime
) -> Sequence[UserTaskRow]:
    wanted = tuple(sorted(set(keys)))
    if not 0 < len(wanted) <= TOGETHER_MAX:
        raise InputRefused(FieldFault(field="task", code="required", message="choose tasks"))
    sieve = Sieve(keys=wanted, put_off=None)
    rows = uow.inbox.tasks(actor, sieve, now=now, limit=len(wanted))
    missing = set(wanted) - {row.key for row in rows}
    if missing:
        raise NotFound("task", min(missing))
    return rows


def _seen_again(row: UserTaskRow, until: datetime, now: datetime, zone: ZoneInfo) -> datetime:
    """When it shows again: a task that is due comes back on its day."""
    if row.due_at is None:
        return until
    day = datetime.combine(row.due_at.astimezone(zone).date(), time(), zone).astimezone(UTC)
    return min(until, day) if day > now else until

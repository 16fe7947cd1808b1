"""What people say beside a task or its process, with files; whom they call; what they follow.

A remark stands beside one instance and is read by who may see that instance or takes part in it:
never by all of a tree, whose other branches are others' matters. It is never changed and never
in the audit; the audit says only that somebody spoke.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.claims import Evidence
from engine.usecases import audit_tags
from engine.usecases.accounts import actor_of
from engine.usecases.audit import note
from engine.usecases.errors import AccessRefused, Conflict, FieldFault, InputRefused, NotFound
from engine.usecases.following import (
    TOLD_AT_ONCE,
    Happened,
    may_join,
    may_look,
    path_of,
    tell_followers,
    tell_later,
)
from engine.usecases.notices import Kind, notify
from engine.usecases.once import recall, remember, repeated
from engine.usecases.ports.process import TaskState
from engine.usecases.ports.remarks import Remark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.files import EvidenceFiles
    from engine.usecases.ports.process import InstanceRow, Json, UserTaskRow
    from engine.usecases.ports.remarks import Heard
    from engine.usecases.ports.work import House, UnitOfWork

#: letters of a remark
TEXT_MAX: Final = 2_000
#: people that one remark may call
CALLED_MAX: Final = 20
#: remarks of one page
PAGE_MAX: Final = 200
#: "@" and a login, such as a NIP
_CALL: Final = re.compile(r"(?<![\w@])@([\w.-]{2,80})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Beside what something is said or followed: a task, else a process."""

    task_key: int | None = None
    instance_key: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Say something, or lay a file, beside a task or process."""

    at: Place
    text: str = ""
    #: people called, by id or login; those named "@login" in the text are called too
    mentions: tuple[str, ...] = ()
    #: a file that the speaker has kept
    evidence_id: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stands beside a task or process for its reader."""

    instance_key: int
    #: newest first
    remarks: Sequence[Heard]
    more: bool
    #: whom one may call: those who take part, by name
    people: Mapping[str, str]
    #: whether he follows the task, and the whole process
    follows_task: bool
    follows_process: bool


@repeated
def say(house: House, actor: Actor, command: Say) -> Mapping[str, Json]:
    """Keep a remark and tell whom it calls; {"id", "at"}.

    `NotFound` for what one may not see, `AccessRefused` without a person, `InputRefused` for
    nothing said, too much said, a file of somebody else, or a call to who may not see it.
    """
    text = command.text.strip()
    with house.writing() as uow:
        earlier = recall(uow, actor, command.idempotency_key, command)
        if earlier is not None:
            return earlier
        row, task = _seen(house, uow, actor, command.at)
        if actor.person_id is None:
            raise AccessRefused("remark:say", actor.name)
        _check_said(text, command)
        _check_file(uow, actor, command.evidence_id)
        said = Remark(
            id=house.ids.uuid(),
            instance_key=row.key,
            task_key=task.key if task else None,
            author_id=actor.person_id,
            text=text,
            mentions=_called(house, uow, actor, row, text, command.mentions),
            evidence_id=command.evidence_id,
            at=house.clock.now(),
        )
        uow.remarks.add(said)
        _tell(house, uow, actor, said, task)
        note(
            house,
            uow,
            actor,
            stream=f"instance:{row.root_key}",
            act=audit_tags.REMARK_SAID,
            facts={"remark": said.id, "task": str(task.key) if task else None},
        )
        answer = {"id": said.id, "at": said.at.isoformat()}
        remember(uow, house, actor, command.idempotency_key, command, answer)
        uow.commit()
        return answer


def beside(
    house: House, actor: Actor, at: Place, *, after: str | None = None, limit: int = 50
) -> Beside:
    """Remarks beside a task's instance or a process, newest first; `NotFound` for others."""
    rows = min(limit, PAGE_MAX)
    with house.reading() as uow:
        row, task = _seen(house, uow, actor, at)
        found = uow.remarks.heard(row.key, after=after, limit=rows + 1)
        followed = uow.remarks.watches(actor.person_id, row.key) if actor.person_id else frozenset()
        return Beside(
            instance_key=row.key,
            remarks=found[:rows],
            more=len(found) > rows,
            people=uow.remarks.people(row.key),
            follows_task=task is not None and task.key in followed,
            follows_process=0 in followed,
        )


def open_attachment(
    house: House, files: EvidenceFiles, actor: Actor, remark_id: str
) -> tuple[Evidence, bytes]:
    """A file laid beside the work, with its content; `NotFound` for who may not see the work."""
    with house.reading() as uow:
        found = uow.remarks.remark(remark_id)
        if found is None:
            raise NotFound("remark", remark_id)
        place = Place(instance_key=found.instance_key)
        try:
            _seen(house, uow, actor, place)
        except NotFound as error:
            raise NotFound("remark", remark_id) from error
        kept = uow.contributions.get(Evidence, found.evidence_id) if found.evidence_id else None
    if kept is None or not kept.sha256:
        raise NotFound("remark", remark_id)
    return kept, files.read(kept.sha256)


@repeated
def follow(house: House, actor: Actor, at: Place, *, wanted: bool) -> None:
    """Be told what happens to a task or process, or no longer; `Conflict` for what has ended.

    `NotFound` for what one may not see, and without a person.
    """
    with house.writing() as uow:
        row, task = _seen(house, uow, actor, at)
        if actor.person_id is None:
            raise NotFound("person", actor.name)
        key = task.key if task else 0
        if not wanted:
            uow.remarks.unwatch(actor.person_id, row.key, key)
        else:
            lives = task.state is TaskState.CREATED if task else row.status.lives
            if not lives:
                raise Conflict("it has ended", instanceKey=str(row.key))
            uow.remarks.watch(actor.person_id, row.key, key, house.clock.now())
        uow.commit()


def tell_ended(house: House) -> int:
    """Tell followers of what has ended or stopped at an incident since; how many.

    Background work, nobody's act.
    """
    with house.reading() as uow:
        if not uow.remarks.has_ended() and not uow.remarks.stopped(1):
            return 0
    with house.writing() as uow:
        stopped = uow.remarks.stopped(TOLD_AT_ONCE)
        tell_later(house, uow, stopped, Kind.FOLLOWED_INCIDENT)
        ended = uow.remarks.ended(TOLD_AT_ONCE)
        tell_later(house, uow, ended, Kind.FOLLOWED_ENDED)
        uow.commit()
    return len(stopped) + len(ended)


def _seen(
    house: House, uow: UnitOfWork, actor: Actor, at: Place
) -> tuple[InstanceRow, UserTaskRow | None]:
    """The instance and the task, when there is one; `NotFound` for who may not see them."""
    task = uow.processes.task(at.task_key) if at.task_key is not None else None
    if at.task_key is not None and task is None:
        raise NotFound("task", at.task_key)
    key = task.instance_key if task else at.instance_key or 0
    row = uow.processes.instance(key)
    if row is None or not may_look(house, uow, actor, row, task):
        raise NotFound("task" if task else "instance", at.task_key or key)
    return row, task


def _check_said(text: str, command: Say) -> None:
    if not text and command.evidence_id is None:
        raise InputRefused(FieldFault(field="text", code="required", message="say something"))
    if len(text) > TEXT_MAX:
        raise InputRefused(FieldFault(field="text", code="too_long", message="too long"))


def _check_file(uow: UnitOfWork, actor: Actor, evidence_id: str | None) -> None:
    """A file is the speaker's own and proves nothing elsewhere."""
    if evidence_id is None:
        return
    kept = uow.contributions.get(Evidence, evidence_id)
    if kept is None or kept.uploaded_by != actor.person_id or not kept.sha256:
        raise InputRefused(FieldFault(field="file", code="unknown_file", message="no such file"))
    if kept.claim_id is not None or kept.plan_item_id is not None:
        raise InputRefused(FieldFault(field="file", code="used_elsewhere", message="it is used"))


def _called(
    house: House,
    uow: UnitOfWork,
    actor: Actor,
    row: InstanceRow,
    text: str,
    mentions: Iterable[str],
) -> tuple[str, ...]:
    """Ids of those called; `InputRefused` for who is not known or may not see what is said."""
    wanted = dict.fromkeys([*mentions, *_CALL.findall(text)])
    if len(wanted) > CALLED_MAX:
        raise InputRefused(FieldFault(field="mentions", code="too_many", message="too many"))
    today = house.clock.now().date()
    found: dict[str, None] = {}
    for name in wanted:
        account = uow.accounts.account_of(name) or uow.accounts.account(name)
        if account is None or account.person_id is None or not account.active:
            raise InputRefused(
                FieldFault(field="mentions", code="unknown_person", message=f"nobody is {name}")
            )
        if not may_join(house, uow, actor_of(uow, account, today), row):
            raise InputRefused(
                FieldFault(field="mentions", code="called_outside", message="he may not see this")
            )
        if account.person_id != actor.person_id:
            found[account.person_id] = None
    return tuple(found)


def _tell(
    house: House, uow: UnitOfWork, actor: Actor, said: Remark, task: UserTaskRow | None
) -> None:
    """Whom it calls, and who follows what it stands beside."""
    notify(
        uow,
        house.ids,
        said.at,
        said.mentions,
        Kind.CALLED,
        key=f"called:{said.id}",
        path=path_of(said.instance_key),
        facts={"by": said.author_id, "title": task.name if task else ""},
    )
    what = Happened(
        kind=Kind.FOLLOWED_FILE if said.evidence_id else Kind.FOLLOWED_SAID,
        key=f"said:{said.id}",
        instance_key=said.instance_key,
        task=task,
        but=frozenset(said.mentions),
    )
    tell_followers(house, uow, actor, what)

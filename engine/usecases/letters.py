"""What a reminder or an escalation says, and to whom; nothing about anybody's performance.

A letter is written when it leaves, not when the drawing asked for it: by then the task may be
done. It names the task as the drawing does, when it is due, and where to find it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from engine.domain.calendar import local_day
from engine.usecases.organisation import DEFAULT_ZONE, Standing
from engine.usecases.ports.mail import Letter, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from engine.domain.people import Person
    from engine.usecases.ports.process import Json, UserTaskRow
    from engine.usecases.ports.work import UnitOfWork

REMINDER: Final = "reminder"
ESCALATION: Final = "escalation"
#: to whoever held a task until it moved to somebody else
MOVED: Final = "moved"
#: to somebody about whom something was decided that asks no task of him
NOTICE: Final = "notice"
#: what a notice is about -> its subject, its sentence, and the page where he reads it
NOTICES: Final = {
    "share_attested": (
        "Porsi Anda disahkan",
        (
            "Kontribusi Anda pada sebuah keluaran tim sudah disahkan. Bila tidak sesuai, sampaikan "
            "keberatan dari buku kontribusi selama jendela sengketa terbuka."
        ),
        "buku",
    ),
}

_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
_ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
_SUBJECTS = {REMINDER: "Pengingat", ESCALATION: "Perlu perhatian", MOVED: "Tugas dialihkan"}
_OPENINGS = {
    REMINDER: "Tugas berikut menunggu Anda di Regu:",
    ESCALATION: "Tugas berikut belum diselesaikan dan disampaikan kepada Anda:",
    MOVED: "Tugas berikut dialihkan kepada pejabat lain dan tidak lagi menunggu Anda:",
}
_FOOT = (
    "Surel ini dikirim otomatis oleh Regu; mohon tidak dibalas. Isi tugas hanya dapat dibaca "
    "setelah masuk."
)


class Desk:
    """Writes the letters of one message of the outbox."""

    def __init__(self, uow: UnitOfWork, now: datetime, public_url: str) -> None:
        """`now` is business time; `public_url` is where people reach the pages, "" if unsaid."""
        self._uow = uow
        self._now = now
        self._standing = Standing(uow, now)
        self._base = public_url.rstrip("/")

    def letters(
        self, kind: str, key: str, payload: Mapping[str, Json]
    ) -> Sequence[Letter] | Outcome:
        """One letter for each person with an address; or why there is none."""
        if kind == NOTICE:
            return self._notice(key, payload)
        instance = payload.get("instance_key")
        tasks = self._uow.processes.open_tasks(int(instance)) if isinstance(instance, str) else ()
        recipient = payload.get("recipient_id")
        if kind == MOVED:
            tasks = [task for task in tasks if str(task.key) == payload.get("reference_id")]
        elif isinstance(recipient, str):
            tasks = [task for task in tasks if _is_for(task, recipient)]
        if not tasks:
            return Outcome.NOT_NEEDED
        people = self._people(payload, tasks[0].agency_id)
        written = [self._letter(kind, key, person, tasks) for person in people if person.email]
        return written or Outcome.NO_ADDRESS

    def _notice(self, key: str, payload: Mapping[str, Json]) -> Sequence[Letter] | Outcome:
        subject, words, page = NOTICES[str(payload.get("subject"))]
        person = self._standing.person(str(payload.get("recipient_id")))
        if person is None or not person.email:
            return Outcome.NO_ADDRESS
        link = [f"  {self._base}/{page}"] if self._base else []
        lines = [f"Yth. {person.name},", "", words, "", *link, "", "-- ", _FOOT, ""]
        letter = Letter(
            key=f"{key}:{person.id}",
            name=person.name,
            address=person.email,
            subject=subject,
            text="\n".join(lines),
        )
        return [letter]

    def _people(self, payload: Mapping[str, Json], agency_id: str | None) -> Sequence[Person]:
        recipient, group = payload.get("recipient_id"), payload.get("group")
        if isinstance(recipient, str):
            return _known(self._standing.person(recipient))
        if not isinstance(group, str):
            return ()
        today = local_day(self._now, self._standing.zone(agency_id))
        people: list[Person] = []
        for login in self._uow.accounts.members(group, today, agency_id):
            account = self._uow.accounts.account(login)
            if account is not None and account.person_id is not None:
                people.extend(_known(self._standing.person(account.person_id)))
        return people

    def _letter(self, kind: str, key: str, person: Person, tasks: Sequence[UserTaskRow]) -> Letter:
        lines = [f"Yth. {person.name},", "", _OPENINGS[kind], ""]
        for task in tasks:
            lines.extend(self._about(kind, task))
        lines.extend(["", "-- ", _FOOT, ""])
        more = f" (+{len(tasks) - 1})" if len(tasks) > 1 else ""
        return Letter(
            key=f"{key}:{person.id}",
            name=person.name,
            address=person.email or "",
            subject=f"{_SUBJECTS[kind]}: {tasks[0].name}{more}",
            text="\n".join(lines),
        )

    def _about(self, kind: str, task: UserTaskRow) -> Sequence[str]:
        lines = [f"  {task.name}"]
        if task.due_at is not None:
            zone = self._standing.zone(task.agency_id)
            lines.append(f"  Batas waktu: {moment(task.due_at, zone)}")
        if self._base and kind != MOVED:
            # who is told of somebody else's task looks at the process, he cannot open the task
            page = f"tugas/{task.key}" if kind == REMINDER else f"proses/{task.root_key}"
            lines.append(f"  {self._base}/{page}")
        return lines


def moment(at: datetime, zone: str = DEFAULT_ZONE) -> str:
    """A moment as a letter says it: "Senin, 5 Januari 2026 pukul 16.00 WIB"."""
    there = at.astimezone(ZoneInfo(zone))
    day = f"{_DAYS[there.weekday()]}, {there.day} {_MONTHS[there.month - 1]} {there.year}"
    name = _ZONES.get(zone) or there.strftime("UTC%z")
    return f"{day} pukul {there:%H.%M} {name}"


def _known(person: Person | None) -> Sequence[Person]:
    return () if person is None else (person,)


def _is_for(task: UserTaskRow, person_id: str) -> bool:
    return task.assignee == person_id or ("user", person_id) in task.candidates

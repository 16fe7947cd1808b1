"""What a reminder or an escalation says, and to whom; nothing about anybody's performance.

A letter is written when it leaves, not when the drawing asked for it: by then the task may be
done. It names the task as the drawing does, when it is due, and where to find it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from engine.domain.calendar import local_day
from engine.usecases.calendar_words import weekday_words
from engine.usecases.letter_hours import leaves_at
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
    "share_adjusted": (
        "Porsi Anda disesuaikan",
        (
            "Porsi Anda pada sebuah keluaran tim disahkan dengan penyesuaian. Alasannya dan cara "
            "menanggapinya ada di buku kontribusi."
        ),
        "buku",
    ),
    "share_lowered": (
        "Porsi Anda diturunkan",
        (
            "Porsi Anda pada sebuah keluaran tim disahkan lebih rendah daripada klaim atau "
            "rencana. Alasannya dan cara menanggapinya ada di buku kontribusi."
        ),
        "buku",
    ),
    "share_plan_changed": (
        "Rencana porsi tim berubah",
        "Porsi yang diharapkan dari Anda pada sebuah keluaran tim berubah.",
        "tugas",
    ),
    "rater_changed": (
        "Pejabat penilai Anda berganti",
        (
            "Kinerja Anda dinilai oleh pejabat penilai yang lain. Siapa dan mulai kapan dapat "
            "dibaca di pemberitahuan Regu."
        ),
        "tugas",
    ),
    "dispute_decided": (
        "Sengketa diputuskan",
        "Sengketa porsi yang melibatkan Anda sudah diputuskan, beserta alasannya.",
        "buku",
    ),
    "place_offered": (
        "Anda diminta bergabung ke tim",
        "Sebuah tim kerja menawarkan tempat kepada Anda.",
        "tugas",
    ),
    "call_opened": (
        "Ada tempat terbuka di tim kerja",
        (
            "Sebuah tim kerja menerima sukarelawan. Kompetensi yang dicari dan batas waktu "
            "mendaftar ada di Regu. Anda menerima surel ini karena memilih diberi tahu tentang "
            "semua tempat terbuka."
        ),
        "tempat",
    ),
    "consent_decided": (
        "Izin unit asal diputuskan",
        "Permintaan izin keikutsertaan dalam tim kerja sudah diputuskan.",
        "tim",
    ),
    "evaluation_known": (
        "Hasil evaluasi dapat dibaca",
        "Hasil evaluasi kinerja Anda sudah dapat dibaca, beserta dasarnya.",
        "evaluasi",
    ),
    "work_failed": (
        "Pekerjaan panjang tidak selesai",
        "Pekerjaan yang Anda mulai di Regu tidak dapat diselesaikan. Sebabnya ada di halaman ini.",
        "kemajuan",
    ),
    "release_waiting": (
        "Usulan terbitan menunggu tinjauan Anda",
        "Sebuah perubahan proses diusulkan untuk diterbitkan dan menunggu tinjauan orang kedua.",
        "tinjauan",
    ),
    "release_decided": (
        "Usulan terbitan Anda diputuskan",
        "Usulan Anda untuk menerbitkan perubahan proses sudah diputuskan.",
        "tinjauan",
    ),
    "second_factor_reset": (
        "Faktor kedua akun Anda dihapus",
        (
            "Administrator menghapus faktor kedua akun Regu Anda; sesi Anda telah berakhir. Bila "
            "Anda tidak memintanya, segera hubungi administrator."
        ),
        "akun",
    ),
    "release_urgent": (
        "Versi lama diberlakukan kembali tanpa tinjauan",
        "Karena mendesak, sebuah versi lama diberlakukan kembali. Alasannya ada di Regu.",
        "tinjauan",
    ),
    "objection_decided": (
        "Keberatan diputuskan",
        "Keberatan atas hasil evaluasi sudah diputuskan, beserta alasannya.",
        "evaluasi",
    ),
}

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


_DIGEST = "Ringkasan Regu"
#: page where a person chooses when letters leave
_CHOICES = "pemberitahuan/pilihan"


@dataclass(frozen=True, slots=True)
class Entry:
    """What one message of the outbox says: a subject, how it opens, and its lines."""

    subject: str
    opening: str
    lines: Sequence[str]


class Desk:
    """Writes the letters of messages of the outbox."""

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
        entry = self.entry(kind, payload)
        if isinstance(entry, Outcome):
            return entry
        people = self.people(payload)
        written = [self._letter(key, person, entry) for person in people if person.email]
        return written or Outcome.NO_ADDRESS

    def entry(self, kind: str, payload: Mapping[str, Json]) -> Entry | Outcome:
        """What a message says today; `NOT_NEEDED` when its task is done or is another's."""
        if kind == NOTICE:
            return self._notice(payload)
        tasks = self._tasks(kind, payload)
        if not tasks:
            return Outcome.NOT_NEEDED
        lines = [line for task in tasks for line in self._about(kind, task)]
        more = f" (+{len(tasks) - 1})" if len(tasks) > 1 else ""
        return Entry(f"{_SUBJECTS[kind]}: {tasks[0].name}{more}", _OPENINGS[kind], lines)

    def digest(self, key: str, person_id: str, entries: Sequence[Entry]) -> Letter | Outcome:
        """One letter that says all of it; `NO_ADDRESS` for who has none."""
        person = self._standing.person(person_id)
        if person is None or not person.email:
            return Outcome.NO_ADDRESS
        lines = [f"Yth. {person.name},", "", f"Ada {len(entries)} hal untuk Anda di Regu.", ""]
        for number, entry in enumerate(entries, 1):
            lines.extend([f"{number}. {entry.subject}", f"  {entry.opening}", *entry.lines, ""])
        if self._base:
            lines.extend(["Atur kapan surel dikirim:", f"  {self._base}/{_CHOICES}", ""])
        return Letter(
            key=f"{key}:{person.id}",
            name=person.name,
            address=person.email,
            subject=f"{_DIGEST}: {len(entries)} hal",
            text="\n".join([*lines, "-- ", _FOOT, ""]),
        )

    def people(self, payload: Mapping[str, Json]) -> Sequence[Person]:
        """Whom a message is for: its recipient, or who is in its group today."""
        recipient, group = payload.get("recipient_id"), payload.get("group")
        if isinstance(recipient, str):
            return _known(self._standing.person(recipient))
        if not isinstance(group, str):
            return ()
        tasks = self._tasks(ESCALATION, payload)
        agency_id = tasks[0].agency_id if tasks else None
        today = local_day(self._now, self._standing.zone(agency_id))
        people: list[Person] = []
        for login in self._uow.accounts.members(group, today, agency_id):
            account = self._uow.accounts.account(login)
            if account is not None and account.person_id is not None:
                people.extend(_known(self._standing.person(account.person_id)))
        return people

    def hour(self, kind: str, payload: Mapping[str, Json], *, waited: bool) -> datetime:
        """When the message may leave by what its people chose; for a group when the last may.

        What is escalated belongs to no digest, but waits for the end of quiet hours.
        """
        hours = [self._now]
        for person in self.people(payload):
            chosen = self._uow.workplace.preference(person.id)
            zone = self._standing.zone(person.agency_id)
            urgent = kind == ESCALATION
            hours.append(leaves_at(chosen, self._now, zone, waited=waited, urgent=urgent))
        return max(hours)

    def _tasks(self, kind: str, payload: Mapping[str, Json]) -> Sequence[UserTaskRow]:
        instance, recipient = payload.get("instance_key"), payload.get("recipient_id")
        tasks = self._uow.processes.open_tasks(int(instance)) if isinstance(instance, str) else ()
        if kind == MOVED:
            return [task for task in tasks if str(task.key) == payload.get("reference_id")]
        if isinstance(recipient, str):
            return [task for task in tasks if _is_for(task, recipient)]
        return tasks

    def _notice(self, payload: Mapping[str, Json]) -> Entry:
        subject, words, page = NOTICES[str(payload.get("subject"))]
        path = str(payload.get("path") or page).lstrip("/")
        return Entry(subject, words, [f"  {self._base}/{path}"] if self._base else [])

    def _letter(self, key: str, person: Person, entry: Entry) -> Letter:
        lines = [f"Yth. {person.name},", "", entry.opening, "", *entry.lines, "", "-- ", _FOOT, ""]
        return Letter(
            key=f"{key}:{person.id}",
            name=person.name,
            address=person.email or "",
            subject=entry.subject,
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
    name = _ZONES.get(zone) or there.strftime("UTC%z")
    return f"{weekday_words(there)} pukul {there:%H.%M} {name}"


def _known(person: Person | None) -> Sequence[Person]:
    return () if person is None else (person,)


def _is_for(task: UserTaskRow, person_id: str) -> bool:
    return task.assignee == person_id or ("user", person_id) in task.candidates

"""Who may use which route: one table as data. `app.access_paper` makes docs/access.md of it.

A route that is not listed here fails the tests; the tests ask every route as every role and
compare the answers with this table, the groups of `rights` and the matrix of `access`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.access import Resource

if TYPE_CHECKING:
    from collections.abc import Mapping


class Rule(StrEnum):
    """How a route decides who may; the value is the sentence of docs/access.md."""

    PUBLIC = "anybody, signed in or not"
    SIGNED_IN = "everybody signed in, answered with what is his own"
    PERSON = "every person, for himself (an account without a person: 404)"
    UPLOADER = "every person, for himself (an account without a person: 403)"
    GROUP = "the groups of `{act}` (others: 403)"
    GROUP_HERE = "the groups of `{act}` (others: 403), for things of their own agency (others: 404)"
    INSTANCE = "who started it, and the groups of `instance:read` in its agency (others: 404)"
    COURSE = (
        "who started it, who has or had a task in it, the person it is about where its course "
        "is open to him, and the groups of `instance:read` in its agency (others: 404)"
    )
    STEER = (
        "the groups of `instance:steer` in its agency, never in a matter of their own "
        "(who only sees it: 403; others: 404)"
    )
    START = "whom the drawing's start event names (others: 404)"
    TASK_READ = (
        "who may take the task or took it, and the groups of `task:read` in its agency "
        "(others: 404)"
    )
    TASK_TAKE = (
        "its assignee or candidates and who stands in for them (who only sees the instance: 403; "
        "others: 404); the submit operation may still refuse a matter of one's own"
    )
    TASK_DRAFT = "its assignee or candidates and who stands in for them (others: 404)"
    TASK_ASSIGN = (
        "the groups of `task:assign` in its agency; a candidate to himself (who only may take "
        "it: 403; others: 404)"
    )
    TASK_GIVE_BACK = "who holds it, and the groups of `task:assign` in its agency (others: 404)"
    READ = "who may read `{resource}` of the person by the matrix (others: 404)"
    UNIT = (
        "the unit's head, everybody above him, and hr, perf_admin and auditor of its agency "
        "(others: 404)"
    )
    SQUAD = "who may read `ledger_line` of one of its members by the matrix (others: 404)"
    STEERS = (
        "who leads the squad today, its sponsor, and who stands in for one of them (who only may "
        "read a member's `ledger_line`: 403; others: 404)"
    )
    TAKES_OVER = (
        "who leads, led or is to lead the squad, its sponsor, and who stands in for one of them "
        "(who only may read a member's `ledger_line`: 403; others: 404)"
    )
    DISPUTE = (
        "members of the output and their raters (who only may read a member's `ledger_line`, and "
        "accounts without a person: 403; others: 404)"
    )
    CONSENT = (
        "the member's superiors, never he himself (who only may read his `ledger_line`: 403; "
        "others: 404)"
    )
    HEADS = (
        "heads for their own units and those below, and the groups of `{act}` for their whole "
        "agency (others: 403)"
    )
    BOARD = (
        "the unit's head, everybody above him, who takes part in its calibration, and hr, "
        "perf_admin and auditor of its agency (others: 404)"
    )
    MEMBER = "the member himself (who only may read his `ledger_line`: 403; others: 404)"


@dataclass(frozen=True, slots=True)
class Right:
    """The rule of one route with what it names."""

    rule: Rule
    #: for the rules that ask groups
    act: str = ""
    #: for the rules that ask the matrix
    resource: Resource | None = None

    def words(self) -> str:
        """The rule as a sentence."""
        return self.rule.value.format(act=self.act, resource=self.resource)


def _group(act: str) -> Right:
    return Right(Rule.GROUP, act)


def _here(act: str) -> Right:
    return Right(Rule.GROUP_HERE, act)


def _read(resource: Resource) -> Right:
    return Right(Rule.READ, resource=resource)


_PUBLIC, _SIGNED_IN = Right(Rule.PUBLIC), Right(Rule.SIGNED_IN)
_DRAW, _KNOW = _group("definition:deploy"), _group("definition:read")
_TAKE = Right(Rule.TASK_TAKE)
_WORK = _group("job:work")

#: "METHOD rule" -> right; methods that only look (HEAD, OPTIONS) follow GET
ROUTES: Final[Mapping[str, Right]] = {
    # pages
    "GET /": _SIGNED_IN,
    "GET /masuk": _PUBLIC,
    "POST /masuk": _PUBLIC,
    "POST /keluar": _SIGNED_IN,
    "POST /bahasa": _PUBLIC,
    "GET /static/<path:filename>": _PUBLIC,
    "GET /health": _PUBLIC,
    "GET /bantuan": _PUBLIC,
    "GET /bantuan/<role>": _PUBLIC,
    "GET /latihan": _SIGNED_IN,
    "GET /bantuan/gambar/<name>": _PUBLIC,
    "GET /cari": _SIGNED_IN,
    "GET /pemberitahuan": Right(Rule.PERSON),
    "POST /pemberitahuan/dibaca": Right(Rule.PERSON),
    "GET /pemberitahuan/pilihan": Right(Rule.PERSON),
    "POST /pemberitahuan/pilihan": Right(Rule.PERSON),
    "GET /kemajuan": _group("agency:oversee"),
    "GET /kemajuan/<undertaking_id>": _here("agency:oversee"),
    "GET /kelola": _group("agency:oversee"),
    "GET /kelola/unit": _group("agency:oversee"),
    "GET /kelola/jabatan": _group("agency:oversee"),
    "GET /kelola/penilai": _group("agency:oversee"),
    "GET /kelola/aturan": _group("agency:oversee"),
    "GET /kelola/peran": _group("agency:oversee"),
    "GET /kelola/pegawai": _group("agency:oversee"),
    "GET /kelola/pegawai/<login>": _here("agency:oversee"),
    "POST /kelola/pegawai/<login>/peran": _here("account:manage"),
    "POST /kelola/pegawai/<login>/cabut": _here("account:manage"),
    "POST /kelola/pegawai/<login>/akun": _here("account:manage"),
    "POST /kelola/pegawai/<login>/matikan": _here("account:manage"),
    "GET /kelola/kalender": _group("agency:oversee"),
    "POST /kelola/kalender": _group("calendar:keep"),
    "POST /kelola/kalender/cabut": _group("calendar:keep"),
    "GET /kelola/audit": _group("log:read"),
    "POST /kelola/audit/bukti": _group("proof:read"),
    "GET /kelola/impor": _group("account:manage"),
    "POST /kelola/impor": _group("account:manage"),
    "GET /kelola/impor/contoh": _group("account:manage"),
    "GET /kelola/impor/<undertaking_id>": _here("account:manage"),
    "POST /kelola/impor/<undertaking_id>": _here("account:manage"),
    "POST /kelola/ekspor": _group("agency:export"),
    "GET /kelola/ekspor/<undertaking_id>": _here("agency:export"),
    "GET /tugas": _SIGNED_IN,
    "POST /tugas/tunda": Right(Rule.PERSON),
    "POST /tugas/kembalikan": Right(Rule.PERSON),
    "POST /tugas/sesuai-rencana": _SIGNED_IN,
    "POST /tugas/perubahan": Right(Rule.PERSON),
    "POST /tugas/saringan": Right(Rule.PERSON),
    "POST /tugas/saringan/<filter_id>/hapus": Right(Rule.PERSON),
    "GET /tugas/<int:key>": Right(Rule.TASK_READ),
    "POST /tugas/<int:key>": _TAKE,
    "POST /tugas/<int:key>/draf": Right(Rule.TASK_DRAFT),
    "POST /tugas/<int:key>/draf/buang": Right(Rule.TASK_DRAFT),
    "POST /tugas/<int:key>/syarat": Right(Rule.TASK_READ),
    "GET /mulai": _SIGNED_IN,
    "GET /mulai/<process_id>": Right(Rule.START),
    "POST /mulai/<process_id>": Right(Rule.START),
    "POST /mulai/<process_id>/syarat": Right(Rule.START),
    "GET /dialog": Right(Rule.PERSON),
    "GET /dialog/<person_id>": _read(Resource.FEEDBACK),
    "GET /suara": Right(Rule.PERSON),
    "GET /suara/<person_id>": _read(Resource.VOICES),
    "GET /evaluasi": Right(Rule.PERSON),
    "GET /evaluasi/<person_id>": _read(Resource.RATING),
    "GET /bawahan": Right(Rule.PERSON),
    "GET /bawahan/<person_id>/ringkas": _read(Resource.BRIEF),
    "POST /bawahan/<person_id>/umpan-balik": _read(Resource.BRIEF),
    "GET /keberatan": _SIGNED_IN,
    "GET /tindak-lanjut": Right(Rule.PERSON),
    "GET /tindak-lanjut/<person_id>": _read(Resource.RATING),
    "GET /sertifikat": _PUBLIC,
    "GET /sertifikat/<code>": _PUBLIC,
    "GET /sertifikat/<code>/dokumen": _PUBLIC,
    "GET /matriks": Right(Rule.PERSON),
    "GET /matriks/<unit_id>": Right(Rule.UNIT),
    "GET /rantai": Right(Rule.PERSON),
    "GET /rantai/<person_id>": _read(Resource.PLAN),
    "GET /skp": Right(Rule.PERSON),
    "GET /skp/<person_id>": _read(Resource.PLAN),
    "GET /tim": _SIGNED_IN,
    "GET /tim/<squad_id>": Right(Rule.SQUAD),
    "GET /tim/<squad_id>/atestasi": Right(Rule.SQUAD),
    "GET /klaim": Right(Rule.PERSON),
    "GET /atestasi": Right(Rule.PERSON),
    "POST /atestasi": Right(Rule.PERSON),
    "GET /atestasi/hasil": Right(Rule.PERSON),
    "GET /atestasi/tugas/<int:key>": Right(Rule.TASK_READ),
    "POST /atestasi/tugas/<int:key>": _TAKE,
    "POST /atestasi/tugas/<int:key>/akibat": Right(Rule.TASK_READ),
    "GET /aliran": _SIGNED_IN,
    "GET /aliran/unit/<unit_id>": Right(Rule.UNIT),
    "GET /sengketa": Right(Rule.PERSON),
    "POST /sengketa/tugas/<int:key>/akibat": Right(Rule.TASK_READ),
    "POST /tim/<squad_id>/ingatkan": Right(Rule.STEERS),
    "GET /tim/<squad_id>/serah-terima": Right(Rule.TAKES_OVER),
    "GET /tempat": Right(Rule.PERSON),
    "GET /dokumen/skp/<person_id>": _read(Resource.PLAN),
    "GET /dokumen/evaluasi/<person_id>": _read(Resource.RATING),
    "GET /buku": Right(Rule.PERSON),
    "GET /buku/<person_id>": _read(Resource.LEDGER_LINE),
    "GET /buku/unit/<unit_id>": Right(Rule.UNIT),
    "GET /bukti/<evidence_id>": _read(Resource.EVIDENCE),
    "GET /bukti/<evidence_id>/lihat": _read(Resource.EVIDENCE),
    "GET /hasil/<output_id>": Right(Rule.SQUAD),
    "GET /hasil/<output_id>/sengketa": Right(Rule.SQUAD),
    "POST /hasil/<output_id>/sengketa": Right(Rule.DISPUTE),
    "GET /proses": _group("instance:read"),
    "GET /proses/ikhtisar": _group("instance:read"),
    "GET /proses/<int:key>": Right(Rule.INSTANCE),
    "GET /proses/<int:key>/gambar": Right(Rule.COURSE),
    "GET /proses/<int:key>/langkah": Right(Rule.COURSE),
    "POST /gangguan/<int:incident_key>": _here("incident:retry"),
    "GET /beban": Right(Rule.HEADS, "report:read"),
    "GET /beban/<person_id>": _read(Resource.WORKLOAD),
    "GET /kalibrasi": _SIGNED_IN,
    "GET /kalibrasi/<unit_id>": Right(Rule.BOARD),
    "POST /kalibrasi/<unit_id>": Right(Rule.BOARD),
    "GET /radar": _group("report:read"),
    "GET /radar/hambatan": _group("report:read"),
    "GET /radar/partisipasi": _group("report:read"),
    "GET /radar/pengingat": _group("report:read"),
    "POST /radar/ingatkan": _group("task:remind"),
    "GET /pengawasan": _group("task:assign"),
    "POST /pengawasan": _group("task:assign"),
    "GET /sandi": _SIGNED_IN,
    "POST /sandi": _SIGNED_IN,
    "POST /keanggotaan/<membership_id>/jawaban": Right(Rule.MEMBER),
    "POST /keanggotaan/<membership_id>/persetujuan": Right(Rule.CONSENT),
    "GET /studio": _DRAW,
    "GET /studio-baru": _DRAW,
    "GET /studio/<process_id>": _DRAW,
    "POST /studio/<process_id>": _DRAW,
    "POST /studio/<process_id>/periksa": _DRAW,
    # Regu's own paths
    "GET /api/openapi.json": _PUBLIC,
    "GET /api/me": _SIGNED_IN,
    "GET /api/starts": _SIGNED_IN,
    "GET /api/starts/<process_id>": Right(Rule.START),
    "POST /api/starts/<process_id>": Right(Rule.START),
    "GET /api/tasks": _SIGNED_IN,
    "GET /api/tasks/<key:task_key>": Right(Rule.TASK_READ),
    "POST /api/tasks/<key:task_key>/complete": _TAKE,
    "POST /api/tasks/<key:task_key>/claim": _TAKE,
    "POST /api/tasks/<key:task_key>/unclaim": Right(Rule.TASK_GIVE_BACK),
    "POST /api/tasks/<key:task_key>/assign": Right(Rule.TASK_ASSIGN),
    "PUT /api/tasks/<key:task_key>/draft": Right(Rule.TASK_DRAFT),
    "GET /api/definitions": _KNOW,
    "POST /api/instances": _group("instance:start"),
    "GET /api/instances": _group("instance:read"),
    "GET /api/instances/<key:instance_key>": Right(Rule.INSTANCE),
    "GET /api/instances/<key:instance_key>/history": Right(Rule.INSTANCE),
    "POST /api/instances/<key:instance_key>/cancel": Right(Rule.STEER),
    "PATCH /api/instances/<key:instance_key>/variables": Right(Rule.STEER),
    "GET /api/incidents": _group("instance:read"),
    "POST /api/incidents/<key:incident_key>/retry": _here("incident:retry"),
    "POST /api/cycles/<cycle_id>/open": _here("cycle:open"),
    "GET /api/cycles/<cycle_id>/reconciliation": _here("report:read"),
    "GET /api/verify": _group("proof:read"),
    "GET /api/exports/agency": _group("agency:export"),
    "GET /api/people/<person_id>/ledger": _read(Resource.LEDGER_LINE),
    "GET /api/people/<person_id>/plan": _read(Resource.PLAN),
    "GET /api/people/<person_id>/plan/versions": _read(Resource.PLAN),
    "GET /api/people/<person_id>/load": _read(Resource.WORKLOAD),
    "GET /api/cycles/<cycle_id>/refusals": _here("report:read"),
    "GET /api/people/<person_id>/rating": _read(Resource.RATING),
    "GET /api/people/<person_id>/dialogue": _read(Resource.FEEDBACK),
    "GET /api/people/<person_id>/cadence": _read(Resource.CADENCE),
    "GET /api/me/dialogue": Right(Rule.PERSON),
    "GET /api/people/<person_id>/segments": _read(Resource.SEGMENT),
    "GET /api/substitutions": _group("report:read"),
    "GET /api/people/<person_id>/evaluation": _read(Resource.RATING),
    "GET /api/people/<person_id>/voices": _read(Resource.VOICES),
    "GET /api/units/<unit_id>/distribution": Right(Rule.UNIT),
    "GET /api/cycles/<cycle_id>/raters": _here("report:read"),
    "GET /api/units/<unit_id>/ledger": Right(Rule.UNIT),
    "GET /api/cycles/<cycle_id>/periods": _here("report:read"),
    "GET /api/cycles/<cycle_id>/matrix": _here("report:read"),
    "GET /api/people/<person_id>/credit": _read(Resource.LEDGER_LINE),
    "GET /api/people/<person_id>/certificates": _read(Resource.LEDGER_LINE),
    "GET /api/squads/<squad_id>/budget": Right(Rule.SQUAD),
    "GET /api/certificates/<code>": _PUBLIC,
    "GET /api/units/<unit_id>/goals": Right(Rule.UNIT),
    "GET /api/units/<unit_id>/matrix": Right(Rule.UNIT),
    "GET /api/cycles/<cycle_id>/cascading": _here("report:read"),
    "GET /api/people/<person_id>/chain": _read(Resource.PLAN),
    "GET /api/people/<person_id>/risks": _read(Resource.PLAN),
    "GET /api/people/<person_id>/evidence": _read(Resource.EVIDENCE),
    "GET /api/units/<unit_id>/lending": Right(Rule.UNIT),
    "GET /api/audit/lowering-acts": _group("audit:read"),
    "GET /api/audit/cycles/<cycle_id>/mutual-attestations": _here("audit:read"),
    "GET /api/audit/cycles/<cycle_id>/unshown": _here("audit:read"),
    "GET /api/audit/cycles/<cycle_id>/sponsors": _here("audit:read"),
    "GET /api/audit/cycles/<cycle_id>/split-outputs": _here("audit:read"),
    "GET /api/audit/cycles/<cycle_id>/late-claims": _here("audit:read"),
    "GET /api/audit/cycles/<cycle_id>/consents": _here("audit:read"),
    "GET /api/audit/cycles/<cycle_id>/deviations": _here("audit:read"),
    "GET /api/audit/cycles/<cycle_id>/overrides": _here("audit:read"),
    "GET /api/audit/cycles/<cycle_id>/samples": _here("audit:read"),
    "POST /api/outputs/<output_id>/disputes": Right(Rule.DISPUTE),
    "POST /api/memberships/<membership_id>/consent": Right(Rule.CONSENT),
    "POST /api/memberships/<membership_id>/answer": Right(Rule.MEMBER),
    "POST /api/evidence": Right(Rule.UPLOADER),
    "POST /api/imports": _group("account:manage"),
    # the vocabulary of Camunda 8
    "GET /v2/topology": _SIGNED_IN,
    "PUT /v2/clock": _group("clock:move"),
    "POST /v2/clock/reset": _group("clock:move"),
    "POST /v2/deployments": _DRAW,
    "POST /v2/process-definitions/search": _KNOW,
    "GET /v2/process-definitions/<key:definition_key>": _KNOW,
    "GET /v2/process-definitions/<key:definition_key>/xml": _KNOW,
    "POST /v2/decision-definitions/evaluation": _group("decision:evaluate"),
    "POST /v2/expression/evaluation": _group("decision:evaluate"),
    "POST /v2/process-instances": _group("instance:start"),
    "GET /v2/process-instances/<key:instance_key>": Right(Rule.INSTANCE),
    "POST /v2/process-instances/search": _group("instance:read"),
    "POST /v2/process-instances/<key:instance_key>/cancellation": Right(Rule.STEER),
    "POST /v2/incidents/search": _group("instance:read"),
    "POST /v2/incidents/<key:incident_key>/resolution": _here("incident:retry"),
    "POST /v2/messages/publication": _group("message:publish"),
    "POST /v2/messages/correlation": _group("message:publish"),
    "POST /v2/signals/broadcast": _group("message:publish"),
    "POST /v2/jobs/activation": _WORK,
    "POST /v2/jobs/<key:job_key>/completion": _WORK,
    "POST /v2/jobs/<key:job_key>/failure": _WORK,
    "POST /v2/jobs/<key:job_key>/error": _WORK,
    "POST /v2/user-tasks/search": _SIGNED_IN,
    "GET /v2/user-tasks/<key:task_key>": Right(Rule.TASK_READ),
    "POST /v2/user-tasks/<key:task_key>/completion": _TAKE,
    "POST /v2/user-tasks/<key:task_key>/assignment": Right(Rule.TASK_ASSIGN),
    "DELETE /v2/user-tasks/<key:task_key>/assignee": Right(Rule.TASK_GIVE_BACK),
}

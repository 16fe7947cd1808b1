"""What people answer in the processes that somebody of them started."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from app.demo.answers import record_progress

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.demo.answers import Answer, Task

#: the risk that comes true in the year
COMES_TRUE: Final = "Pemasok perangkat terlambat mengirim"
#: before this day no risk has come true
TRUE_FROM: Final = "2026-06-01"
PROOF: Final = "https://bukti.example/"


def confirm_squad(task: Task) -> Answer:
    """The sponsor keeps what the letter says and plans one output for the whole effort."""
    seen = task["variables"]
    output = {
        "title": "Panduan layanan satu pintu",
        "indicator": "Unit yang memakai panduan",
        "target": "8 unit",
        "person_days": 60,
        "due_on": "2026-08-28",
    }
    return {
        "code": seen["code"],
        "letter_no": seen["letter_no"],
        "members": seen["members"],
        "outputs": [output],
    }


def sign_membership(task: Task) -> Answer:
    """A member joins; his home results become smaller."""
    seen = task["variables"]
    rows = [{**row, "change": "reduced"} for row in seen.get("results") or []]
    return {"answer": "accepted", "home_percent": seen["home_percent"], "results": rows}


def settle_shares(task: Task) -> Answer:
    """The shares stay as they were proposed."""
    lines = task["variables"].get("lines") or []
    return {"lines": lines, "reason": "Sesuai curahan waktu dan peran."}


def record_check_in(task: Task) -> Answer:
    """The leader keeps what was agreed, with a promise of each side."""
    due = (date.fromisoformat(task["today"]) + timedelta(days=21)).isoformat()
    return {
        "held": "yes",
        "held_on": task["today"],
        "agreed_text": "Bukti dukung diunggah setiap akhir bulan.",
        "their_promises": task["variables"].get("their_promises") or [],
        "promises": [
            {"owner": "person", "text": "Mengunggah bukti bulan berjalan", "due_on": due},
            {"owner": "leader", "text": "Membuka akses ke data layanan", "due_on": due},
        ],
    }


def confirm_check_in(task: Task) -> Answer:
    """The other side agrees."""
    rows = task["variables"].get("leader_promises") or []
    return {"answer": "agree", "leader_promises": rows}


def hold_session(task: Task) -> Answer:
    """A coach keeps the session."""
    return {"held_on": task["today"], "summary": "Mulai dari dokumentasi bulanan."}


def agree_mitigation(task: Task) -> Answer:
    """The rater agrees to what is done about the risk."""
    return {"mitigation": task["variables"]["mitigation"], "note": "Dipantau tiap triwulan."}


def review_risks(task: Task) -> Answer:
    """One risk comes true in the second half of the year; the others stay as they are."""
    rows = []
    for row in task["variables"].get("risks") or []:
        here = row["title"] == COMES_TRUE and task["today"] >= TRUE_FROM
        seen = {"status": "realised", "note": "Pengiriman mundur dua bulan."} if here else {}
        rows.append({**row, **seen})
    return {"risks": rows}


def write_revision(task: Task) -> Answer:
    """The first target becomes a tenth smaller; everything else stays."""
    seen = task["variables"]
    first, *rest = seen["results"]
    if first.get("target") is not None:
        smaller = Decimal(str(first["target"])) * 9 / 10
        first = {**first, "target": smaller.quantize(Decimal("0.1"))}
    return {
        "decision": "send",
        "approach": seen.get("approach"),
        "results": [first, *rest],
        "more_indicators": seen.get("more_indicators") or [],
    }


def confirm_rater(task: Task) -> Answer:
    """HR confirms the superior whom the person named."""
    return {
        "decision": "confirm",
        "rater_nip": task["nips"][task["variables"]["proposed_rater_id"]],
        "starts_on": task["today"],
        "letter_no": "SK-0417/BLDN/2026",
    }


def reallocate_freed(task: Task) -> Answer:
    """What a correction freed goes to the next member in the list."""
    seen = task["variables"]
    first, *rest = seen["lines"]
    lines = [{**first, "share_percent": seen["freed_percent"]}]
    lines += [{**row, "share_percent": 0} for row in rest]
    return {"collective_percent": 0, "lines": lines, "reason": "Ia menyelesaikan bagian itu."}


#: what is answered where nothing has to be thought about
PLAIN: Final[Mapping[str, dict[str, Any]]] = {
    "sign_load": {"answer": "approve", "reason": ""},
    "settle_load": {"decision": "keep", "reason": "Pekerjaan unit asal dikurangi."},
    "give_consent": {"decision": "given"},
    "answer_shares": {"answer": "agree"},
    "extend_or_close": {"decision": "close"},
    "write_lessons": {
        "worked": "Rapat singkat tiap Senin dan satu papan tugas untuk semua anggota.",
        "failed": "Data dari unit lain terlambat dua minggu karena diminta terlalu dekat tenggat.",
        "advice": "Minta data sejak minggu pertama dan sepakati satu orang penghubung per unit.",
        "audience": "leads",
        "topics": "data, koordinasi",
        "outputs": [],
    },
    "answer_invitation": {"answer": "accept", "topics": []},
    "settle_moment": {"answer": "take"},
    "report_promise": {"answer": "done"},
    "confirm_promise": {"answer": "yes"},
    "answer_request": {
        "answer": "give",
        "tone": "suggestion",
        "text": "Kirim bahan rapat sehari sebelumnya.",
        "link": PROOF + "rapat",
    },
    "read_answers": {},
    "answer_incident": {"answer": "Terima kasih atas catatannya."},
    "accept_coaching": {"answer": "accept"},
    "meet_again": {"again": "no"},
    "decide_reopening": {"decision": "reopen", "reason": "Di luar kendali pegawai."},
    "answer_revision": {"decision": "agree", "note": "Sesuai keadaan."},
    "mediate_revision": {"decision": "adopt", "note": "Sesuai keadaan."},
    "rate_segment": {
        "result_level": "sesuai",
        "behaviour_level": "sesuai",
        "note": "Hasil sampai hari terakhir terdokumentasi.",
    },
    "receive_segment": {"confirmed": True},
    "read_answer": {"confirmed": True},
    "accept_overlay": {"answer": "accept"},
    "review": {
        "meets_target": "yes",
        "sound": "yes",
        "usable": "partly",
        "strengths": "Lengkap dan mudah dibaca.",
        "improvements": "Tambahkan contoh pemakaian.",
    },
    "read_review": {"response": "Contoh ditambahkan pada terbitan berikut."},
    "examine": {"verdict": "in_order"},
    "hear_affected": {"statement": "Saya mengetahui pembagian kerja itu."},
    "decide_correction": {"decision": "approve", "reason": "Catatan kerja mendukung permintaan."},
    "review_rating": {"outcome": "keep", "note": "Predikat tidak berubah."},
    "review_blockers": {"decision": "carry", "note": "Diposting pada periode berikut."},
    "answer_complaint": {"answer": "Mulai Senin ada nomor antrean dan satu loket tambahan."},
    "settle_sample": {"decision": "accept"},
    "review_answers": {"looked": True},
    "improve": {"improvement": "Loket tambahan pada jam sibuk dan daftar syarat di laman layanan."},
    "read_record": {},
    "establish": {"decision": "establish"},
    "seal_period": {"minutes": "Semua keluaran periode ini sudah diperiksa bersama."},
}

#: elements whose answer depends on the task
TOLD: Final[Mapping[str, Callable[[Task], Answer]]] = {
    "confirm_squad": confirm_squad,
    "sign_membership": sign_membership,
    "settle_shares": settle_shares,
    "record_check_in": record_check_in,
    "confirm_check_in": confirm_check_in,
    "hold_session": hold_session,
    "agree_mitigation": agree_mitigation,
    "review_risks": review_risks,
    "write_revision": write_revision,
    "confirm_rater": confirm_rater,
    "document_segment": record_progress,
    "reallocate_freed": reallocate_freed,
}

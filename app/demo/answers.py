"""What the people of the sample agency answer; the same year every time."""

from __future__ import annotations

import zlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: a task as the API shows it, and how often the story saw this element for this subject
Task = dict[str, Any]
Answer = dict[str, Any]


def chance(*words: object) -> int:
    """A number from 0 to 99 that depends on nothing but the words."""
    return zlib.crc32("|".join(map(str, words)).encode()) % 100


def draft_plan(task: Task) -> Answer:
    """The plan as it was proposed, knowingly confirmed."""
    return {
        "results": task["variables"].get("results") or [],
        "note": "Sesuai pembagian peran.",
        "confirmed": True,
    }


def clarify_role(_task: Task) -> Answer:
    """A lead says what the squad expects."""
    return {"expectation": "Selesai tepat waktu, bukti di folder tim."}


def clarify_expectation(task: Task) -> Answer:
    """Most agree at once; some raters ask for one revision."""
    person = task["variables"]["person_id"]
    if chance("revise", person) < 10 and "agreement" not in task["variables"]:  # noqa: PLR2004
        return {"decision": "revise", "note": "Tambahkan ukuran mutu."}
    return {"decision": "accept", "expectation": "Hasil dapat dibuktikan."}


def record_progress(task: Task) -> Answer:
    """Realisation near the target, better for some, worse for a few."""
    rows = task["variables"].get("results") or []
    return {"results": [_progress(row) for row in rows], "obstacles": ""}


def _progress(row: Mapping[str, Any]) -> Answer:
    target = Decimal(str(row.get("actual") or row.get("target") or 100))
    percent = Decimal(90 + chance("actual", row["item_id"]) % 21)
    kept = {k: v for k, v in row.items() if k in ("item_id", "title", "target_text")}
    actual = (target * percent / 100).quantize(Decimal("0.01"))
    return {**kept, "actual": actual, "note": "https://bukti.example/" + row["item_id"][-6:]}


def give_feedback(_task: Task) -> Answer:
    """A rater's words on results and behaviour."""
    return {
        "feedback": "Kemajuan terlihat, jaga ketepatan waktu.",
        "behaviour_feedback": "Kolaboratif dengan unit lain.",
    }


def deliver_output(_task: Task) -> Answer:
    """A lead hands over the output."""
    return {"note": "Keluaran lengkap.", "link": "https://bukti.example/keluaran"}


def accept_output(task: Task) -> Answer:
    """The sponsor accepts with an attainment between 92 and 112."""
    attainment = 92 + chance("attainment", task["variables"]["output_id"]) % 21
    return {"decision": "accept", "attainment": attainment, "note": "Diterima."}


def claim(task: Task) -> Answer:
    """A member claims what was expected."""
    return {
        "claimed_percent": task["variables"].get("claimed_percent"),
        "contribution_type": "analysis",
        "degree": "equal",
        "evidence_link": "https://bukti.example/klaim",
        "note": "Sesuai rencana.",
    }


def attest(task: Task) -> Answer:
    """Attested as claimed; some claims are returned once."""
    returns = int(task["variables"].get("returns") or 0)
    if returns == 0 and chance("return", task["instanceKey"]) < 8:  # noqa: PLR2004
        return {"decision": "return", "reason_code": "evidence", "reason": "Bukti belum terbuka."}
    return {"decision": "attest", "commitment": "met"}


def rate(task: Task) -> Answer:
    """The proposal stands; behaviour is at or above expectation."""
    person = task["variables"]["person_id"]
    level = "di_atas" if chance("behaviour", person) < 30 else "sesuai"  # noqa: PLR2004
    return {
        "result_level": task["variables"]["proposed_level"],
        "behaviour_level": level,
        "reason": "",
    }


def allocate_remainder(task: Task) -> Answer:
    """What is left becomes collective work of the unit."""
    return {
        "collective_percent": task["variables"].get("collective_percent"),
        "lines": task["variables"].get("lines") or [],
        "reason": "Sisa dikerjakan bersama.",
    }


def decide_dispute(task: Task) -> Answer:
    """The shares stay as they were attested, with reasons."""
    return {
        "lines": task["variables"].get("lines") or [],
        "reason": "Bukti semua pihak sudah didengar.",
    }


#: what is answered where nothing has to be thought about
PLAIN: Final[Mapping[str, Answer]] = {
    "mediate": {"note": "Sudah dibahas bertiga."},
    "answer_adjustment": {"answer": "agree", "note": "Setuju."},
    "cosign": {"decision": "approve", "reason": "Bukti mendukung."},
    "decide_consent": {"decision": "given", "reason": "Disepakati kedua unit."},
    "hear_party": {"statement": "Saya mengerjakan bagian saya sesuai rencana."},
    "self_evaluate": {"self_note": "Target tercapai; kerja tim membantu."},
    "explain_employee": {"statement": "Capaian kuartal keempat belum dihitung."},
    "explain_rater": {"statement": "Penilaian mengikuti bukti yang ada."},
    "decide_objection": {"outcome": "upheld", "reason": "Bukti sudah lengkap dinilai."},
    "confirm_follow_up": {"decision": "confirm", "note": ""},
    "review_missing": {"note": "Diingatkan melalui kepala unit."},
    "set_org_rating": {"level": "baik", "note": "Sesuai perjanjian kinerja."},
    "close_cycle": {"note": "Semua evaluasi final."},
    "plan_improvement": {"plan": "Pendampingan mingguan selama tiga bulan.", "until": "2027-04-30"},
}

#: elements whose answer depends on the task
TOLD: Final[Mapping[str, Callable[[Task], Answer]]] = {
    "draft_plan": draft_plan,
    "clarify_role": clarify_role,
    "clarify_expectation": clarify_expectation,
    "record_progress": record_progress,
    "give_feedback": give_feedback,
    "deliver_output": deliver_output,
    "accept_output": accept_output,
    "accept_for_sponsor": accept_output,
    "claim": claim,
    "claim_for_member": claim,
    "attest": attest,
    "attest_for_lead": attest,
    "rate": rate,
    "allocate_remainder": allocate_remainder,
    "decide_dispute": decide_dispute,
}

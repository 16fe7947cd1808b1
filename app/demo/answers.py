"""What the people of the sample agency answer; the same year every time."""

from __future__ import annotations

import zlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from app.demo import goals

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: what the page of `record_progress` only shows
SHOWN: Final = frozenset({"item_id", "indicator_id", "title", "target_text", "so_far"})
#: of a hundred results so many are documented by one tap
TAP_PERCENT: Final = 30

#: a task as the API shows it, with `today`, everybody's `nips`, `by` (the NIP of who answers) and
#: `time` (his how many-th task of this element it is): these are alike in every year played
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
    if chance("revise", task["nips"][person]) < 10 and "agreement" not in task["variables"]:  # noqa: PLR2004
        return {"decision": "revise", "note": "Tambahkan ukuran mutu."}
    return {"decision": "accept", "expectation": "Hasil dapat dibuktikan."}


def check_links(task: Task) -> Answer:
    """Every result serves the superior's first one."""
    seen = task["variables"]
    choices = seen.get("=superior results(person_id, cycle_id)") or []
    serves = {"serves_id": choices[0]["value"]} if choices else {}
    return {"results": [{**row, **serves} for row in seen.get("results") or []]}


def record_progress(task: Task) -> Answer:
    """Realisation near the target, better for some, worse for a few."""
    rows = task["variables"].get("results") or []
    squads = task["variables"].get("squad_results") or []
    return {
        "results": [_progress(row, task["by"]) for row in rows],
        "squad_results": [{**row, "as_planned": True} for row in squads],
        "obstacles": "",
    }


def _progress(row: Mapping[str, Any], whose: str) -> Answer:
    target = Decimal(str(row.get("actual") or row.get("target") or 100))
    percent = Decimal(90 + chance("actual", whose, row["title"]) % 21)
    kept = {k: v for k, v in row.items() if k in SHOWN}
    proof = {"links": "https://bukti.example/" + row["item_id"][-6:]}
    if chance("tap", whose, row["title"]) < TAP_PERCENT:
        return {**kept, "as_planned": True, **proof}
    actual = (target * percent / 100).quantize(Decimal("0.01"))
    return {**kept, "actual": actual, **proof}


def give_feedback(task: Task) -> Answer:
    """A rater's words on results and behaviour."""
    return {
        "results": task["variables"].get("results") or [],
        "judgements": task["variables"].get("judgements") or [],
        "feedback": "Kemajuan terlihat, jaga ketepatan waktu.",
        "behaviour_feedback": "Kolaboratif dengan unit lain.",
    }


def give_role_feedback(task: Task) -> Answer:
    """A lead's words on the part in the squad."""
    return {
        "feedback": "Bagian di tim selesai tepat waktu.",
        "results": task["variables"].get("results") or [],
    }


def rate_competencies(task: Task) -> Answer:
    """Form B.1.9 with one competency scored."""
    first, *rest = task["variables"].get("competencies") or [{}]
    scored = {**first, "score": "4", "reason": "Terlihat dari hasil."}
    return {"competencies": [scored, *rest], "again": "no"}


def deliver_output(_task: Task) -> Answer:
    """A lead hands over the output."""
    return {"note": "Keluaran lengkap.", "link": "https://bukti.example/keluaran"}


def accept_output(task: Task) -> Answer:
    """The sponsor accepts with an attainment between 92 and 112."""
    attainment = 92 + chance("attainment", task["time"]) % 21
    return {"decision": "accept", "attainment": attainment, "note": "Diterima."}


def claim(task: Task) -> Answer:
    """A member claims what was expected."""
    del task
    return {
        "mode": "plan",
        "evidence_link": "https://bukti.example/klaim",
        "note": "Sesuai rencana.",
    }


def attest(task: Task) -> Answer:
    """Attested as claimed; some claims are returned once."""
    returns = int(task["variables"].get("returns") or 0)
    if returns == 0 and chance("return", task["time"]) < 8:  # noqa: PLR2004
        return {"decision": "return", "reason_code": "evidence", "reason": "Bukti belum terbuka."}
    return {"decision": "attest", "commitment": "met"}


def rate(task: Task) -> Answer:
    """The proposal stands; conduct is at or above expectation, with reasons where one is due."""
    variables = task["variables"]
    whose = task["nips"][variables["person_id"]]
    level = "di_atas" if chance("behaviour", whose) < 30 else "sesuai"  # noqa: PLR2004
    return {
        "roles": variables.get("roles") or [],
        "behaviour": variables.get("behaviour") or [],
        "result_level": variables["proposed_level"],
        "behaviour_level": level,
        "reason": "",
        "behaviour_reason": "Teladan bagi unit lain." if level == "di_atas" else "",
        "evidence_reason": "Hasil dilihat langsung; berkas menyusul.",
        "load_comment": "Beban triwulan ini disepakati bersama.",
    }


def recommend(task: Task) -> Answer:
    """A lead, or the sponsor for him, says how the member did in the squad."""
    level = "di_atas" if chance("lead", task["time"]) < 20 else "sesuai"  # noqa: PLR2004
    return {"level": level, "words": "Bagiannya selesai dan dapat dipakai tim."}


def give_input(task: Task) -> Answer:
    """Peers and subordinates answer about every value; a few add a line."""
    rows = task["variables"].get("answers") or []
    level = "di_atas" if chance("voice", task["time"]) < 40 else "sesuai"  # noqa: PLR2004
    words = "Mudah diajak bekerja sama." if chance("words", task["time"]) < 25 else ""  # noqa: PLR2004
    return {"answers": [{**row, "level": level} for row in rows], "words": words}


def self_evaluate(task: Task) -> Answer:
    """A few words on every role."""
    rows = task["variables"].get("roles") or []
    words = "Target peran ini tercapai."
    return {"roles": [{**row, "words": words} for row in rows], "self_note": "Terbantu tim."}


def sign_rating(task: Task) -> Answer:
    """Read, and signed by the code of the document."""
    return {
        "read": True,
        "code": task["variables"].get("document_code") or "",
        "override_reason": "Capaian unit merata; semua target utama tercapai.",
    }


def calibrate(task: Task) -> Answer:
    """Ratings stay as they are; the leader says why the distribution stands as it does."""
    rows = task["variables"].get("moves") or []
    return {"moves": rows, "override_reason": "Capaian unit merata."}


def propose_moves(task: Task) -> Answer:
    """Raters leave their ratings as they are."""
    return {"moves": task["variables"].get("moves") or []}


def rate_period(task: Task) -> Answer:
    """Most periods go as expected; a few people need help."""
    weak = chance("period", task["time"]) < 6  # noqa: PLR2004
    return {
        "result_level": "di_bawah" if weak else "sesuai",
        "behaviour_level": "sesuai",
        "note": "Dua hasil tertinggal dari rencana." if weak else "",
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
    "see": {"need": "nothing"},
    "offer": {"offer": "talk", "words": "Mari kita bicarakan pekan ini."},
    "choose_coach": {"chosen": "self"},
    "rate_session": {
        f"{about}_{n}": "4" for about in ("employee", "coach", "both") for n in (1, 2, 3)
    },
    "repair_objectives": {"leave": True},
    "verify": {"outcome": "verified"},
    "replace": {"answer": "leave"},
    "mediate": {"note": "Sudah dibahas bertiga."},
    "answer_adjustment": {"answer": "agree", "note": "Setuju."},
    "acknowledge_claim": {"answer": "accept"},
    "read_remainder": {"answer": "noted"},
    "cosign": {"decision": "approve", "reason": "Bukti mendukung."},
    "decide_consent": {"decision": "given", "reason": "Disepakati kedua unit."},
    "hear_party": {"statement": "Saya mengerjakan bagian saya sesuai rencana."},
    "explain_employee": {"statement": "Capaian kuartal keempat belum dihitung."},
    "explain_rater": {"statement": "Penilaian mengikuti bukti yang ada."},
    "read_deviation": {"seen": True},
    "countersign_rating": {"decision": "approve", "reason": "Bukti sudah dibaca."},
    "set_period_rating": {"level": "baik", "note": "Sesuai rencana aksi."},
    "decide_as_authority": {"outcome": "upheld", "reason": "Bukti sudah lengkap dinilai."},
    "decide_objection": {"outcome": "upheld", "reason": "Bukti sudah lengkap dinilai."},
    "confirm_follow_up": {"decision": "confirm", "note": ""},
    "review_missing": {"note": "Diingatkan melalui kepala unit."},
    "set_org_rating": {"level": "baik", "note": "Sesuai perjanjian kinerja."},
    "close_cycle": {"note": "Semua evaluasi final."},
    "plan_improvement": {"plan": "Pendampingan mingguan selama tiga bulan.", "until": "2027-04-30"},
}

#: elements whose answer depends on the task
TOLD: Final[Mapping[str, Callable[[Task], Answer]]] = {
    "set_objectives": goals.of_agency,
    "approve_objectives": goals.approved,
    "set_unit_objectives": goals.of_unit,
    "fill_matrix": goals.matrix,
    "draft_plan": draft_plan,
    "clarify_role": clarify_role,
    "clarify_expectation": clarify_expectation,
    "check_links": check_links,
    "record_progress": record_progress,
    "rate_competencies": rate_competencies,
    "give_feedback": give_feedback,
    "give_role_feedback": give_role_feedback,
    "deliver_output": deliver_output,
    "redeliver_output": deliver_output,
    "accept_output": accept_output,
    "accept_for_sponsor": accept_output,
    "claim": claim,
    "claim_early": claim,
    "claim_for_member": claim,
    "attest": attest,
    "attest_for_lead": attest,
    "rate": rate,
    "recommend": recommend,
    "give_input": give_input,
    "self_evaluate": self_evaluate,
    "sign_rating": sign_rating,
    "sign_decision": sign_rating,
    "propose_moves": propose_moves,
    "decide_calibration": calibrate,
    "rate_period": rate_period,
    "allocate_remainder": allocate_remainder,
    "decide_dispute": decide_dispute,
}

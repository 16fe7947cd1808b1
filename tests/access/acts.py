"""The matters of the tests, each brought over HTTP to the task that somebody else has to do."""

from __future__ import annotations

from dataclasses import replace

from engine.domain.ratings import RatingStatus
from tests.access.city import CLAIM, accepted

ATTEST = {"decision": "attest", "commitment": "met"}
ACCEPT = {"decision": "accept", "attainment": 120}
RATE = {
    "result_level": "sesuai",
    "behaviour_level": "di_atas",
    "reason": "Bukti cukup",
    "behaviour_reason": "Teladan",
    "evidence_reason": "Dilihat langsung",
}
COSIGN = {"decision": "approve", "reason": "Setuju"}
OUTCOME = {
    "outcome": "changed",
    "result_level": "di_atas",
    "behaviour_level": "di_atas",
    "reason": "Alasan diterima",
}


def claimed(city, who, output=None):
    """Somebody's line, claimed and waiting for its attester."""
    key = city.ids["work"] if output is None else accepted(city, output)
    city.do(key, "claim", about=who, **CLAIM)
    return city.task(key, "attest", about=who)


def delivered(city):
    key = city.start("contribution", output_id=city.ids["TIM-01/2"])
    city.do(key, "deliver_output", note="Lengkap")
    return city.task(key, "accept_output")


def cosigned(city):
    """Sari's line, moved beyond the band, waiting for the second signature."""
    key = city.ids["work"]
    city.do(
        key, "attest", about="sari", decision="adjust", share_percent=5, commitment="met",
        reason_code="quality", reason="Mutu",
    )  # fmt: skip
    city.do(key, "answer_adjustment", about="sari", answer="disagree", note="Tidak")
    return city.task(key, "cosign", about="sari")


def drafted(city, who="sari"):
    """Somebody's plan, waiting for his rater."""
    key = city.start("planning", person_id=city.ids[who], cycle_id=city.ids["cycle BLDN"])
    city.do(key, "draft_plan", confirmed=True)
    for task in city.tasks(key, "clarify_role"):
        answer = city.api(city.short(task.assignee)).post(
            f"/api/tasks/{task.key}/complete", {"variables": {"expectation": "Tepat waktu"}}
        )
        assert answer.status_code == 200, answer.text
    city.settle()
    return city.task(key, "clarify_expectation")


def evaluated(city, who="sari"):
    """Somebody's evaluation, waiting for his rater."""
    ids = city.ids
    key = city.start("evaluation", person_id=ids[who], cycle_id=ids["cycle BLDN"])
    message = {
        "name": "org_rating_set",
        "correlationKey": f"{ids[who]}:{ids['cycle BLDN']}",
        "variables": {"org_level": "baik"},
    }
    assert city.api("admin").post("/v2/messages/publication", message).status_code == 200
    city.settle()
    city.do(key, "self_evaluate", self_note="Tercapai")
    said = {"recommend": {"level": "sesuai", "words": "Selesai"}, "give_input": {"words": "Baik"}}
    for element, words in said.items():
        for task in city.tasks(key, element):
            path, api = f"/api/tasks/{task.key}", city.api(city.short(task.assignee))
            shown = {"answers": api.get(path).json["variables"].get("answers")}
            sent = {**words, **{name: rows for name, rows in shown.items() if rows is not None}}
            answer = api.post(f"{path}/complete", {"variables": sent})
            assert answer.status_code == 200, answer.text
    city.settle()
    city.ids["evaluation"] = key
    return city.task(key, "rate")


def objected(city, who="sari"):
    """Somebody's objection, heard and waiting for its decision."""
    evaluated(city, who)
    key = city.ids["evaluation"]
    low = {"result_level": "di_bawah", "behaviour_level": "sesuai", "reason": "Terlambat"}
    city.do(key, "rate", **{**RATE, **low})
    # whom the rated person disputed with lowers nothing alone
    for _ in city.tasks(key, "countersign_rating"):
        city.do(key, "countersign_rating", decision="approve", reason="Bukti memang kurang")
    sign(city, key)
    city.do(key, "receive_result", answer="object", ground="Tidak tepat")
    city.do(key, "explain_employee", statement="Bukti ada")
    city.do(key, "explain_rater", statement="Bukti kurang")
    return city.task(key, "decide_objection")


def sign(city, key):
    """The rater reads the document and types its code."""
    task = city.task(key, "sign_rating")
    shown = city.api(city.short(task.assignee)).get(f"/api/tasks/{task.key}").json["variables"]
    city.do(key, "sign_rating", read=True, code=shown["document_code"], override_reason="Sesuai")


def rated_final(city, who="nurul"):
    """The follow-up of somebody whose rating is final, waiting for pengelola kinerja."""
    with city.house.writing() as uow:
        rating = uow.performance.rating_of(city.ids[who], city.ids["cycle BLDN"])
        uow.performance.put(replace(rating, status=RatingStatus.FINAL))
        uow.commit()
    key = city.start(
        "follow_up", by="admin", person_id=city.ids[who], cycle_id=city.ids["cycle BLDN"]
    )
    return city.task(key, "confirm_follow_up")


def attested(city):
    """All lines of TIM-01's first output attested: Budi's by Rahmat, the others' by Budi."""
    key = city.ids["work"]
    city.do(key, "claim", about="budi", **CLAIM)
    for who in ("budi", "sari"):
        city.do(key, "attest", about=who, **ATTEST)
    return key


def disputed(city, by="citra"):
    """A dispute, everybody heard, waiting for its decision."""
    key = attested(city)
    answer = city.api(by).post(
        f"/api/outputs/{city.ids['TIM-01/1']}/disputes", {"ground": "Bagian saya lebih besar"}
    )
    assert answer.status_code == 201, answer.text
    city.settle()
    for who in ("budi", "sari", "citra"):
        city.do(key, "hear_party", about=who, statement="Sesuai rencana")
    return city.task(key, "decide_dispute")


def decision(city, task):
    """A decision of a dispute that restates every line, in the order its form shows them."""
    holder = city.short(task.assignee)
    shown = city.api(holder).get(f"/api/tasks/{task.key}").json["variables"]["lines"]
    shares = {city.ids[who]: share for who, share in (("budi", 50), ("sari", 20), ("citra", 30))}
    rows = [{**row, "share_percent": shares[row["person_id"]]} for row in shown]
    return {"lines": rows, "reason": "Didengar"}

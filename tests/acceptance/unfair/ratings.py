"""How somebody is rated: everybody heard, decided, signed, answered."""

from __future__ import annotations

from tests.acceptance.unfair.city import PEOPLE, UNITS

RATE = {
    "result_level": "sesuai",
    "behaviour_level": "sesuai",
    "reason": "Bukti cukup",
    "behaviour_reason": "Kejadian sepanjang tahun",
    "evidence_reason": "Dilihat langsung",
}


def cycle_of(town, who):
    return town.ids[f"cycle {UNITS[PEOPLE[who][0]][0]}"]


def begun(town, who):
    """The evaluation of a person begins, and his organisation is rated."""
    ids, cycle = town.ids, cycle_of(town, who)
    key = town.start("evaluation", person_id=ids[who], cycle_id=cycle)
    town.tell("org_rating_set", f"{ids[who]}:{cycle}")
    return key


def heard(town, who, recommends="sesuai"):
    """The employee, the leads and 360 have spoken."""
    key = begun(town, who)
    task = town.task("self_evaluate", who)
    rows = town.begun(task).get("roles") or []
    spoken = [{**row, "words": "Selesai"} for row in rows]
    town.answer(task, {"self_note": "Target tercapai", "roles": spoken})
    while asked := town.open("recommend"):
        town.answer(asked[0], {"level": recommends, "words": "Selesai tepat waktu"})
    while asked := town.open("give_input"):
        voice(town, asked[0], "sesuai")
    return key


def voice(town, task, level, words=""):
    """An answer of 360 that says the same about every value."""
    rows = [{**row, "level": level} for row in town.begun(task)["answers"]]
    town.answer(task, {"answers": rows, "words": words})


def rate(town, by=None, **values):
    town.do("rate", by=by, **{**RATE, **values})


def sign(town, element="sign_rating", who=None, by=None):
    """Two steps: read the document, type its code."""
    task = town.task(element, who)
    code = town.begun(task, by)["document_code"]
    values = {"read": True, "code": code, "override_reason": "Unit kecil"}
    town.answer(task, values, by=by)


def rated(town, who, **values):
    """The employee looks at his result."""
    key = heard(town, who)
    rate(town, **values)
    sign(town)
    return key


def evaluation(town, who, reader=None):
    return town.read(reader or who, f"/api/people/{town.ids[who]}/evaluation")

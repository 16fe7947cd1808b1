"""How a squad comes about in a rehearsal: what is asked first, and what everybody answers."""

from __future__ import annotations

from engine.domain.formation import Formation
from engine.domain.squads import Membership
from tests.workflows.agency import PEOPLE

LETTER = {
    "way": "letter",
    "name": "Tim Portal",
    "starts_on": "2026-02-02",
    "ends_on": "2026-06-30",
    "person_days": 40,
    "letter_no": "ST-7/2026",
}
CALL = {
    "name": "Tim Analisis",
    "starts_on": "2026-03-02",
    "ends_on": "2026-08-31",
    "person_days": 60,
    "places": 2,
    "competence": "Analisis data",
}
OUTPUTS = [
    {
        "title": "Rancangan portal",
        "indicator": "Rancangan disetujui",
        "target": "1 rancangan",
        "person_days": 15,
        "due_on": "2026-04-30",
    },
    {
        "title": "Portal berjalan",
        "indicator": "Portal dipakai",
        "target": "1 portal",
        "person_days": 25,
        "due_on": "2026-06-30",
    },
]
BOTH_AGREE = {"answer": "agree"}


def listed(*lines):
    """A pasted list: (name, role, per cent or "")."""
    return "\n".join(f"{PEOPLE[name][0]} {role} {part}" for name, role, part in lines)


PAIR = (("citra", "ketua", "20 %"), ("sari", "anggota", "10 %"))


def from_letter(town, by="wati", members=PAIR, **values):
    text = members if isinstance(members, str) else listed(*members)
    form = {"host_unit_id": town.ids["pusat"], "members": text, **LETTER}
    return town.ask("squad_formation", by=by, **{**form, **values})


def call_for(town, way, **values):
    form = {"host_unit_id": town.ids["pusat"], "way": way, **CALL}
    return town.ask("squad_formation", by="wati", **{**form, **values})


def confirmed(town, **values):
    """The owner confirms what Regu proposes, with two outputs."""
    outputs = values.pop("outputs", OUTPUTS)
    town.do("confirm_squad", outputs=outputs, **values)


def signs(town, who, **values):
    """A member accepts; whatever he does at home is reduced."""
    task = town.task("sign_membership", who)
    results = [{**row, "change": "reduced"} for row in town.begun(task).get("results") or []]
    town.answer(task, {"answer": "accepted", "results": results, **values})


def joined(town):
    """Citra is of the host unit, Sari is lent by Budi; both agree to their shares."""
    signs(town, "citra")
    signs(town, "sari")
    town.do("give_consent", "budi", decision="given")


def agreed(town, *people):
    for who in people:
        town.do("answer_shares", who, answer="agree")


def formation(town, key):
    with town.house.reading() as uow:
        return uow.formation.get(Formation, town.variables(key)["formation_id"])


def members(town, squad_id):
    """Short name to memberships of a squad, oldest first."""
    found = {}
    with town.house.reading() as uow:
        rows = uow.contributions.members(squad_id)
    for row in sorted(rows, key=lambda one: one.valid_from):
        found.setdefault(town.names[row.person_id], []).append(row)
    return found


def membership(town, membership_id):
    with town.house.reading() as uow:
        return uow.contributions.get(Membership, membership_id)


def shares(town, squad_id):
    """Output title to short name to basis points, of the newest version."""
    found = {}
    with town.house.reading() as uow:
        for output in uow.contributions.outputs(town.ids["cycle"], squad_id):
            lines = uow.contributions.share_lines(output.id)
            found[output.title] = {town.names[x.person_id]: x.expected_bp for x in lines}
    return found


LESSON = {
    "worked": "Rapat singkat tiap Senin",
    "failed": "Data dari unit lain terlambat",
    "advice": "Minta data sejak minggu pertama",
    "audience": "leads",
    "topics": "Data, koordinasi",
}


def learnt(town, key, who="citra", **values):
    """The lead writes what was learnt: the squad does not end before."""
    assert town.status(key) == "active"
    town.do("write_lessons", who, **{**LESSON, **values})
    assert town.status(key) == "completed"

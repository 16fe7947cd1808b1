"""One short year in which every kind of act happens once; a step after each."""

from __future__ import annotations

from tests.machine.books import Books, Snapshot
from tests.machine.replay import index_faults

PEOPLE = ("budi", "sari", "dewi")


def look(acts):
    with acts.place.house.reading() as uow:
        return Snapshot(uow)


def lend(acts):
    """Every home that has not answered says yes."""
    for row in look(acts).members.values():
        if row.consent == "pending":
            acts.consent(row.id, acts.lender(row.id), "given")


def attested(acts, output, *people):
    for who in people:
        acts.attest(output, who, acts.attester(output, who))


def a_year(acts):
    """Budi leads Sari (another unit) and Dewi (another agency); yields what each act answered.

    Acts that must be refused answer None in a sound product.
    """
    members = [("budi", "ketua", 50), ("sari", "anggota", 20), ("dewi", "anggota", 30)]
    yield "over budget", acts.form("data", members, [40, 40], 20, agreed=40)
    squad = acts.form("data", members, [40, 20], 20)
    yield "formed", squad
    yield "shares", acts.shares(squad)
    one, two = list(look(acts).outputs)[-2:]
    acts.consent(*_sari(acts), "given")
    for row in look(acts).members.values():
        acts.join(row.id, row.person_id, accepts=True)
    yield "document", acts.document("sari", "l2026-1", 90)
    yield from _first(acts, one)
    acts.wait(90)
    yield "period", acts.close_period("l2026-1", "wira")
    yield "late", acts.deliver(two, "budi")
    yield "late", acts.accept(two, "h_data", 110)
    yield from _correction(acts, one)
    yield "effort", acts.change(squad, "h_data", "sari", "effort", 10, in_days=5)
    yield "back-dated", acts.change(squad, "h_data", "dewi", "effort", 10, in_days=-5)


def _sari(acts):
    row = next(m for m in look(acts).members.values() if m.person_id == "sari")
    return row.id, acts.lender(row.id)


def _first(acts, one):
    """An output from its delivery to its seal; Dewi's home answers late."""
    yield "deliver", acts.deliver(one, "budi")
    yield "accept", acts.accept(one, "h_data", 96)
    lines = {who: row.expected_bp for who, row in look(acts).lines[one].items()}
    for who, bp in lines.items():
        yield "claim", acts.claim(one, who, bp)
    yield "own line", acts.attest(one, "sari", "sari")
    yield "attest", acts.attest(one, "budi", "h_data")
    yield "attest", acts.attest(one, "dewi", "budi")
    yield "alone", acts.attest(one, "sari", "budi", 400)
    acts.answer(one, "sari", "sari", "disagree")
    yield "cosign", acts.cosign(one, "sari", acts.cosigner(one, "sari"))
    rest = lines["sari"] - 400
    yield "waiting share", acts.allocate(one, "h_data", 0, {"sari": rest + lines["dewi"]})
    yield "not empty", acts.seal(one)
    lend(acts)
    yield "lent", True
    yield "too collective", acts.allocate(one, "h_data", rest, {})
    yield "allocate", acts.allocate(one, "h_data", 400, {"sari": rest - 400})
    yield "dispute", acts.dispute(one, "sari", "sari")
    kept = {who: look(acts).held[one][f"person:{who}"] for who in lines}
    decided = {**kept, "dewi": kept["dewi"] - 100, "sari": kept["sari"] + 100}
    yield "decide", acts.decide(one, acts.judge(one), decided)
    yield "thank", acts.thank(one, "h_data", "wayan")
    yield "declined", acts.thank(one, "h_data", "gita", "mentor", "decline")
    yield "seal", acts.seal(one)


def _correction(acts, one):
    line = look(acts).live(one, "budi")
    asked = acts.ask_correction(line.id, "agus", line.amount_bp - 500)
    yield "asked", asked
    key = asked["correction_id"]
    yield "decided", acts.decide_correction(one, key, acts.corrector(key))
    yield "given", acts.reallocate(one, key, "h_data", 100, {"dewi": 400})


#: what a sound product refuses
REFUSED = {
    "over budget", "own line", "waiting share", "not empty", "too collective", "declined",
    "back-dated",
}  # fmt: skip


def first_faults(acts):
    """Codes of the first act after which something is wrong; and what the acts answered."""
    books, answers = Books(), []
    for name, answer in a_year(acts):
        answers.append((name, answer))
        with acts.place.house.reading() as uow:
            seen = Snapshot(uow)
            found = books.faults(uow, seen) + books.forward_only(seen, acts.today)
            for who in PEOPLE:
                found += index_faults(acts.place, uow, seen, who)
        if found:
            return {code for code, _ in found}, answers
    return set(), answers

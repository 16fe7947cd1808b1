"""How a contribution comes about: the acts of a squad, and what they leave behind."""

from __future__ import annotations

from decimal import Decimal

from engine.domain.ledger import person_account
from engine.usecases.disputes import RaiseDispute, raise_dispute
from engine.usecases.proof import ledger_faults

CLAIM = {
    "contribution_type": "analysis",
    "degree": "equal",
    "evidence_link": "https://bukti.example/klaim",
}
#: expected shares by coefficient: the ketua counts twice
EXPECTED = {"citra": Decimal(50), "sari": Decimal(25), "eko": Decimal(25)}


def begin(town):
    return town.start("contribution", output_id=town.ids["output"], cycle_id=town.ids["cycle"])


def accepted(town, attainment=96):
    """The output stands accepted; every member may claim."""
    key = begin(town)
    town.do("deliver_output", "citra", note="Lengkap")
    town.do("accept_output", "wati", decision="accept", attainment=attainment)
    assert town.waiting() == [("claim", "citra"), ("claim", "eko"), ("claim", "sari")]
    return key


def claim(town, who, **values):
    town.do("claim", who, **{**CLAIM, "mode": "own", **values})


def attest(town, about, **values):
    values = {"decision": "attest", "commitment": "met", **values}
    town.do("attest", about=about, **values)


def attested(town, *people):
    """Those members claimed what was expected and it was taken."""
    for who in people:
        claim(town, who)
        attest(town, who)


def lapse(town, *people):
    """Nobody claims for those members."""
    assert [name for element, name in town.waiting() if element == "claim"] == sorted(people)
    while town.open("claim") or town.open("claim_for_member"):
        town.pass_days(1)


def read(town, *people, **values):
    """Those members read what became of the remainder."""
    for who in people:
        town.do("read_remainder", who, **{"answer": "noted", **values})


def balances(town):
    """Basis points of every account of the output that holds some, by short name."""
    with town.house.reading() as uow:
        held = uow.contributions.balances(town.ids["output"])
    names = {person_account(town.ids[name]): name for name in EXPECTED}
    return {names.get(account, account): bp for account, bp in held.items() if bp}


def claim_state(town, who):
    with town.house.reading() as uow:
        return uow.contributions.claim_of(town.ids["output"], town.ids[who]).state


def output_status(town):
    with town.house.reading() as uow:
        output = uow.contributions.outputs(town.ids["cycle"])[0]
    return output.status


def dispute(town, who, about=None):
    command = RaiseDispute(
        output_id=town.ids["output"],
        person_id=town.ids[about or who],
        ground="Bagian saya lebih besar",
    )
    raise_dispute(town.house, town.actor(who), command)
    town.worker.drain()


def books_hold(town):
    with town.house.reading() as uow:
        return list(ledger_faults(uow))

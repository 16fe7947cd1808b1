"""A sealed output, and the acts that come after it."""

from __future__ import annotations

from datetime import date

from tests.workflows.contributing import accepted, attest, claim

#: shares of the worked example 2.6, percent
SHARES = {"citra": 59, "sari": 18, "eko": 23}


def grant(town, who, group):
    """Somebody gets a group, and the rehearsal's actor with it."""
    with town.house.writing() as uow:
        login = uow.accounts.account_of(town.ids[who]).login
        uow.accounts.grant(login, group, date(2025, 1, 1))
        uow.commit()


def sealed(town, shares=None, attainment=96, **partly):
    """The output is sealed with these shares; second signatures given where they are needed.

    `partly`: members who kept only a part of their commitment, with where that is seen.
    """
    accepted(town, attainment=attainment)
    for who, percent in (shares or {"citra": 50, "sari": 25, "eko": 25}).items():
        claim(town, who, claimed_percent=percent)
        seen = partly.get(who)
        kept = {"commitment": "partly", "commitment_evidence": seen} if seen else {}
        attest(town, who, **kept)
        if town.open("answer_adjustment"):
            town.do("answer_adjustment", who, answer="agree")
            town.do("cosign", decision="approve", reason="Sesuai bukti")
    town.pass_days(16)


def rows(town):
    """The output's ledger."""
    with town.house.reading() as uow:
        return list(uow.contributions.ledger(town.ids["output"]))


def line_of(town, who):
    """Number of a member's live row, as the form's choice."""
    live = [row for row in rows(town) if row.person_id == town.ids[who]]
    taken = {row.reverses_id for row in live}
    return str(next(r.id for r in reversed(live) if r.id not in taken and r.reverses_id is None))


def close_period(town, number, minutes="Berita acara"):
    """A period without anything under way is closed and sealed."""
    town.ask("period_closing", by="joko", period=town.ids[f"period {number}"])
    town.do("seal_period", minutes=minutes, by="joko")

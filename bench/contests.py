"""Disputes about an output, and corrections after its seal."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from bench.case import COLLECTIVE_MOST, LINK, Case, may_hold
from bench.population import LAST
from bench.year import Alone
from engine.domain import corrections as correcting
from engine.domain import disputes as disputing
from engine.domain.claims import ClaimState
from engine.domain.corrections import Correction
from engine.domain.errors import NobodyFound
from engine.domain.ledger import COLLECTIVE, POOL, account_person, live_line
from engine.usecases.correction_cases import correction_case
from engine.usecases.disputes import RaiseDispute, raise_dispute
from engine.usecases.earmarks import earmarks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bench.year import Life
    from engine.usecases.actor import Actor

_CONTESTABLE: Final = frozenset({ClaimState.ATTESTED, ClaimState.ADJUSTED, ClaimState.RESOLVED})


def disputed(case: Case, *, collective: bool) -> Life:
    """Raised by a member, heard, decided by who had no part in it."""
    year, store = case.year, case.year.uow.contributions
    able = [c.person_id for c in store.claims(case.output_id) if c.state in _CONTESTABLE]
    able = sorted(set(able) - year.gone)
    if not able:
        return
    who = year.random.choice(able)
    if collective:
        form: dict[str, Any] = {"answer": "dispute", "ground": "bagian saya"}
        year.do("regu.output.read_remainder", year.person(who), form, **case.of(who))
    else:
        command = RaiseDispute(output_id=case.output_id, ground="bagian saya lebih")
        yield Alone(lambda: raise_dispute(year.stage.house, year.person(who), command))
    year.counts["disputes"] += 1
    yield 3
    for line in case.lines():
        if line.person_id not in year.gone and year.chance(70):
            said = {"statement": "menurut saya"}
            year.do(
                "regu.dispute.hear", year.person(line.person_id), said, **case.of(line.person_id)
            )
            year.counts["parties heard"] += 1
    yield 4
    lines = [
        {"person_id": who, "share_percent": Decimal(bp) / 100}
        for who, bp in sorted(_restated(case).items())
    ]
    form = {"lines": lines, "reason": "sesuai bukti dan keterangan"}
    year.do("regu.dispute.decide", _dispute_decider(case), form, **case.ref)
    yield 1


def _dispute_decider(case: Case) -> Actor:
    try:
        found = disputing.dispute_decider(case.year.standing().dispute_case(case.output))
    except NobodyFound:
        case.year.counts["decided from outside"] += 1
        return case.admin()
    return case.year.person(found.person_id)


def _restated(case: Case) -> dict[str, int]:
    """All lines: a part moved, and what lies in POOL given away up to the collective's cap."""
    year, store = case.year, case.year.uow.contributions
    held = {line.person_id: 0 for line in store.share_lines(case.output_id)}
    held |= earmarks(year.uow, case.output_id)
    for account, amount in store.balances(case.output_id).items():
        person = account_person(account)
        if person is not None:
            held[person] = amount
    open_ = [line.person_id for line in case.lines() if may_hold(case, line)]
    rest = 10_000 - sum(held.values()) - year.random.randint(0, COLLECTIVE_MOST)
    if rest > 0:
        held[year.random.choice(open_)] += rest
    giver, taker = year.random.choice(open_), year.random.choice(open_)
    part = min(year.random.randint(0, 800), max(held[giver] - 1, 0))
    held[giver] -= part
    held[taker] += part
    return held


def corrected(case: Case) -> Life:
    """After the seal: internal audit cuts a line, what was freed is shared out."""
    year = case.year
    left = (LAST - year.day).days - 12
    if left < 1:
        return
    yield year.random.randint(1, left)
    rows = year.uow.contributions.ledger(case.output_id)
    people = [line.person_id for line in case.lines()]
    held = [row for who in people if (row := live_line(rows, case.output_id, who)) is not None]
    row = year.random.choice(held)
    new = row.amount_bp - year.random.randint(1, max(min(row.amount_bp - 1, 1500), 1))
    form: dict[str, Any] = {
        "line": str(row.id),
        "new_percent": Decimal(max(new, 0)) / 100,
        "reason": "audit",
        "evidence_link": LINK,
    }
    auditor = year.officer(case.squad.host_agency_id, "auditor", "auditor")
    told = year.do("regu.correction.ask", auditor, form)
    ref: dict[str, Any] = {"correction_id": told["correction_id"], **case.ref}
    yield 2
    for who in sorted({str(row.person_id), *year.random.sample(people, 1)} - year.gone):
        said = {"statement": "keterangan"}
        year.do("regu.correction.hear", year.person(who), said, **ref, person_id=who)
    yield 2
    decision = "approve" if year.chance(85) else "refuse"
    form = {"decision": decision, "reason": "setelah mendengar"}
    year.do("regu.correction.decide", _corrector(case, told["correction_id"]), form, **ref)
    year.counts[f"corrections {decision}d"] += 1
    if decision == "approve":
        yield 2
        _shared_out(case, ref, str(row.person_id))


def _corrector(case: Case, correction_id: object) -> Actor:
    year = case.year
    found = year.uow.credits.get(Correction, str(correction_id))
    assert found is not None
    try:
        office = correcting.decider(correction_case(year.standing(), case.output, found))
    except NobodyFound:
        year.counts["decided from outside"] += 1
        return case.admin()
    return year.person(office.person_id)


def _shared_out(case: Case, ref: Mapping[str, Any], cut: str) -> None:
    year = case.year
    held = year.uow.contributions.balances(case.output_id)
    freed = held[POOL]
    together = min(freed, COLLECTIVE_MOST - held.get(COLLECTIVE, 0))
    others = [
        line.person_id for line in case.lines() if line.person_id != cut and may_hold(case, line)
    ]
    if others and year.chance(50):
        together = 0
    lines = []
    if freed > together:
        if not others:
            return
        who = year.random.choice(others)
        lines.append({"person_id": who, "share_percent": Decimal(freed - together) / 100})
    form = {"collective_percent": Decimal(together) / 100, "lines": lines, "reason": "dibagi"}
    year.do("regu.correction.reallocate", year.person(case.squad.sponsor_id), form, **ref)
    year.counts["corrections shared out"] += 1

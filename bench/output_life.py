"""The life of an output: handed over, accepted, claimed, attested, settled, sealed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bench.case import COLLECTIVE_MOST, LINK, Case, decide_above, may_hold
from bench.contests import corrected, disputed
from engine.domain.ledger import COLLECTIVE
from engine.domain.overlays import OverlayRole
from engine.domain.squads import Membership
from engine.usecases import escalation

if TYPE_CHECKING:
    from bench.year import Life, Year
    from engine.domain.outputs import ShareLine
    from engine.domain.squads import Squad
    from engine.usecases.actor import Actor


def course(year: Year, squad: Squad, output_id: str) -> Life:
    """From its due day to its seal, and corrections after it."""
    case = Case(year, output_id, squad)
    year.do("regu.output.open", year.engine(), **case.ref)
    yield from _accepted(case)
    yield year.random.randint(2, 4)
    _claimed(case)
    yield year.random.randint(2, 5)
    yield from _attested(case)
    yield 3
    if year.chance(10):
        yield from disputed(case, collective=False)
    if year.chance(25):
        yield from _overlaid(case)
    yield from _settled(case)
    yield 14
    year.do("regu.output.seal", year.engine(), **case.ref)
    year.seal(output_id)
    year.counts["outputs sealed"] += 1
    if year.chance(15):
        yield from corrected(case)


def _accepted(case: Case) -> Life:
    year = case.year
    year.do("regu.output.deliver", year.person(case.lead()), {"note": "ok"}, **case.ref)
    yield year.random.randint(1, 3)
    if year.chance(8):
        form: dict[str, Any] = {"decision": "return", "note": "lengkapi"}
        year.do("regu.output.accept", _acceptor(case), form, **case.ref)
        year.counts["outputs returned"] += 1
        yield 2
        year.do("regu.output.deliver", year.person(case.lead()), {"note": "ok"}, **case.ref)
        yield 1
    year.must_refuse(
        "regu.output.accept", year.person(case.lead()), {"decision": "accept"}, **case.ref
    )
    attained = (
        Decimal(year.random.choice([70, 88, 96, 100, 100, 104, 110, 118]))
        + Decimal(year.random.randrange(100)) / 100
    )
    form = {"decision": "accept", "attainment": attained, "note": ""}
    year.do("regu.output.accept", _acceptor(case), form, **case.ref)
    year.counts["outputs accepted"] += 1


def _acceptor(case: Case) -> Actor:
    found = escalation.acceptor(case.year.standing(), case.output)
    assert found is not None
    return case.year.person(found.person_id)


def _claimed(case: Case) -> None:
    """Everybody claims, or his lead for him; some do not at all."""
    year, random, lead = case.year, case.year.random, case.lead()
    case.targets = _targets(case)
    for line in case.lines():
        who = line.person_id
        luck = random.randrange(100)
        if luck < 3 or who in year.gone:
            year.do("regu.claim.lapse", year.engine(), **case.of(who))
            year.counts["claims lapsed"] += 1
            del case.targets[who]
        elif luck < 5:
            year.do("regu.claim.submit", year.person(who), {"mode": "withdraw"}, **case.of(who))
            year.counts["claims withdrawn"] += 1
            del case.targets[who]
        elif luck < 13 and who != lead:
            _claim(case, lead, line)
            answer = {"answer": "accept"}
            year.do("regu.claim.acknowledge", year.person(who), answer, **case.of(who))
            year.counts["claims by the lead"] += 1
        else:
            _claim(case, who, line)


def _claim(case: Case, by: str, line: ShareLine) -> None:
    year, who = case.year, line.person_id
    form: dict[str, Any] = {"mode": "plan", "evidence_link": LINK, "note": ""}
    if case.targets[who] != line.expected_bp and year.chance(50):
        form |= {
            "mode": "own",
            "claimed_percent": Decimal(case.targets[who]) / 100,
            "contribution_type": "analysis",
            "degree": "equal",
        }
    year.do("regu.claim.submit", year.person(by), form, **case.of(who))
    year.counts["claims"] += 1


def _targets(case: Case) -> dict[str, int]:
    """As expected, moved between two members, or with something left over."""
    random = case.year.random
    found = {line.person_id: line.expected_bp for line in case.lines()}
    style, people = random.randrange(100), sorted(found)
    if style < 60 or len(people) < 2:
        return found
    giver, taker = random.sample(people, 2)
    part = random.randint(1, max(found[giver] // 3, 1))
    if found[giver] - part < 1:
        return found
    found[giver] -= part
    if style < 78:
        found[taker] += part
    return found


def _attested(case: Case) -> Life:
    year = case.year
    waiting: list[str] = []
    for who in list(case.targets):
        if year.chance(6):
            form: dict[str, Any] = {"decision": "return", "reason": "bukti lain"}
            year.do("regu.claim.attest", _attester(case, who), form, **case.of(who))
            year.counts["claims returned"] += 1
            again = {"mode": "plan", "evidence_link": f"{LINK}/2", "note": ""}
            year.do("regu.claim.submit", year.person(who), again, **case.of(who))
        if year.chance(3):
            year.must_refuse(
                "regu.claim.attest", year.person(who), _word(case, who), **case.of(who)
            )
        if _attest(case, who):
            waiting.append(who)
    if waiting:
        yield 2
        yield from _cosigned(case, waiting)


def _attester(case: Case, who: str) -> Actor:
    found = case.year.standing().attester(case.output, who)
    assert found is not None
    return case.year.person(found.person_id)


def _word(case: Case, who: str) -> dict[str, Any]:
    year, target = case.year, case.targets[who]
    claim = year.uow.contributions.claim_of(case.output_id, who)
    assert claim is not None
    kept = year.random.choices(("met", "partly", "not_met"), (80, 15, 5))[0]
    form: dict[str, Any] = {"decision": "attest", "commitment": kept}
    if kept != "met":
        form["commitment_evidence"] = "catatan"
    if claim.claimed_bp != target:
        share = Decimal(target) / 100
        form |= {"decision": "adjust", "share_percent": share}
        form |= {"reason_code": "evidence", "reason": "sesuai bukti"}
    return form


def _attest(case: Case, who: str) -> bool:
    """Whether a second signature is needed."""
    year, form = case.year, _word(case, who)
    told = year.do("regu.claim.attest", _attester(case, who), form, **case.of(who))
    year.counts["lines adjusted" if form["decision"] == "adjust" else "lines attested"] += 1
    return told["needs_cosign"] is True


def _cosigned(case: Case, waiting: list[str]) -> Life:
    year = case.year
    for who in waiting:
        if year.chance(80):
            form = {"answer": year.random.choice(("agree", "disagree")), "note": "baca"}
            year.do("regu.claim.answer", year.person(who), form, **case.of(who))
        if year.chance(10):
            _sign(case, who, "refuse")
            year.counts["second signatures refused"] += 1
            if not _attest(case, who):
                continue
        _sign(case, who, "approve")
        year.counts["second signatures"] += 1
    yield 1


def _sign(case: Case, who: str, decision: str) -> None:
    claim = case.year.uow.contributions.claim_of(case.output_id, who)
    assert claim is not None
    found = escalation.cosigner(case.year.standing(), case.output, claim)
    assert found is not None, f"nobody co-signs {who} in {case.output_id}"
    form = {"decision": decision, "reason": "dilihat"}
    case.year.do("regu.claim.cosign", case.year.person(found.person_id), form, **case.of(who))


def _settled(case: Case) -> Life:
    """Consents decided, the remainder given away, everybody told; perhaps contested."""
    year = case.year
    found = year.do("regu.output.settle", year.engine(), **case.ref)
    undecided: Any = found["undecided"]
    for row in undecided:
        _decide_consent(case, str(row["membership_id"]))
    if undecided:
        yield 1
        found = year.do("regu.output.settle", year.engine(), **case.ref)
    if found["pool_bp"]:
        _allocate(case, int(found["pool_bp"]))
        yield 2
        contested = year.chance(8)
        if contested:
            yield from disputed(case, collective=True)
        else:
            for line in case.lines():
                if line.person_id not in year.gone:
                    form = {"answer": "noted"}
                    who = year.person(line.person_id)
                    year.do("regu.output.read_remainder", who, form, **case.of(line.person_id))


def _decide_consent(case: Case, membership_id: str) -> None:
    row = case.year.uow.contributions.get(Membership, membership_id)
    assert row is not None
    decide_above(case.year, row, case.admin(), output_id=case.output_id)


def _allocate(case: Case, rest: int) -> None:
    year = case.year
    taken = year.uow.contributions.balances(case.output_id).get(COLLECTIVE, 0)
    together = min(rest, COLLECTIVE_MOST - taken) if year.chance(60) else 0
    lines = []
    if rest > together:
        able = [line.person_id for line in case.lines() if may_hold(case, line)]
        who = year.random.choice(able)
        lines.append({"person_id": who, "share_percent": Decimal(rest - together) / 100})
    office = escalation.allocator(year.standing(), case.output)
    assert office is not None
    form = {"collective_percent": Decimal(together) / 100, "lines": lines, "reason": "dibagi"}
    year.do("regu.output.allocate", year.person(office.person_id), form, **case.ref)
    year.counts["remainders given away"] += 1
    year.counts["collective remainders"] += bool(together)


def _overlaid(case: Case) -> Life:
    """Somebody from outside helped: told, answered, posted beside the 10,000."""
    year = case.year
    town = year.random.choice(list(year.towns.values()))
    members = {line.person_id for line in case.lines()}
    who = year.random.choice([name for name in town.staff if name not in members | year.gone])
    form = {
        "output": case.output_id,
        "nip": town.nips[who],
        "role": year.random.choice([role.value for role in OverlayRole]),
        "note": "menelaah",
        "evidence_link": LINK,
    }
    by = year.person(year.random.choice([case.lead(), case.squad.sponsor_id]))
    told = year.do("regu.overlay.propose", by, form)
    ref = {"overlay_id": told["overlay_id"], **case.ref}
    yield 2
    luck = year.random.randrange(100)
    if luck < 10 or who in year.gone:
        year.do("regu.overlay.lapse", year.engine(), **ref)
    elif luck < 20:
        year.do("regu.overlay.answer", year.person(who), {"answer": "decline"}, **ref)
    else:
        year.do("regu.overlay.answer", year.person(who), {"answer": "accept"}, **ref)
        year.do("regu.overlay.post", year.engine(), **ref)
        year.counts["overlay lines"] += 1

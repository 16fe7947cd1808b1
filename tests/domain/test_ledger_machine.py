"""A random year of one squad against a model; and the same with one act planted wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from engine.domain.attestation import attest, needs_of
from engine.domain.chain import append
from engine.domain.claims import (
    TERMINAL,
    Attestation,
    AttestDecision,
    Claim,
    ClaimAct,
    ClaimState,
    Commitment,
    Degree,
    moved,
    submit,
)
from engine.domain.corrections import (
    Correction,
    check_reallocation,
    check_request,
    postings,
)
from engine.domain.cycles import Period
from engine.domain.disputes import RestatedLine, check_restated
from engine.domain.errors import RuleBroken
from engine.domain.invariants import LedgerFacts, check_append_only, check_ledger
from engine.domain.ledger import LineClass, TransferCode, balance, live_line, overlays
from engine.domain.outputs import Output, OutputStatus
from engine.domain.overlays import OverlayRole
from engine.domain.posting import (
    allocation,
    collective,
    opening,
    overlay,
    restatement,
    reversal,
)
from engine.domain.rollup import check_rollup, roll_up
from engine.domain.sealing import SealFacts, seal_blockers
from engine.domain.shares import default_shares
from engine.domain.squads import SquadRole
from tests.domain.worked import ATTEST, COLLECTIVE_MOST, NOW, SHARES, holder, member, posting

if TYPE_CHECKING:
    from collections.abc import Callable

EFFORTS = {"ketua": 3000, "a": 2000, "b": 1000, "c": 2500}
MEMBERS = tuple(
    member(who, f, SquadRole.KETUA if who == "ketua" else SquadRole.ANGGOTA)
    for who, f in EFFORTS.items()
)
EXPECTED = default_shares(MEMBERS, SHARES)
OUTPUTS = {"o1": 40, "o2": 20}
PERIODS = {
    key: Period(id=key, cycle_id="c", number=n, name=key, starts_on=first, ends_on=last)
    for n, (key, first, last) in enumerate(
        [
            ("Q1", date(2026, 1, 1), date(2026, 3, 31)),
            ("Q2", date(2026, 4, 1), date(2026, 6, 30)),
        ],
        start=1,
    )
}


def sealed_output(key):
    return Output(
        id=key,
        squad_id="A",
        number=1,
        title=key,
        indicator="i",
        target="1",
        value_points=OUTPUTS[key],
        cycle_id="c",
        period_id="Q1",
        due_on=date(2026, 3, 1),
        status=OutputStatus.SEALED,
        attainment=100,
    )


def open_period(sealed):
    return "Q2" if sealed else "Q1"


@dataclass(frozen=True, kw_only=True)
class Acts:
    """The product's functions, any of which a test replaces by a wrong one."""

    opening: Callable = opening
    allocation: Callable = allocation
    collective: Callable = collective
    restatement: Callable = restatement
    seal_blockers: Callable = seal_blockers
    append: Callable = append
    overlay: Callable = overlay
    correction: Callable = postings
    posting_period: Callable = open_period


class LedgerMachine(RuleBasedStateMachine):
    acts = Acts()

    def __init__(self):
        super().__init__()
        self.rows, self.before = (), ()
        self.claims, self.sealed, self.model = {}, {}, {}
        self.sealed_periods, self.corrected = {}, {}

    def post(self, *new):
        self.before, self.rows = self.rows, self.acts.append(self.rows, new)

    def act(self, output, actor):
        period = self.acts.posting_period(bool(self.sealed_periods))
        return posting(output, actor, posting_period_id=period)

    def states(self, *wanted):
        return sorted(key for key, claim in self.claims.items() if claim.state in wanted)

    @initialize()
    def open_the_first(self):
        self.open_output("o1")

    @rule(output=st.sampled_from(sorted(OUTPUTS)))
    def open_again(self, output):
        self.open_output(output)

    def open_output(self, output):
        try:
            row = self.acts.opening(self.rows, self.act(output, "sponsor"))
        except RuleBroken:
            assert output in self.model
            return
        self.post(row)
        self.model[output] = {"POOL": 10_000, "COLLECTIVE": 0}

    def claimable(self):
        waiting = (ClaimState.DRAFT, ClaimState.RETURNED)
        return [
            (output, who)
            for output in sorted(set(self.model) - set(self.sealed))
            for who in sorted(EFFORTS)
            if (output, who) not in self.claims or self.claims[output, who].state in waiting
        ]

    @precondition(lambda self: self.claimable())
    @rule(data=st.data(), off=st.integers(-300, 300), everyone=st.booleans())
    def claim(self, data, off, everyone):
        chosen = data.draw(st.sampled_from(self.claimable()))
        for key in self.claimable():
            if key == chosen or (everyone and key[0] == chosen[0]):
                self.hand_in(key, off if key == chosen else 0)

    def hand_in(self, key, off):
        output, who = key
        claim = self.claims.get(key) or Claim(
            id=f"{output}:{who}",
            output_id=output,
            person_id=who,
            claimed_bp=EXPECTED[who] + off,
            contribution_type="analysis",
            degree=Degree.EQUAL,
        )
        self.claims[key] = submit(
            claim, actor_id=who, lead_id="ketua", evidence=1, member=True, at=NOW
        )

    @precondition(lambda self: self.states(ClaimState.CLAIMED))
    @rule(
        data=st.data(),
        decision=st.sampled_from(AttestDecision),
        off=st.integers(-500, 1500),
        cosigned=st.booleans(),
        everyone=st.booleans(),
    )
    def attest(self, data, decision, off, cosigned, everyone):
        waiting = self.states(ClaimState.CLAIMED)
        chosen = data.draw(st.sampled_from(waiting))
        self.judge(chosen, decision, EXPECTED[chosen[1]] + off, cosigned)
        for key in waiting if everyone else ():
            if key != chosen and key[0] == chosen[0]:
                self.judge(key, AttestDecision.ATTEST, None, cosigned=True)

    def judge(self, key, decision, share, cosigned):
        claim, (output, who) = self.claims[key], key
        attester = "sponsor" if who == "ketua" else "ketua"
        given = {AttestDecision.RETURN: None, AttestDecision.ATTEST: claim.claimed_bp}
        attestation = Attestation(
            id="x",
            claim_id=claim.id,
            attester_id=attester,
            decision=decision,
            share_bp=given.get(decision, share),
            reason_code="moved",
            reason="page 3 is missing",
            commitment=None if decision is AttestDecision.RETURN else Commitment.MET,
            cosigner_id="boss" if cosigned else None,
            member_answer="I disagree" if cosigned else None,
            at=NOW,
        )
        needs = needs_of(attestation, claim, EXPECTED[who], ATTEST)
        try:
            after = attest(claim, attestation, needs)
            new = ()
            if attestation.share_bp is not None:
                code = TransferCode(decision.value)
                line = self.act(output, attester), holder(who, f"home-{who}")
                new = (self.acts.allocation(self.rows, *line, attestation.share_bp, code),)
        except RuleBroken:
            lacks = (needs.cosign and not cosigned) or share == claim.claimed_bp
            assert lacks or attestation.share_bp > self.model[output]["POOL"]
            return
        self.claims[key] = after
        self.post(*new)
        for row in new:
            self.move(output, "POOL", row.person_id, row.amount_bp)

    def move(self, output, source, target, amount):
        held = self.model[output]
        held[source] = held.get(source, 0) - amount
        held[target] = held.get(target, 0) + amount

    @precondition(lambda self: set(self.model) - set(self.sealed))
    @rule(data=st.data(), amount=st.integers(1, 1500))
    def give_to_collective(self, data, amount):
        output = data.draw(st.sampled_from(sorted(set(self.model) - set(self.sealed))))
        act = self.act(output, "sponsor")
        try:
            row = self.acts.collective(self.rows, act, amount, COLLECTIVE_MOST)
        except RuleBroken:
            held = self.model[output]
            assert amount > held["POOL"] or held["COLLECTIVE"] + amount > COLLECTIVE_MOST
            return
        self.post(row)
        self.move(output, "POOL", "COLLECTIVE", amount)

    def decided(self):
        """Lines that may be disputed: the window opens when every line of the output is decided."""
        wanted = (ClaimState.ATTESTED, ClaimState.ADJUSTED, ClaimState.RESOLVED)
        ended = TERMINAL | {ClaimState.DISPUTED}
        return [
            key
            for key in self.states(*wanted)
            if all((key[0], who) in self.claims for who in EFFORTS)
            and all(c.state in ended for k, c in self.claims.items() if k[0] == key[0])
        ]

    @precondition(lambda self: self.decided())
    @rule(data=st.data())
    def dispute(self, data):
        key = data.draw(st.sampled_from(self.decided()))
        self.claims[key] = moved(self.claims[key], ClaimAct.DISPUTE)

    @precondition(lambda self: self.states(ClaimState.CLAIMED, ClaimState.RETURNED))
    @rule(data=st.data())
    def withdraw(self, data):
        key = data.draw(st.sampled_from(self.states(ClaimState.CLAIMED, ClaimState.RETURNED)))
        self.claims[key] = moved(self.claims[key], ClaimAct.WITHDRAW)

    @precondition(lambda self: self.claimable())
    @rule(data=st.data())
    def finish_the_lines(self, data):
        """A good output: everybody claims what was agreed and is attested; the rest is settled."""
        output = data.draw(st.sampled_from(self.claimable()))[0]
        for key in self.claimable():
            if key[0] == output:
                self.hand_in(key, 0)
        for key in self.states(ClaimState.CLAIMED):
            if key[0] == output:
                self.judge(key, AttestDecision.ATTEST, None, cosigned=True)

    @precondition(lambda self: self.states(ClaimState.DISPUTED))
    @rule(data=st.data(), k=st.integers(0, COLLECTIVE_MOST), cut=st.integers(0, 10_000))
    def resolve(self, data, k, cut):
        key = data.draw(st.sampled_from(self.states(ClaimState.DISPUTED)))
        output, who = key
        others = sorted(set(EFFORTS) - {who})
        first = min(cut, 10_000 - k)
        rest = 10_000 - k - first
        shares = {who: first, **dict.fromkeys(others, rest // 3)}
        shares[others[0]] += rest - 3 * (rest // 3)
        self.restate(output, shares, k)
        self.claims[key] = moved(self.claims[key], ClaimAct.RESOLVE)

    def restate(self, output, shares, k):
        lines = [RestatedLine(person_id=p, share_bp=bp) for p, bp in shares.items()]
        lines.append(RestatedLine(person_id=None, share_bp=k))
        current = balance(self.rows, output).people_bp
        heard = {"heard": set(EFFORTS), "collective_most_bp": COLLECTIVE_MOST}
        assert check_restated(current, lines, **heard) == ()
        homes = {who: holder(who, f"home-{who}") for who in shares}
        self.post(*self.acts.restatement(self.rows, self.act(output, "boss"), shares, homes, k))
        self.model[output] = {"POOL": 0, "COLLECTIVE": k, **shares}

    @precondition(lambda self: set(self.model) - set(self.sealed))
    @rule(data=st.data())
    def seal(self, data):
        output = data.draw(st.sampled_from(sorted(set(self.model) - set(self.sealed))))
        own = {key: claim for key, claim in self.claims.items() if key[0] == output}
        facts = SealFacts(
            output_id=output,
            members=[who for _, who in own],
            claims=list(own.values()),
            disputes=(),
            undecided_consents=(),
            acknowledged=(),
            window_ends_at=NOW,
            rows=self.rows,
        )
        if self.acts.seal_blockers(facts, NOW + timedelta(days=1)):
            return
        self.sealed[output] = self.rows[-1].id
        for key, claim in own.items():
            if claim.state in (ClaimState.ATTESTED, ClaimState.ADJUSTED, ClaimState.RESOLVED):
                self.claims[key] = moved(claim, ClaimAct.SEAL)

    @precondition(lambda self: set(self.model) - set(self.sealed))
    @rule(data=st.data())
    def settle(self, data):
        """The sponsor shares out what is left, in the proportion of the plan."""
        output = data.draw(st.sampled_from(sorted(set(self.model) - set(self.sealed))))
        own = [claim for key, claim in self.claims.items() if key[0] == output]
        if len(own) == len(EFFORTS) and all(claim.state in TERMINAL for claim in own):
            self.restate(output, EXPECTED, 0)

    @precondition(lambda self: len(self.rows) > 5 and not self.sealed_periods)
    @rule()
    def seal_period(self):
        self.sealed_periods["Q1"] = self.rows[-1].id

    @precondition(lambda self: set(self.sealed) - set(self.corrected))
    @rule(data=st.data(), lost=st.integers(1, 10_000))
    def correct_after_sealing(self, data, lost):
        """An audit cuts a line: reversal and new row; what is freed lies in POOL."""
        output = data.draw(st.sampled_from(sorted(set(self.sealed) - set(self.corrected))))
        held = balance(self.rows, output).people_bp
        if not held:
            return
        who = data.draw(st.sampled_from(sorted(held)))
        lost = min(lost, held[who])
        line = live_line(self.rows, output, who)
        cut = Correction(
            id="k",
            output_id=output,
            person_id=who,
            transfer_id=line.id,
            old_bp=line.amount_bp,
            new_bp=line.amount_bp - lost,
            asked_by="auditor",
            reason="audit",
            evidence_link="https://bukti.example/lhp",
            asked_at=NOW,
        )
        assert check_request(cut, sealed_output(output), line, busy=False) == ()
        self.acts.correction(self.rows, self.act(output, "boss"), cut, self.post_one)
        self.move(output, who, "POOL", lost)
        self.corrected[output] = cut

    @precondition(lambda self: self.corrected)
    @rule(data=st.data(), together=st.integers(0, 200))
    def share_out_what_was_freed(self, data, together):
        output = data.draw(st.sampled_from(sorted(self.corrected)))
        cut = self.corrected[output]
        together = min(together, cut.freed_bp, COLLECTIVE_MOST - self.model[output]["COLLECTIVE"])
        heir = data.draw(st.sampled_from(sorted(set(EFFORTS) - {cut.person_id})))
        added = {heir: cut.freed_bp - together}
        faults = check_reallocation(
            cut.freed_bp, added, together, corrected_id=cut.person_id, members=EFFORTS
        )
        assert faults == ()
        act = self.act(output, "sponsor")
        if together:
            self.post(self.acts.collective(self.rows, act, together, COLLECTIVE_MOST))
            self.move(output, "POOL", "COLLECTIVE", together)
        if added[heir]:
            old = live_line(self.rows, output, heir)
            total = added[heir] + (old.amount_bp if old else 0)
            if old:
                self.post_one(reversal(self.rows, act, old.id))
            code = TransferCode.RELEASE
            home = holder(heir, f"home-{heir}")
            self.post_one(self.acts.allocation(self.rows, act, home, total, code))
            self.move(output, "POOL", heir, added[heir])
        del self.corrected[output]

    @precondition(lambda self: self.model)
    @rule(data=st.data(), role=st.sampled_from(OverlayRole))
    def thank_somebody_outside(self, data, role):
        """An overlay moves nothing of the 10,000 (I3)."""
        output = data.draw(st.sampled_from(sorted(self.model)))
        whose = holder("fajar", "home-fajar", role=role.value)
        self.post(self.acts.overlay(self.act(output, "sponsor"), whose))
        assert self.acts.overlay is not overlay or overlays(self.rows)

    def post_one(self, row):
        self.post(row)
        return self.rows[-1]

    @invariant()
    def the_ledger_is_the_model(self):
        found = [*check_append_only(self.before, self.rows)]
        facts = LedgerFacts(
            sealed_outputs=self.sealed,
            sealed_periods=self.sealed_periods,
            memberships=MEMBERS,
            periods=PERIODS,
            expected_bp=dict.fromkeys(self.model, EXPECTED),
            collective_most_bp=COLLECTIVE_MOST,
        )
        found += check_ledger(self.rows, facts)
        values = {output: OUTPUTS[output] for output in self.model}
        found += check_rollup(roll_up(self.rows, values), values)
        assert not found, " ".join(sorted({f"[{v.code}]" for v in found}))
        for output, model in self.model.items():
            held = balance(self.rows, output)
            assert (held.pool_bp, held.collective_bp) == (model["POOL"], model["COLLECTIVE"])
            people = {p: bp for p, bp in model.items() if p in EFFORTS and bp}
            assert held.people_bp == people
            assert all(live_line(self.rows, output, p).amount_bp == people[p] for p in people)


STEPS, RUNS = 50, 40
TestARandomYear = LedgerMachine.TestCase
TestARandomYear.settings = settings(
    max_examples=RUNS, stateful_step_count=STEPS, deadline=None, print_blob=True
)


def unguarded(rows, act, home, amount, code):
    """Forgets the pool, the live line and the four eyes."""
    row = allocation(append((), [opening((), act)]), replace(act, actor_id="?"), home, 1, code)
    return replace(row, amount_bp=amount, actor_id=act.actor_id)


def grown(rows, act, home, amount, code):
    return unguarded(rows, act, home, 10_001, code)


def own(rows, act, home, amount, code):
    return replace(allocation(rows, act, home, amount, code), actor_id=home.person_id)


def to_a_stranger(rows, act, home, amount, code):
    return allocation(rows, act, replace(home, person_id=f"not-{home.person_id}"), amount, code)


def without_reversal(rows, act, shares, homes, k):
    return [r for r in restatement(rows, act, shares, homes, k) if r.reverses_id is None]


def reversals(change):
    def wrong(rows, act, shares, homes, k):
        new = restatement(rows, act, shares, homes, k)
        return [change(r) if r.reverses_id is not None else r for r in new]

    return wrong


def uncorrected(rows, act, cut, chained):
    code = TransferCode.RESOLVE
    whole = append((), [opening((), act)])
    return chained(allocation(whole, act, holder(cut.person_id), cut.new_bp or 1, code))


def backdated(rows, act, cut, chained):
    return postings(rows, replace(act, posting_period_id="Q1"), cut, chained)


def boundless(rows, act, amount, most):
    return collective(rows, act, amount, 10_000)


def forgetful(rows, new):
    return append(rows[:-1] if len(rows) > 2 else rows, new)


def editing(rows, new):
    first = [replace(rows[0], reason="edited")] if rows else []
    return append((*first, *rows[1:]), new)


WRONG = {
    "opens with half": ("I1", Acts(opening=lambda r, p: replace(opening(r, p), amount_bp=5000))),
    "opens again": ("I1", Acts(opening=lambda _, p: opening((), p))),
    "gives more than there is": ("I2", Acts(allocation=grown)),
    "seals whatever is left": ("I2", Acts(seal_blockers=lambda *_: ())),
    "collective without end": ("I2", Acts(collective=boundless)),
    "restates without reversing": ("I4", Acts(restatement=without_reversal)),
    "reverses another amount": (
        "I7",
        Acts(restatement=reversals(lambda r: replace(r, amount_bp=r.amount_bp + 1))),
    ),
    "reverses under another home": (
        "I7",
        Acts(restatement=reversals(lambda r: replace(r, home_unit_id="elsewhere"))),
    ),
    "loses the last row": ("I7", Acts(append=forgetful)),
    "edits the first row": ("I13", Acts(append=editing)),
    "books in a sealed period": ("I8", Acts(posting_period=lambda _: "Q1")),
    "posts one's own line": ("I9", Acts(allocation=own)),
    "thanks out of the whole": (
        "I1",
        Acts(overlay=lambda *a: replace(overlay(*a), line_class=LineClass.PRIMARY)),
    ),
    "corrects without reversing": ("I4", Acts(correction=uncorrected)),
    "corrects in the sealed period": ("I8", Acts(correction=backdated)),
    "posts for a stranger": ("I10", Acts(allocation=to_a_stranger)),
}


@pytest.mark.parametrize("name", WRONG)
def test_the_machine_finds_a_wrong_act(name):
    code, acts = WRONG[name]
    wrong = type("WrongMachine", (LedgerMachine,), {"acts": acts})
    search = settings(
        max_examples=150,
        stateful_step_count=STEPS,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=True,
        report_multiple_bugs=False,
    )
    with pytest.raises(AssertionError, match=rf"\[{code}\]"):
        run_state_machine_as_test(wrong, settings=search)

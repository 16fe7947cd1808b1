"""A random year of two agencies: rules that act, and what must hold after each of them."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from tests.machine.acts import Acts
from tests.machine.books import Books, Snapshot
from tests.machine.city import EVERYBODY, HOSTS, MANAGER, STAFF, UNITS
from tests.machine.replay import index_faults
from tests.machine.states import DECIDED, States

LAST_DAY = date(2027, 1, 31)
#: whom a squad may ask: staff, and heads of other units
ASKED = (*STAFF, "h_hukum", "kepala")
BY = st.integers(0, 7)
WHO = st.sampled_from(EVERYBODY)


class RandomYear(States, RuleBasedStateMachine):
    #: a context manager that opens a city; set by the test
    fresh = None
    #: how many rules ran, over all examples
    steps = 0
    #: the index costs more than all else: it is worked out after each so many acts
    pause = 8

    def __init__(self):
        super().__init__()
        self.opened = type(self).fresh()
        self.place = self.opened.__enter__()
        self.acts, self.books = Acts(self.place), Books()
        self.checked = -1
        self.look()

    def teardown(self):
        try:
            self.check(STAFF)
            with self.place.house.reading() as uow:
                assert list(uow.audit.verify()) == []
        finally:
            self.opened.__exit__(None, None, None)

    def look(self):
        with self.place.house.reading() as uow:
            self.seen = Snapshot(uow)

    def check(self, people):
        with self.place.house.reading() as uow:
            self.seen, before = Snapshot(uow), self.seen
            found = self.books.faults(uow, self.seen, before)
            found += self.books.forward_only(self.seen, self.acts.today)
            for who in people:
                found += index_faults(self.place, uow, self.seen, who)
        assert not found, "\n".join(f"[{code}] {what}" for code, what in found)

    @invariant()
    def the_books_hold(self):
        """Everything after each act; the index of one person by turns, and of all at the end.

        What was refused was rolled back: what it left behind would be found after the next act.
        """
        type(self).steps += 1
        if self.acts.done == self.checked:
            return
        self.checked = self.acts.done
        names = tuple(STAFF)
        self.check([names[self.steps % len(names)]] if self.steps % self.pause == 0 else ())

    # squads and members

    @initialize(n=st.integers(0, 6), due_in=st.integers(0, 60))
    def begin(self, n, due_in):
        """Two squads across the agencies, most of whose members are lent at once."""
        names = ASKED[n:] + ASKED[:n]
        for host, people in (("data", names[:3]), ("seksi", names[3:6])):
            roles = ("ketua", "anggota", "anggota")
            listed = [(w, r, 20 + 5 * n) for w, r in zip(people, roles, strict=True)]
            self.acts.shares(self.acts.form(host, listed, [20 + n, 10], due_in))
        self.look()
        for row in self.waiting()[n % 3 :]:
            self.acts.consent(row.id, self.acts.lender(row.id) or "putri", "given")
        for row in self.seen.members.values():
            self.acts.join(row.id, row.person_id, accepts=True)

    @rule(
        host=st.sampled_from(HOSTS),
        people=st.lists(st.sampled_from(ASKED), min_size=1, max_size=4, unique=True),
        efforts=st.lists(st.integers(1, 12), min_size=4, max_size=4),
        days=st.lists(st.integers(1, 40), min_size=1, max_size=3),
        due_in=st.integers(0, 120),
        led=st.integers(0, 9),
    )
    @precondition(lambda self: len(self.seen.squads) < 4)
    def form(self, host, people, efforts, days, due_in, led):
        roles = ["ketua" if led else "anggota", *["anggota"] * 3]
        listed = list(zip(people, roles, [e * 5 for e in efforts], strict=False))
        squad = self.acts.form(host, listed, days, due_in)
        if squad:
            self.acts.shares(squad)

    @rule(data=st.data(), by=BY, other=WHO, answer=st.sampled_from(["given", "given", "refused"]))
    @precondition(lambda self: self.waiting())
    def answer_for_home(self, data, by, other, answer):
        row = data.draw(st.sampled_from(self.waiting()), label="membership")
        lender = self.acts.lender(row.id)
        self.acts.consent(row.id, lender if by and lender else other, answer)

    @rule(data=st.data(), by=BY, other=WHO, answer=st.sampled_from(["given", "refused"]))
    @precondition(lambda self: self.waiting())
    def decide_for_home(self, data, by, other, answer):
        """Silence or refusal goes above both units."""
        row = data.draw(st.sampled_from(self.waiting()), label="membership")
        self.acts.silent(row.id)
        decider = self.acts.above_both(row.id) if by else other
        self.acts.decide_consent(row.id, decider, answer)

    @rule(data=st.data(), accepts=st.booleans())
    @precondition(lambda self: self.seen.members)
    def join(self, data, accepts):
        row = data.draw(st.sampled_from(list(self.seen.members.values())), label="membership")
        self.acts.join(row.id, row.person_id, accepts=accepts)

    @rule(
        data=st.data(),
        by=BY,
        other=WHO,
        kind=st.sampled_from(["effort", "exit", "join", "lead"]),
        who=st.sampled_from(ASKED),
        effort=st.integers(1, 100),
    )
    @precondition(lambda self: self.seen.squads)
    def change_members(self, data, by, other, kind, who, effort):
        squad = data.draw(st.sampled_from(list(self.seen.squads.values())), label="squad")
        changer = squad.sponsor_id if by else other
        in_days = data.draw(st.integers(-3, 20), label="in days")
        self.acts.change(squad.id, changer, who, kind, effort, in_days)
        self.acts.shares(squad.id)

    @rule(data=st.data(), points=st.integers(0, 90), by=BY, other=WHO)
    @precondition(lambda self: self.seen.squads)
    def set_budget(self, data, points, by, other):
        squad = data.draw(st.sampled_from(list(self.seen.squads.values())), label="squad")
        periods = [p for p in self.seen.periods if p[0] == squad.host_agency_id]
        period = data.draw(st.sampled_from(periods), label="period")
        self.acts.budget(squad.id, squad.sponsor_id if by else other, period, points)

    # an output

    @rule(data=st.data(), t=st.integers(0, 125), by=BY, other=WHO, back=st.integers(0, 5))
    @precondition(lambda self: self.outputs("planned", "delivered"))
    def hand_over_and_take(self, data, t, by, other, back):
        output = data.draw(st.sampled_from(self.outputs("planned", "delivered")), label="output")
        self.acts.open(output)
        lead = self.acts.lead(output)
        self.acts.deliver(output, lead or other)
        taker = self.acts.acceptor(output)
        self.acts.accept(output, taker if by and taker else other, t if back else None)

    @rule(data=st.data(), off=st.integers(-400, 400), everyone=st.booleans(), by=BY, other=WHO)
    @precondition(lambda self: self.unclaimed())
    def claim(self, data, off, everyone, by, other):
        """As planned or a little off; by the member, his lead, or somebody else."""
        chosen = data.draw(st.sampled_from(self.unclaimed()), label="line")
        for output, who in self.unclaimed():
            mine = (output, who) == chosen
            if not mine and not (everyone and output == chosen[0]):
                continue
            expected = self.seen.lines[output][who].expected_bp
            actor = {0: other, 1: self.acts.lead(output)}.get(by, who) if mine else who
            self.acts.claim(output, who, expected + off if mine else expected, actor)
            if actor != who:
                self.acts.acknowledge(output, who, ("accept", "own", "withdraw")[off % 3])

    @rule(data=st.data(), lapses=st.booleans())
    @precondition(lambda self: self.unclaimed())
    def let_it_go(self, data, lapses):
        output, who = data.draw(st.sampled_from(self.unclaimed()), label="line")
        if lapses:
            self.acts.lapse(output, who)
        else:
            self.acts.withdraw(output, who, who)

    @rule(
        data=st.data(),
        off=st.one_of(st.none(), st.integers(-1200, 1500)),
        met=st.sampled_from(["met", "partly", "not_met"]),
        everyone=st.booleans(),
        by=BY,
        other=WHO,
    )
    @precondition(lambda self: self.attestable())
    def attest(self, data, off, met, everyone, by, other):
        chosen = data.draw(st.sampled_from(self.attestable()), label="claim")
        for claim in self.attestable():
            output, who = claim.output_id, claim.person_id
            if claim.id == chosen.id:
                actor = other if not by else self.acts.attester(output, who, past=by == 1)
                share = None if off is None else max(claim.claimed_bp + off, 1)
                self.acts.attest(output, who, actor or other, share, met)
            elif everyone and output == chosen.output_id:
                self.acts.attest(output, who, self.acts.attester(output, who) or other)

    @rule(data=st.data())
    @precondition(lambda self: self.attestable())
    def send_back(self, data):
        claim = data.draw(st.sampled_from(self.attestable()), label="claim")
        attester = self.acts.attester(claim.output_id, claim.person_id)
        if attester:
            self.acts.send_back(claim.output_id, claim.person_id, attester)

    @rule(data=st.data(), answers=st.booleans(), approves=st.integers(0, 3), by=BY, other=WHO)
    @precondition(lambda self: self.unsigned())
    def sign_as_the_second(self, data, answers, approves, by, other):
        claim = data.draw(st.sampled_from(self.unsigned()), label="claim")
        output, who = claim.output_id, claim.person_id
        if answers:
            self.acts.answer(output, who, who, "disagree")
        signer = self.acts.cosigner(output, who) if by else other
        self.acts.cosign(output, who, signer or other, approves=bool(approves))

    @rule(data=st.data(), together=st.integers(0, 1200), by=BY, other=WHO)
    @precondition(lambda self: self.settled())
    def share_out_the_rest(self, data, together, by, other):
        output = data.draw(st.sampled_from(self.settled()), label="output")
        rest = self.acts.rest(output)
        heir = data.draw(st.sampled_from(sorted(self.seen.lines[output])), label="heir")
        together = min(together, rest)
        giver = self.acts.allocator(output) if by else other
        if rest:
            self.acts.allocate(output, giver or other, together, {heir: rest - together})

    @rule(data=st.data())
    @precondition(lambda self: self.settled())
    def seal(self, data):
        output = data.draw(st.sampled_from(self.settled()), label="output")
        for line in self.seen.lines[output].values():
            if self.seen.members[line.membership_id].consent == "pending":
                decider = self.acts.above_both(line.membership_id, output)
                self.acts.decide_consent(line.membership_id, decider, "given", output)
        rest = self.acts.rest(output)
        giver = self.acts.allocator(output)
        if rest and giver:
            lines = sorted(self.seen.lines[output])
            self.acts.allocate(output, giver, 0, {lines[rest % len(lines)]: rest})
        self.acts.seal(output)

    # disputes, thanks, corrections

    @rule(data=st.data(), by=st.integers(0, 9), other=WHO, collective=st.booleans())
    @precondition(lambda self: self.claims(*DECIDED))
    def dispute(self, data, by, other, collective):
        claim = data.draw(st.sampled_from(self.claims(*DECIDED)), label="claim")
        raiser = claim.person_id if by else other
        self.acts.dispute(claim.output_id, raiser, claim.person_id, collective=collective)

    @rule(data=st.data(), cut=st.integers(0, 4000), together=st.integers(0, 600), by=BY, other=WHO)
    @precondition(lambda self: self.disputed())
    def decide_dispute(self, data, cut, together, by, other):
        """The line in dispute loses or keeps; the others share what it does not get."""
        case = data.draw(st.sampled_from(self.disputed()), label="dispute")
        output = case.output_id
        for party in self.seen.lines[output]:
            self.acts.hear(output, party)
        shares = {
            who: self.seen.held[output].get(f"person:{who}", 0) for who in self.seen.lines[output]
        }
        first = self.seen.claims[case.claim_id].person_id
        others = sorted(set(shares) - {first}) or [first]
        shares[first] = max(shares[first] - cut, 0)
        rest = 10_000 - together - sum(shares.values())
        shares[others[cut % len(others)]] += max(rest, 0)
        judge = self.acts.judge(output) if by else other
        self.acts.decide(output, judge, shares)

    @rule(
        data=st.data(),
        who=WHO,
        role=st.sampled_from(["penelaah", "mentor", "narasumber"]),
        answer=st.sampled_from(["accept", "accept", "decline", "lapse"]),
    )
    @precondition(lambda self: self.outputs("accepted", "sealed"))
    def thank(self, data, who, role, answer):
        outputs = self.outputs("accepted", "sealed")
        output = data.draw(st.sampled_from(outputs), label="output")
        sponsor = self.seen.squads[self.seen.outputs[output].squad_id].sponsor_id
        self.acts.thank(output, sponsor, who, role, answer)

    @rule(data=st.data(), lost=st.integers(1, 3000), by=BY, other=WHO)
    @precondition(lambda self: self.outputs("sealed"))
    def ask_correction(self, data, lost, by, other):
        output = data.draw(st.sampled_from(self.outputs("sealed")), label="output")
        who = data.draw(st.sampled_from(sorted(self.seen.lines[output])), label="line")
        line = self.seen.live(output, who)
        if line is not None:
            asker = other if not by else "agus" if line.host_agency_id == "l" else "putri"
            self.acts.ask_correction(line.id, asker, max(line.amount_bp - lost, 0))

    @rule(data=st.data(), by=BY, other=WHO, approves=st.integers(0, 4))
    @precondition(lambda self: self.corrected("asked"))
    def decide_correction(self, data, by, other, approves):
        row = data.draw(st.sampled_from(self.corrected("asked")), label="correction")
        decider = self.acts.corrector(row.id) if by else other
        self.acts.decide_correction(row.output_id, row.id, decider, approves=bool(approves))

    @rule(data=st.data(), together=st.integers(0, 800))
    @precondition(lambda self: self.corrected("posted"))
    def give_what_was_freed(self, data, together):
        row = data.draw(st.sampled_from(self.corrected("posted")), label="correction")
        freed, lines = row.old_bp - row.new_bp, sorted(self.seen.lines[row.output_id])
        heir = data.draw(st.sampled_from(lines), label="heir")
        together = min(together, freed)
        sponsor = self.seen.squads[self.seen.outputs[row.output_id].squad_id].sponsor_id
        shared = {heir: freed - together}
        self.acts.reallocate(row.output_id, row.id, sponsor, together, shared)

    # time, periods, people

    @rule(days=st.integers(1, 25), agency=st.sampled_from("lk"), by=BY, other=WHO)
    def time_goes_by(self, days, agency, by, other):
        """The oldest period that is over is closed and sealed, by whoever that is for."""
        if self.acts.today < LAST_DAY:
            self.acts.wait(days)
        for key, row in self.seen.periods.items():
            if key[0] == agency and row.status != "sealed":
                if row.ends_on < self.acts.today:
                    self.acts.close_period(key, MANAGER[agency] if by else other)
                return

    @rule(
        what=st.sampled_from(["moves", "is away", "is stood in for", "documents"]),
        who=st.sampled_from(sorted(STAFF)),
        unit=st.sampled_from(sorted(UNITS)),
        days=st.integers(0, 60),
        by=BY,
        other=WHO,
    )
    def somebody(self, what, who, unit, days, by, other):
        """Another post, leave, a substitute, home work documented."""
        agency = UNITS[STAFF[who]][0]
        manager = MANAGER[agency] if by else other
        if what == "moves":
            self.acts.move(who, manager, unit)
        elif what == "is away":
            self.acts.leave(who, manager, days)
        elif what == "is stood in for":
            absent = who if days % 2 else f"h_{STAFF[who]}"
            by_letter = who if other in MANAGER.values() else other
            self.acts.stand_in(absent, by_letter, manager, days)
        else:
            self.acts.document(who, f"{agency}2026-{1 + days % 4}", 2 * days)

    # what must be refused, whoever is entitled otherwise

    @rule(data=st.data())
    @precondition(lambda self: self.attestable())
    def nobody_attests_himself(self, data):
        claim = data.draw(st.sampled_from(self.attestable()), label="claim")
        who = claim.person_id
        assert self.acts.attest(claim.output_id, who, who) is None
        for manager in MANAGER.values():
            assert self.acts.attest(claim.output_id, who, manager) is None

    @rule(data=st.data())
    @precondition(lambda self: self.unsigned())
    def nobody_signs_twice_or_for_himself(self, data):
        claim = data.draw(st.sampled_from(self.unsigned()), label="claim")
        made = self.seen.pending(claim)
        for who in (claim.person_id, made.attester_id):
            assert self.acts.cosign(claim.output_id, claim.person_id, who) is None

    @rule(data=st.data())
    @precondition(lambda self: self.disputed())
    def no_party_decides(self, data):
        case = data.draw(st.sampled_from(self.disputed()), label="dispute")
        output = case.output_id
        kept = {w: self.seen.held[output].get(f"person:{w}", 0) for w in self.seen.lines[output]}
        for who in {*kept, case.raised_by}:
            assert self.acts.decide(output, who, kept) is None

    @rule(data=st.data())
    @precondition(lambda self: self.waiting())
    def nobody_lends_himself(self, data):
        row = data.draw(st.sampled_from(self.waiting()), label="membership")
        sponsor = self.seen.squads[row.squad_id].sponsor_id
        for who in (row.person_id, sponsor):
            assert self.acts.consent(row.id, who, "given") is None

"""Every act on credit, through the real operations and use cases; a refusal is an answer."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from engine.domain import corrections, disputes
from engine.domain.corrections import Correction
from engine.domain.errors import NobodyFound, RuleBroken, TransitionRefused
from engine.domain.outputs import Output
from engine.domain.squads import Membership
from engine.usecases import escalation, squads
from engine.usecases.actor import system
from engine.usecases.correction_cases import correction_case
from engine.usecases.disputes import RaiseDispute, raise_dispute
from engine.usecases.errors import AccessRefused, Conflict, InputRefused, NotFound
from engine.usecases.operations.consents import home_line
from engine.usecases.organisation import Standing
from tests.machine.city import MANAGER, NIP, UNITS, person

#: how an act is refused; everything else that an act raises is a fault of the product
REFUSALS = (AccessRefused, Conflict, InputRefused, NotFound, RuleBroken, TransitionRefused)
#: days of a squad
LASTS = 200
LINK = "https://bukti.example/berkas"


def percent(bp):
    return Decimal(bp) / 100


class Acts:
    """Who does what in the city; each act is one transaction a minute after the one before."""

    def __init__(self, place):
        self.place = place
        self.letters = 0
        #: how many acts were not refused
        self.done = 0

    @property
    def today(self):
        return self.place.clock.at.date()

    def wait(self, days):
        self.place.clock.at += timedelta(days=days)

    def do(self, name, by, form=None, **variables):
        """The operation's answer, None when it was refused."""
        self.place.clock.at += timedelta(minutes=1)
        actor = person(by) if isinstance(by, str) else by
        try:
            answer = self.place.do(name, actor, form, **variables)
        except REFUSALS as refusal:
            self.refusal = refusal
            return None
        self.done += 1
        return answer

    def use(self, usecase, by, command):
        self.place.clock.at += timedelta(minutes=1)
        try:
            answer = usecase(self.place.house, person(by), command)
        except REFUSALS as refusal:
            self.refusal = refusal
            return None
        self.done += 1
        return answer

    def ask(self, question):
        """The answer of a question about who stands where, None when nobody does."""
        with self.place.house.reading() as uow:
            try:
                found = question(Standing(uow, self.place.clock.now()))
            except NobodyFound:
                return None
        return getattr(found, "person_id", found)

    # squads and members

    def form(self, host, members, days, due_in, agreed=None):
        """A squad by letter: (name, role, effort in per cent), one output per person-days."""
        self.letters += 1
        head, agency = f"h_{host}", UNITS[host][0]
        listed = "\n".join(f"{NIP[name]} {role} {part} %" for name, role, part in members)
        ends = self.today + timedelta(days=LASTS)
        form = {
            "way": "letter", "host_unit_id": host, "name": f"Tim {self.letters}",
            "code": f"T{self.letters}", "letter_no": f"ST-{self.letters}",
            "starts_on": self.today.isoformat(), "ends_on": ends.isoformat(),
            "person_days": Decimal(agreed or sum(days)), "members": listed,
        }  # fmt: skip
        opened = self.do("regu.squad.propose", head, form, agency_id=agency)
        if opened is None:
            return None
        with self.place.house.reading() as uow:
            rows = [
                {"candidate_id": one.id, "role": one.role.value}
                for one in uow.formation.candidates(opened["formation_id"])
            ]
        due = (self.today + timedelta(days=min(due_in, LASTS))).isoformat()
        outputs = [
            {"title": f"Keluaran {n}", "indicator": "i", "target": "1", "person_days": part,
             "due_on": due}
            for n, part in enumerate(days, start=1)
        ]  # fmt: skip
        form |= {"members": rows, "outputs": outputs}
        done = self.do("regu.squad.form", head, form, formation_id=opened["formation_id"])
        return done["squad_id"] if done else None

    def lender(self, membership):
        return self.ask(lambda s: next(iter(home_line(s, self._row(s, membership))), None))

    def consent(self, membership, by, answer):
        form = {"decision": answer, "reason": "so", "reason_code": "workload"}
        return self.do("regu.membership.consent", by, form, membership_id=membership)

    def silent(self, membership):
        return self.do("regu.membership.note_silence", system(), membership_id=membership)

    def above_both(self, membership, output=None):
        found = self.ask(lambda s: escalation.consent_decider(s, self._row(s, membership), output))
        return found or MANAGER[self._host(membership)]

    def decide_consent(self, membership, by, answer, output=None):
        where = {"membership_id": membership} | ({"output_id": output} if output else {})
        form = {"decision": answer, "reason": "so"}
        return self.do("regu.membership.decide_consent", by, form, **where)

    def join(self, membership, by, *, accepts):
        command = squads.AnswerMembership(membership_id=membership, accepts=accepts)
        return self.use(squads.answer_membership, by, command)

    def change(self, squad, by, who, kind, effort=None, in_days=1):
        """Proposed, countersigned when that is asked, written; the day comes by itself."""
        day = self.today + timedelta(days=in_days)
        form = {
            "squad_id": squad, "kind": kind, "member_nip": NIP[who], "from_on": day.isoformat(),
            "effort_percent": None if effort is None else Decimal(effort), "reason": "so",
            "handover": "done",
        }  # fmt: skip
        made = self.do("regu.squad.change", by, form)
        if made is None:
            return None
        if made["second_id"]:
            signed = {"decision": "approve", "reason": "so"}
            self.do("regu.squad.countersign", made["second_id"], signed, **made)
        return self.do("regu.squad.write_change", system(by), **made)

    def shares(self, squad):
        return self.do("regu.squad.plan_shares", system(), squad_id=squad)

    def budget(self, squad, by, period, points):
        form = {"squad": squad, "period": period, "points": Decimal(points)}
        return self.do("regu.budget.set", by, form)

    # an output

    def open(self, output):
        return self.do("regu.output.open", system(), output_id=output)

    def lead(self, output):
        def found(s):
            return s.lead(s.squad(s.output(output).squad_id))

        return self.ask(found)

    def deliver(self, output, by):
        return self.do("regu.output.deliver", by, {"note": "done"}, output_id=output)

    def acceptor(self, output):
        return self.ask(lambda s: escalation.acceptor(s, s.output(output)))

    def accept(self, output, by, attainment):
        """Taken with an attainment, or sent back without one."""
        form = {"decision": "return", "note": "more"}
        if attainment is not None:
            form = {"decision": "accept", "attainment": Decimal(attainment)}
        return self.do("regu.output.accept", by, form, output_id=output)

    def claim(self, output, member, bp, by=None):
        form = {
            "mode": "own", "claimed_percent": percent(bp), "contribution_type": "analysis",
            "degree": "equal", "evidence_link": f"{LINK}/{member}",
        }  # fmt: skip
        return self.do("regu.claim.submit", by or member, form, **_line(output, member))

    def withdraw(self, output, member, by):
        return self.do("regu.claim.submit", by, {"mode": "withdraw"}, **_line(output, member))

    def lapse(self, output, member):
        return self.do("regu.claim.lapse", system(), **_line(output, member))

    def acknowledge(self, output, member, answer):
        return self.do(
            "regu.claim.acknowledge", member, {"answer": answer}, **_line(output, member)
        )

    def attester(self, output, member, *, past=False):
        def found(s):
            if past:
                return escalation.past_attester(s, s.output(output), member)
            return s.attester(s.output(output), member)

        return self.ask(found)

    def attest(self, output, member, by, bp=None, commitment="met"):
        """As claimed, or moved to a share."""
        form = {"decision": "attest", "commitment": commitment, "commitment_evidence": "p. 3"}
        if bp is not None:
            form |= {"decision": "adjust", "share_percent": percent(bp), "reason_code": "quality"}
        return self.do("regu.claim.attest", by, form, **_line(output, member))

    def send_back(self, output, member, by):
        form = {"decision": "return", "reason": "the survey is missing"}
        return self.do("regu.claim.attest", by, form, **_line(output, member))

    def answer(self, output, member, by, word="agree"):
        return self.do("regu.claim.answer", by, {"answer": word}, **_line(output, member))

    def cosigner(self, output, member):
        def found(s):
            claim = s.uow.contributions.claim_of(output, member)
            return escalation.cosigner(s, s.output(output), claim)

        return self.ask(found)

    def cosign(self, output, member, by, *, approves=True):
        form = {"decision": "approve" if approves else "refuse", "reason": "seen"}
        return self.do("regu.claim.cosign", by, form, **_line(output, member))

    def allocator(self, output):
        return self.ask(lambda s: escalation.allocator(s, s.output(output)))

    def rest(self, output):
        return self.do("regu.output.settle", system(), output_id=output)["pool_bp"]

    def allocate(self, output, by, together, lines):
        return self.do("regu.output.allocate", by, _given(together, lines), output_id=output)

    def seal(self, output):
        return self.do("regu.output.seal", system(), output_id=output)

    # disputes, overlay, corrections

    def dispute(self, output, by, member=None, *, collective=False):
        command = RaiseDispute(
            output_id=output, person_id=member, ground="more", collective=collective
        )
        return self.use(raise_dispute, by, command)

    def hear(self, output, party):
        where = {"output_id": output, "party": {"person_id": party}}
        return self.do("regu.dispute.hear", party, {"statement": "so"}, **where)

    def judge(self, output):
        def found(s):
            return disputes.dispute_decider(s.dispute_case(s.output(output)))

        return self.ask(found) or MANAGER[self._agency(output)]

    def decide(self, output, by, shares):
        lines = [{"person_id": who, "share_percent": percent(bp)} for who, bp in shares.items()]
        form = {"lines": lines, "reason": "heard"}
        return self.do("regu.dispute.decide", by, form, output_id=output)

    def thank(self, output, by, who, role="penelaah", answer="accept"):
        """An overlay proposed, answered and posted."""
        form = {"output": output, "nip": NIP[who], "role": role, "note": "read it"}
        made = self.do("regu.overlay.propose", by, form)
        if made is None:
            return None
        if answer == "lapse":
            return self.do("regu.overlay.lapse", system(), **made)
        self.do("regu.overlay.answer", who, {"answer": answer}, **made)
        return self.do("regu.overlay.post", system(by), **made)

    def ask_correction(self, line, by, bp):
        form = {
            "line": str(line), "new_percent": percent(bp), "reason": "audit",
            "evidence_link": f"{LINK}/lhp",
        }  # fmt: skip
        return self.do("regu.correction.ask", by, form)

    def corrector(self, correction):
        def found(s):
            row = s.uow.credits.get(Correction, correction)
            return corrections.decider(correction_case(s, s.output(row.output_id), row))

        with self.place.house.reading() as uow:
            output = uow.credits.get(Correction, correction).output_id
        return self.ask(found) or MANAGER[self._agency(output)]

    def decide_correction(self, output, correction, by, *, approves=True):
        form = {"decision": "approve" if approves else "refuse", "reason": "so"}
        where = {"output_id": output, "correction_id": correction}
        return self.do("regu.correction.decide", by, form, **where)

    def reallocate(self, output, correction, by, together, lines):
        where = {"output_id": output, "correction_id": correction}
        return self.do("regu.correction.reallocate", by, _given(together, lines), **where)

    # periods, people

    def close_period(self, period, by):
        agency = period[0]
        started = self.do("regu.period.close", by, {"period": period}, agency_id=agency)
        form = {"minutes": "BA-1"}
        return started and self.do("regu.period.seal", by, form, carry=True, **started)

    def move(self, who, by, unit):
        form = {
            "kind": "mutasi", "nip": NIP[who], "starts_on": self.today.isoformat(),
            "letter_no": "SK-9", "unit_id": unit, "post_title": f"{who} di {unit}",
        }  # fmt: skip
        return self.do("regu.role.record", by, form)

    def leave(self, who, by, days):
        ends = self.today + timedelta(days=days)
        form = {
            "kind": "cuti", "nip": NIP[who], "starts_on": self.today.isoformat(),
            "ends_on": ends.isoformat(), "leave_kind": "tahunan", "letter_no": "CT-1",
        }  # fmt: skip
        return self.do("regu.role.record", by, form)

    def stand_in(self, absent, substitute, by, days=10):
        ends = self.today + timedelta(days=days)
        form = {
            "letter_no": "PLH-1", "starts_on": self.today.isoformat(), "ends_on": ends.isoformat(),
            "scope": "all",
            "pairs": [{"absent_nip": NIP[absent], "substitute_nip": NIP[substitute]}],
        }  # fmt: skip
        return self.do("regu.substitution.record", by, form)

    def document(self, who, period, actual):
        rows = [{"item_id": f"{who}_{n}", "actual": Decimal(actual), "note": ""} for n in (1, 2)]
        cycle = period.partition("-")[0]
        where = {"plan_id": f"plan_{who}", "period_id": period, "cycle_id": cycle}
        return self.do("regu.plan.record_progress", who, {"results": rows}, **where)

    def _row(self, standing, membership):
        return standing.uow.contributions.get(Membership, membership)

    def _host(self, membership):
        with self.place.house.reading() as uow:
            row = uow.contributions.get(Membership, membership)
            return Standing(uow, self.place.clock.now()).squad(row.squad_id).host_agency_id

    def _agency(self, output):
        with self.place.house.reading() as uow:
            squad = uow.contributions.get(Output, output).squad_id
            return Standing(uow, self.place.clock.now()).squad(squad).host_agency_id


def _line(output, member):
    return {"output_id": output, "member": {"person_id": member}}


def _given(together, lines):
    rows = [{"person_id": who, "share_percent": percent(bp)} for who, bp in lines.items()]
    return {"collective_percent": percent(together), "lines": rows, "reason": "shared work"}

"""The invariants of credit, asked of the stored rows by SQL and told apart from the product's own.

Nothing here calls a rule of the domain: sums, chains and the index are worked out anew.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from datetime import UTC, date, datetime
from enum import Enum
from fractions import Fraction

import sqlalchemy as sa

from engine.persistence.tables import contributions as c
from engine.persistence.tables import crediting as k
from engine.persistence.tables.agency import appointment, post
from engine.persistence.tables.assurance import lowering_act
from engine.persistence.tables.performance import period
from tests.machine.city import OFFICES
from tests.machine.statements import STATEMENTS, whole

WHOLE = 10_000
COLLECTIVE_MOST = 1_000
CAP = 120
LONG_AFTER = date(9999, 1, 1)


class Snapshot:
    """The stored rows that acts and invariants look at, by kind, in the order they came."""

    def __init__(self, uow):
        read = uow.connection.execute
        self.transfers = read(sa.select(c.transfer).order_by(c.transfer.c.id)).all()
        self.outputs = _by_id(read(sa.select(c.output).order_by(c.output.c.id)))
        self.squads = _by_id(read(sa.select(c.squad).order_by(c.squad.c.id)))
        self.members = _by_id(read(sa.select(c.membership).order_by(c.membership.c.id)))
        self.claims = _by_id(read(sa.select(c.claim).order_by(c.claim.c.id)))
        self.attestations = read(sa.select(c.attestation).order_by(c.attestation.c.id)).all()
        self.disputes = read(sa.select(c.dispute).order_by(c.dispute.c.id)).all()
        self.periods = _by_id(read(sa.select(period).order_by(period.c.id)))
        self.corrections = read(
            sa.select(k.credit_correction).order_by(k.credit_correction.c.id)
        ).all()
        self.lowerings = read(sa.select(lowering_act).order_by(lowering_act.c.at)).all()
        self.seats = read(
            sa.select(appointment, post.c.unit_id).join(post, post.c.id == appointment.c.post_id)
        ).all()
        self.lines = _newest_lines(read)
        self.claim_of = {(row.output_id, row.person_id): row for row in self.claims.values()}
        self.held = self._held()
        #: what the views are sums of
        self.sums = (
            [row.hash for row in self.transfers],
            [(row.id, row.value_points, row.cycle_id) for row in self.outputs.values()],
        )

    def _held(self):
        held = defaultdict(lambda: defaultdict(int))
        for row in self.transfers:
            if row.line_class == "PRIMARY":
                held[row.output_id][row.debit_account] -= row.amount_bp
                held[row.output_id][row.credit_account] += row.amount_bp
        return held

    def live(self, output, who):
        gone = {row.reverses_id for row in self.transfers}
        return next(
            (
                row
                for row in reversed(self.transfers)
                if (row.output_id, row.person_id) == (output, who)
                and row.line_class == "PRIMARY"
                and row.code != "reverse"
                and row.id not in gone
            ),
            None,
        )

    def units_of(self, who, day):
        """Units in which somebody holds a post on a day."""
        return {
            row.unit_id
            for row in self.seats
            if row.person_id == who
            and row.valid_from <= day
            and (row.valid_to is None or row.valid_to > day)
        }

    def decided(self, claim):
        """What a claim was given last: by attestation, or by the decision of a dispute."""
        found = [
            row.share_bp
            for row in self.attestations
            if row.claim_id == claim.id and row.decision != "return"
        ]
        for row in self.disputes:
            if row.output_id == claim.output_id and row.state == "resolved":
                found += [x.share_bp for x in row.restated if x.person_id == claim.person_id]
        return found[-1] if found else 0

    def pending(self, claim):
        """The newest attestation of a claim that waits for a second signature."""
        made = [a for a in self.attestations if a.claim_id == claim.id and a.decision != "return"]
        last = made[-1] if made else None
        waits = last is not None and last.needs_cosign and last.cosigner_id is None
        return last if waits and claim.state == "claimed" else None


class Books:
    """What was seen so far, so that nothing of it changes; and every fault of what is there."""

    def __init__(self):
        self.digests = {}
        self.sealed_after = {}
        self.efforts = defaultdict(dict)

    def faults(self, uow, seen, before=None):
        """(code, what) of everything that breaks an invariant now; sums only of a new ledger."""
        found = [
            (code, f"{tuple(row)}")
            for code, statements in STATEMENTS.items()
            for text in statements
            for row in uow.connection.execute(sa.text(whole(text)))
        ]
        checks = (_chains, _means, _lowered, _cosigned, _waiting, _managers)
        for check in checks:
            found += check(seen)
        if before is None or before.sums != seen.sums:
            found += _views(uow, seen)
        found += self._kept(seen)
        found += self._seals(seen)
        return found

    def _kept(self, seen):
        """I7: what stood in the ledger stands there still, to the letter."""
        now = {row.id: _digest(row) for row in seen.transfers}
        changed = [key for key, was in self.digests.items() if now.get(key) != was]
        self.digests = now
        return [("I7", f"row {key} is not what it was") for key in changed]

    def _seals(self, seen):
        """I8: no row is booked in a period that was sealed before it came."""
        last = max((row.id for row in seen.transfers), default=0)
        found = [
            ("I8", f"row {row.id} booked in {row.posting_period_id}")
            for row in seen.transfers
            if row.id > self.sealed_after.get(row.posting_period_id, row.id)
        ]
        for key, row in seen.periods.items():
            if row.status == "sealed":
                self.sealed_after.setdefault(key, last)
        return found

    def forward_only(self, seen, day):
        """A11: what somebody's effort was on a day that is over stays what it was."""
        found = []
        for row in seen.members.values():
            place = (row.squad_id, row.person_id)
            last = row.valid_to or LONG_AFTER
            found += [
                ("A11", f"{row.person_id} on {on}: {was}, now {row.effort_bp}")
                for on, was in self.efforts[place].items()
                if row.valid_from <= on < last and row.effort_bp != was
            ]
            if row.valid_from <= day < last and row.acceptance == "accepted":
                self.efforts[place].setdefault(day, row.effort_bp)
        return found


def _by_id(rows):
    return {row.id: row for row in rows}


def _newest_lines(read):
    plan, line = c.share_plan, c.share_line
    later = plan.alias("later")
    newest = ~sa.exists().where(
        later.c.output_id == plan.c.output_id, later.c.version > plan.c.version
    )
    query = (
        sa.select(plan.c.output_id, line)
        .join(line, line.c.share_plan_id == plan.c.id)
        .where(newest)
        .order_by(line.c.membership_id)
    )
    found = defaultdict(dict)
    for row in read(query):
        found[row.output_id][row.person_id] = row
    return found


def _plain(value):
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.value if isinstance(value, Enum) else value


#: columns that no hash covers: itself, and the copy of the output's value
_BESIDE = ("hash", "value_points")


def _hash(row):
    facts = {key: _plain(value) for key, value in row._mapping.items() if key not in _BESIDE}
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _digest(row):
    return (_hash(row), row.hash)


def _chains(seen):
    """I13: every row fits its hash and names the row before it in its output."""
    last, found = {}, []
    for row in seen.transfers:
        if row.hash != _hash(row) or row.prev_hash != last.get(row.output_id, ""):
            found.append(("I13", f"row {row.id} of {row.output_id}"))
        last[row.output_id] = row.hash
    return found


def _means(seen):
    """I14: the mean of a/e, weighted by e, is exactly what neither COLLECTIVE nor POOL holds."""
    found = []
    for output, held in seen.held.items():
        lines = {who: row.expected_bp for who, row in seen.lines[output].items()}
        given = {who: held.get(f"person:{who}", 0) for who in lines}
        strangers = [a for a in held if a.startswith("person:") and a[7:] not in lines and held[a]]
        whole = sum(lines.values())
        kept = Fraction(held["COLLECTIVE"] + held["POOL"], WHOLE)
        issued = Fraction(-held["ISSUE"], WHOLE)
        mean = sum((Fraction(e, whole or 1) * Fraction(given[w], e) for w, e in lines.items() if e))
        if whole != WHOLE or strangers or mean != issued - kept:
            found.append(("I14", f"{output}: {mean} of {issued - kept}, {whole} expected"))
    return found


def _cosigned(seen):
    """A1: beyond min(10 points, 20 % of the expected share) a line has two signatures."""
    found = []
    for made in seen.attestations:
        claim = seen.claims[made.claim_id]
        line = seen.lines[claim.output_id].get(claim.person_id)
        if made.decision == "return" or line is None or claim.state in ("claimed", "returned"):
            continue
        moved = abs(made.share_bp - line.expected_bp)
        beyond = moved > min(1_000, line.expected_bp * 20 // 100)
        if beyond and (made.cosigner_id is None or made.member_answer is None):
            found.append(("A1", f"{claim.person_id} moved by {moved} on one signature"))
    return found


def _waiting(seen):
    """A5: POOL holds what was decided for everybody whose home has not answered."""
    found = []
    for output, lines in seen.lines.items():
        if seen.outputs[output].status != "accepted":
            continue
        due = 0
        for who, line in lines.items():
            claim = seen.claim_of.get((output, who))
            pending = seen.members[line.membership_id].consent == "pending"
            decided = claim and claim.state in ("attested", "adjusted", "disputed", "resolved")
            if pending and decided and seen.live(output, who) is None:
                due += seen.decided(claim)
        if due > seen.held[output]["POOL"]:
            found.append(("A5", f"{output}: {due} wait, POOL holds {seen.held[output]['POOL']}"))
    return found


def _lowered(seen):
    """A10: who lowers a line is on record; of two acts after a dispute each has two signatures."""
    found = []
    kept = {row.subject_id: row for row in seen.lowerings}
    for made in seen.attestations:
        claim = seen.claims[made.claim_id]
        line = seen.lines[claim.output_id].get(claim.person_id)
        if made.decision == "return" or line is None or seen.pending(claim) is made:
            continue
        newest = [a for a in seen.attestations if a.claim_id == claim.id][-1] is made
        open_ = claim.state in ("draft", "claimed", "returned", "withdrawn", "lapsed")
        low = made.share_bp < max(claim.claimed_bp, line.expected_bp)
        if low and newest and not open_ and made.id not in kept:
            found.append(("A10", f"nobody recorded that {claim.person_id} was lowered"))
    for spoken in seen.disputes:
        found += _guarded(seen, spoken)
    return found


def _guarded(seen, spoken):
    about = {
        name
        for a in seen.attestations
        if seen.claims[a.claim_id].output_id == spoken.output_id
        and seen.claims[a.claim_id].person_id == spoken.raised_by
        and a.decision != "return"
        and a.at < spoken.raised_at
        for name in (a.attester_id, a.on_behalf_of)
    }
    found = []
    for actor in sorted(about - {None}):
        after = [
            row
            for row in seen.lowerings
            if row.person_id == spoken.raised_by
            and actor in (row.actor_id, row.on_behalf_of)
            and row.at > spoken.raised_at
        ]
        found += [
            ("A10", f"{actor} lowered {row.person_id} alone after a dispute")
            for row in after[:2]
            if row.second_id in (None, row.actor_id, row.person_id)
        ]
    return found


def _managers(seen):
    """I9: whoever runs the cycle, or only reads, attests in nobody's place but an absent one's."""
    return [
        ("I9", f"{row.attester_id} attested")
        for row in seen.attestations
        if row.attester_id in OFFICES and row.on_behalf_of is None
    ]


def _stamps(seen):
    """I5: a row's home is a unit of the person on the work date, or the one that lent him.

    What was posted before a move was recorded keeps the unit of the day it was posted.
    """
    lent = defaultdict(set)
    for member in seen.members.values():
        lent[member.squad_id, member.person_id].add(member.home_unit_id)
    return [
        ("I5", f"row {row.id} is stamped {row.home_unit_id}")
        for row in seen.transfers
        if row.person_id is not None and row.line_class == "PRIMARY"
        if row.home_unit_id
        not in lent[row.squad_id, row.person_id]
        | seen.units_of(row.person_id, seen.outputs[row.output_id].due_on)
        | seen.units_of(row.person_id, row.at.date())
    ]


def _views(uow, seen):
    """I5, I6: home view, host view and flows are sums of the same rows, and between agencies."""
    home, host, across = _sums(seen)
    found = _stamps(seen)
    store = uow.contributions
    for cycle in sorted({row.cycle_id for row in seen.outputs.values()}):
        ours = store.home_view(cycle), store.host_view(cycle)
        for code, view, own in (("I5", ours[0], home), ("I6", ours[1], host)):
            shown = {(cycle, row.unit_id): row.points_e4 for row in view if row.points_e4}
            mine = {key: points for key, points in own.items() if key[0] == cycle and points}
            if shown != mine:
                found.append((code, f"{shown} is not {mine}"))
        flows = store.flows(cycle)
        out = sum(f.points_e4 for f in flows if f.home_unit_id != f.host_unit_id)
        came = sum(row.points_e4 - row.own_e4 for row in ours[1])
        if out != came:
            found.append(("I5", f"out {out}, in {came}"))
    shown, summed = defaultdict(int), defaultdict(int)
    for year in sorted({int(row.cycle_id[1:]) for row in seen.outputs.values()}):
        for units, cells in ((False, shown), (True, summed)):
            for cell in uow.credits.matrix(year, units=units):
                cells[cell.home.agency_id, cell.host.agency_id] += cell.points_e4
    if not _filled(shown) == _filled(summed) == _filled(across):
        found.append(("I5", f"agencies: {dict(shown)}, {dict(summed)}, {dict(across)}"))
    return found


def _sums(seen):
    """Points by cycle and home unit, by cycle and host unit, by home and host agency.

    The home is the one each row carries: that of the work date (`statements` asks whether it is).
    """
    home, host, across = defaultdict(int), defaultdict(int), defaultdict(int)
    for row in seen.transfers:
        if row.line_class != "PRIMARY" or row.code == "open":
            continue
        output = seen.outputs[row.output_id]
        sign = 1 if row.debit_account == "POOL" else -1
        points = sign * row.amount_bp * output.value_points
        home[output.cycle_id, row.home_unit_id] += points
        host[output.cycle_id, seen.squads[output.squad_id].host_unit_id] += points
        across[row.home_agency_id, row.host_agency_id] += points
    return home, host, across


def _filled(sums):
    return {key: points for key, points in sums.items() if points}

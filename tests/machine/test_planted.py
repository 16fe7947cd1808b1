"""Each invariant guards a bug: planted in the product, it is reported by that name and no other.

One short year (one_year.py) is played; after every act everything is checked. Where the database
would refuse the bug first, its guard is dropped: the second lock is tested in test_ledger_guards
and test_credit_guards, here it stands open.

=====  ==========================================================================
code   the planted bug
=====  ==========================================================================
I1     acceptance opens the ledger with half of the whole
I2     an output is sealed though POOL holds something
I3     an overlay is posted that the person declined
I4     what is added to a line becomes a second live line
I5     a line is stamped with the host instead of the home
I6     the home unit counts the output as its own
I7     a reversal takes back one basis point less; a row is rewritten with its hash
I8     rows are booked in the sealed period of the work
I9     who attested decides the dispute
I10    a line is posted before the home answered
I11    outputs are planned beyond the agreed person-days
I12    role weights are cut instead of shared out to the whole
I13    the hash of a row leaves its content out; the index forgets the seal
I14    expected shares of a version do not make the whole
A1     the band asks for no second signature
A4     kerja kolektif has no cap
A5     a remainder is given away with what waits for a consent
A7     the period of the work becomes the period of the booking
A10    nobody records that a line was lowered
A11    an effort changes for days that are over
=====  ==========================================================================
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

import pytest
import sqlalchemy as sa

from engine.domain import posting as domain_posting
from engine.domain.chain import row_hash
from engine.domain.posting import Posting
from engine.domain.shares import Needs
from engine.domain.squads import Consent
from engine.persistence.tables.credit_guards import CREDIT_GUARDS
from engine.persistence.tables.guards import GUARDS, LATER_GUARDS, WORK_GUARDS, drop
from engine.persistence.triggers import not_append_only
from engine.usecases import index
from engine.usecases.decisions import Tables
from engine.usecases.operations import (
    overlays,
    posting,
    share_plans,
)
from engine.usecases.operations.step import Step
from tests.machine import one_year
from tests.machine.acts import Acts

OPERATIONS = "engine.usecases.operations"
NO_NEEDS = Needs(reason_code=False, cosign=False, member_answer=False)
GUARD = {guard.name: guard for guard in (*GUARDS, *LATER_GUARDS, *WORK_GUARDS, *CREDIT_GUARDS)}


def nothing(*_, **__):
    return ()


def half(rows, act):
    return replace(domain_posting.opening(rows, act), amount_bp=5_000)


def short(rows, act, row_id):
    row = domain_posting.reversal(rows, act, row_id)
    return replace(row, amount_bp=row.amount_bp - 1)


def at_the_host(row, holder):
    return replace(row, person_id=holder.person_id, role=holder.role)


_stamped = domain_posting._stamped


def hosted_at_home(row, holder):
    stamped = _stamped(row, holder)
    return replace(stamped, host_unit_id=stamped.home_unit_id)


def lent(step, line):
    return replace(membership(step, line), consent=Consent.GIVEN)


membership = posting.membership
weights, credit_line = index.role_weights, index.credit_line
weighted = share_plans.weighted_shares


def cut(times):
    found = weights(times)
    first = min(role for role, bp in found.items() if bp)
    return {**found, first: found[first] - 1}


def unfinished(line):
    return replace(credit_line(line), sealed=False)


def careless(row):
    return hashlib.sha256(str(row.id).encode()).hexdigest()


def too_little(*facts):
    found = weighted(*facts)
    first = min(found)
    return {**found, first: found[first] - 1_000}


def booked_as_work(**facts):
    return Posting(**{**facts, "work_period_id": facts["posting_period_id"]})


@dataclass(frozen=True, kw_only=True)
class Bug:
    code: str
    #: what is replaced, by whom
    wrong: dict = field(default_factory=dict)
    #: guards that would refuse it first
    guards: tuple = ()
    #: checks of columns are off
    unchecked: bool = False


BUGS = {
    "opens with half": Bug(
        code="I1", wrong={f"{OPERATIONS}.outputs.opening": half}, unchecked=True
    ),
    "seals what is not empty": Bug(
        code="I2",
        wrong={f"{OPERATIONS}.outputs.seal_blockers": nothing},
        guards=("output_sealed_with_pool",),
    ),
    "posts what was declined": Bug(code="I3", guards=("ledger_overlay_accepted",)),
    "adds a second line": Bug(
        code="I4",
        wrong={
            f"{OPERATIONS}.outputs.live_line": lambda *_: None,
            "engine.domain.posting.live_line": lambda *_: None,
        },
        guards=("ledger_one_live_line",),
    ),
    "stamps the host": Bug(code="I5", wrong={"engine.domain.posting._stamped": at_the_host}),
    "counts at home": Bug(code="I6", wrong={"engine.domain.posting._stamped": hosted_at_home}),
    "reverses one less": Bug(
        code="I7",
        wrong={"engine.domain.corrections.reversal": short},
        guards=("ledger_reversal_mirrors",),
    ),
    "books in the sealed period": Bug(
        code="I8",
        wrong={f"{OPERATIONS}.posting.posting_period": lambda work, _: work},
        guards=("ledger_period_open",),
    ),
    "lets the attester judge": Bug(
        code="I9", wrong={"engine.domain.disputes._barred": lambda _: frozenset()}
    ),
    "posts before the home answered": Bug(
        code="I10",
        wrong={f"{OPERATIONS}.posting.membership": lent},
        guards=("ledger_member_worked",),
    ),
    "plans beyond the budget": Bug(
        code="I11",
        wrong={f"{OPERATIONS}.squads.check_outputs": nothing},
        guards=("output_inside_budget",),
    ),
    "cuts weights": Bug(code="I12", wrong={"engine.usecases.index.role_weights": cut}),
    "hashes too little": Bug(code="I13", wrong={"engine.domain.chain.row_hash": careless}),
    "forgets the seal": Bug(code="I13", wrong={"engine.usecases.index.credit_line": unfinished}),
    "expects less than the whole": Bug(
        code="I14",
        wrong={
            f"{OPERATIONS}.share_plans.weighted_shares": too_little,
            f"{OPERATIONS}.share_plans.check_shares": nothing,
        },
    ),
    "needs one signature": Bug(
        code="A1", wrong={"engine.domain.attestation.move_needs": lambda **_: NO_NEEDS}
    ),
    "has no cap": Bug(code="A4"),
    "gives what waits": Bug(code="A5", wrong={f"{OPERATIONS}.outputs.earmarked": lambda *_: 0}),
    "works when it books": Bug(code="A7", wrong={f"{OPERATIONS}.posting.Posting": booked_as_work}),
    "records no lowering": Bug(
        code="A10", wrong={"engine.usecases.protection.record_lowering": nothing}
    ),
    "changes the past": Bug(
        code="A11",
        wrong={
            f"{OPERATIONS}.squad_changes.check_effort_change": nothing,
            f"{OPERATIONS}.squad_changes.check_change": nothing,
        },
        unchecked=True,
    ),
}


def post_anyway(place):
    """`regu.overlay.post` without asking what the person answered."""
    means = place.operations["regu.overlay.post"]

    def wrong(call):
        step = Step(_means(place), call)
        output = posting.locked(step)
        found = overlays._overlay(step)
        whose = domain_posting.Holder(
            person_id=found.person_id, role=found.role.value, home_agency_id="l",
            home_unit_id="data",
        )  # fmt: skip
        act = posting.posting(step, output, found.note, found.proposed_by)
        step.uow.contributions.append([domain_posting.overlay(act, whose)])
        return {}

    def either(call):
        found = call.uow.credits.get(overlays.OverlayCredit, call.variables["overlay_id"])
        return means(call) if found.state == "accepted" else wrong(call)

    place.operations = {**place.operations, "regu.overlay.post": either}


def _means(place):
    from engine.usecases.means import Means  # noqa: PLC0415 - only this bug needs it

    return Means(ids=place.house.ids, clock=place.clock, decide=place.decide)


def opened(place, bug, monkeypatch):
    """The bug stands in the product, and no guard of the database stops it."""
    database = place.units.database
    with database.writing.begin() as connection:
        for name in bug.guards:
            for statement in drop(GUARD[name], connection.dialect.name):
                connection.execute(sa.text(statement))
    if bug.unchecked:
        database.writing.dispose()
        sa.event.listen(
            database.writing,
            "connect",
            lambda raw, _: raw.execute("PRAGMA ignore_check_constraints = ON"),
        )
    for target, wrong in bug.wrong.items():
        monkeypatch.setattr(target, wrong)
    if bug.code == "I3":
        post_anyway(place)
    if bug.code == "A4":
        monkeypatch.setattr(Tables, "collective_most_bp", lambda _: 10_000)


@pytest.fixture(params=["sqlite", "postgres"])
def city(request):
    return request.getfixturevalue(f"{request.param}_city")


def test_a_sound_year_breaks_nothing_and_refuses_what_must_be_refused(city):
    with city() as place:
        found, answers = one_year.first_faults(Acts(place))
    assert found == set()
    wrong = [name for name, answer in answers if (answer is None) != (name in one_year.REFUSED)]
    assert wrong == []


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_reported_by_its_invariant_alone(sqlite_city, monkeypatch, name):
    with sqlite_city() as place:
        opened(place, BUGS[name], monkeypatch)
        found, _ = one_year.first_faults(Acts(place))
    assert found == {BUGS[name].code}


def test_a_row_that_a_forger_rewrites_with_its_hash_is_found(sqlite_city):
    with sqlite_city() as place:
        acts = Acts(place)
        books, database = one_year.Books(), place.units.database
        assert one_year.first_faults(acts)[0] == set()
        with place.house.reading() as uow:
            assert books.faults(uow, one_year.Snapshot(uow)) == []
            last = uow.contributions.transfer(max(books.digests))
        forged = replace(last, reason="another reason")
        with database.writing.begin() as connection:
            for statement in not_append_only("transfer", connection.dialect.name):
                connection.execute(sa.text(statement))
            connection.execute(
                sa.text("UPDATE transfer SET reason = :reason, hash = :hash WHERE id = :id"),
                {"reason": forged.reason, "hash": row_hash(forged), "id": last.id},
            )
        with place.house.reading() as uow:
            found = books.faults(uow, one_year.Snapshot(uow))
    assert {code for code, _ in found} == {"I7"}

"""Operations of a correction after sealing: ask, hear, decide, share out, review."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.domain import corrections as rules
from engine.domain.corrections import (
    Correction,
    CorrectionHearing,
    CorrectionState,
    Snapshot,
    SnapshotFlag,
)
from engine.domain.evidence import link_fault
from engine.domain.ledger import Transfer, TransferCode, live_line
from engine.domain.organisation import Official
from engine.domain.posting import Holder, Posting, allocation, collective, reversal
from engine.usecases import audit_tags
from engine.usecases.correction_cases import correction_case
from engine.usecases.correction_effects import raise_flags, words_of
from engine.usecases.errors import AccessRefused, Conflict, NotFound
from engine.usecases.operations.outputs import additions
from engine.usecases.operations.posting import holder, locked, posting
from engine.usecases.operations.step import NobodyLeft, as_bp, fault, refuse, refused
from engine.usecases.rights import AUDITOR, PERF_ADMIN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.domain.outputs import Output
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

#: groups that may ask for a correction in their own agency
ASKERS: Final = frozenset({AUDITOR, PERF_ADMIN})


def ask_correction(step: Step) -> Mapping[str, Json]:
    """`regu.correction.ask` (start form: line, new_percent, reason, evidence_link).

    By internal audit or a performance manager of the host agency, or by the squad's sponsor.
    `line` is the number of the ledger's row. Returns references for the drawing.
    """
    row = _row(step)
    output = locked_output(step, row.output_id)
    require_asker(step, output)
    return keep_request(step, output, row)


def keep_request(step: Step, output: Output, row: Transfer) -> Mapping[str, Json]:
    """A request to lower the line of a row (form: new_percent, reason, evidence_link), kept."""
    new_bp = as_bp(step.call.form.get("new_percent"), "new_percent")
    if new_bp is None:
        raise fault("new_percent", "required", "state the share that stays")
    link = step.text("evidence_link")
    if link and link_fault(link) is not None:
        raise fault("evidence_link", "not_a_link", "a link begins with https://")
    made = Correction(
        id=step.means.ids.uuid(),
        output_id=output.id,
        person_id=row.person_id or "",
        transfer_id=row.id,
        old_bp=row.amount_bp,
        new_bp=new_bp,
        asked_by=step.person,
        reason=step.text("reason"),
        evidence_link=link,
        asked_at=step.now,
    )
    line = live_line(step.uow.contributions.ledger(output.id), output.id, made.person_id)
    busy = bool(step.uow.credits.corrections(output_id=output.id, open_only=True))
    refuse(
        rules.check_request(made, output, line, busy=busy),
        not_less="new_percent",
        reason_missing="reason",
        evidence_missing="evidence_link",
        other="line",
    )
    step.uow.credits.add([made])
    step.note(_stream(output), audit_tags.CORRECTION_ASKED, correction=made.id)
    return {
        "correction_id": made.id,
        "output_id": output.id,
        "squad_id": output.squad_id,
        "title": output.title,
        "affected": [
            {"person_id": s.person_id} for s in step.uow.contributions.share_lines(output.id)
        ],
    }


def hear_affected(step: Step) -> Mapping[str, Json]:
    """`regu.correction.hear` (form: statement): the member, and everybody with a line beside."""
    output = locked(step)
    correction = _correction(step)
    party = step.require_person(step.ref("person_id"))
    heard = {row.person_id for row in step.uow.credits.correction_hearings(correction.id)}
    if correction.state is not CorrectionState.ASKED or party in heard:
        raise Conflict("heard_already", correction=correction.id)
    row = CorrectionHearing(
        correction_id=correction.id,
        person_id=party,
        statement=step.text("statement"),
        at=step.now,
    )
    step.uow.credits.add([row])
    step.note(_stream(output), audit_tags.CORRECTION_HEARD, correction=correction.id)
    return {}


def decide_correction(step: Step) -> Mapping[str, Json]:
    """`regu.correction.decide` (form: decision approve|refuse, reason).

    By the first in the sponsor's line who neither asked, acted on the output nor is a party; where
    nobody is left, perf_admin records the decision from outside. Approved: the row is reversed in
    the open period, the new one posted, and the freed part lies in POOL; the work period stays.
    """
    output = locked(step)
    correction = _correction(step)
    office = _decider(step, output, correction)
    word = step.text("decision")
    if word not in ("approve", "refuse"):
        raise fault("decision", "unknown_word", "approve or refuse")
    with refused(reason_missing="reason"):
        after = rules.decide(
            correction,
            office,
            approves=word == "approve",
            decision=step.text("reason"),
            at=step.now,
        )
    people = [line.person_id for line in step.uow.contributions.share_lines(output.id)]
    before = words_of(step, output, people) if word == "approve" else {}
    step.uow.credits.put(after)
    if word == "approve":
        post = posting(step, output, step.text("reason"), office.person_id)
        with refused(other="decision"):
            rules.postings(
                step.uow.contributions.ledger(output.id),
                post,
                after,
                lambda row: step.uow.contributions.append([row])[0],
            )
        raise_flags(step, after, before, words_of(step, output, people))
    step.note(_stream(output), audit_tags.CORRECTION_DECIDED, correction=after.id, word=word)
    return {"approved": word == "approve"}


def share_out(step: Step) -> Mapping[str, Json]:
    """`regu.correction.reallocate` (form: collective_percent, lines, reason): all that was freed.

    The sponsor, or the line above him, gives it to other members or to kerja kolektif unit.
    """
    output = locked(step)
    correction = _correction(step)
    squad = step.standing.squad(output.squad_id)
    above = step.standing.superiors(squad.sponsor_id)
    offices = (Official(person_id=squad.sponsor_id), *above)
    office = step.require_office(*offices, subject_id=correction.person_id)
    reason = step.text("reason")
    if not reason:
        raise fault("reason", "required", "it is given away with a reason")
    together = as_bp(step.call.form.get("collective_percent"), "collective_percent") or 0
    added = additions(step)
    lines = {row.person_id: row for row in step.uow.contributions.share_lines(output.id)}
    refuse(
        rules.check_reallocation(
            correction.freed_bp,
            added,
            together,
            corrected_id=correction.person_id,
            members=lines,
        ),
        remainder="collective_percent",
        other="lines",
    )
    before = words_of(step, output, lines)
    post = posting(step, output, reason, office.person_id)
    with refused(collective_most="collective_percent", I2="collective_percent", other="lines"):
        for person_id, bp in added.items():
            _raise(step, output, post, holder(step, output, lines[person_id]), bp)
        if together:
            most = step.tables(squad.host_agency_id).collective_most_bp()
            rows = step.uow.contributions.ledger(output.id)
            step.uow.contributions.append([collective(rows, post, together, most)])
    raise_flags(step, correction, before, words_of(step, output, lines))
    with refused():
        step.uow.credits.put(rules.finish(correction))
    step.note(_stream(output), audit_tags.CORRECTION_SHARED, correction=correction.id)
    return {}


def list_reviews(step: Step) -> Mapping[str, Json]:
    """`regu.correction.reviews`: ratings whose words a correction changed, for their raters."""
    flags = step.uow.credits.flags(correction_id=_correction(step).id, open_only=True)
    return {
        "reviews": [
            {"flag_id": row.id, "person_id": row.person_id}
            for row in flags
            if row.subject is Snapshot.RATING and row.before != row.after
        ]
    }


def review_rating(step: Step) -> Mapping[str, Json]:
    """`regu.correction.review` (form: outcome keep|reopen, note): by the person's rater."""
    flag = step.uow.credits.get(SnapshotFlag, step.ref("flag_id"))
    if flag is None:
        raise NotFound("flag", step.ref("flag_id"))
    rater = step.standing.rater(flag.person_id)
    office = step.require_office_or_admin(rater, flag.person_id)
    outcome = step.text("outcome")
    if outcome not in ("keep", "reopen"):
        raise fault("outcome", "unknown_word", "keep or reopen")
    if not step.text("note"):
        raise fault("note", "required", "say why")
    if flag.cleared_at is not None:
        raise Conflict("state", kind="flag", state="cleared", act="review")
    for row in step.uow.credits.flags(
        person_id=flag.person_id, correction_id=flag.correction_id, open_only=True
    ):
        if row.subject is not Snapshot.CERTIFICATE:
            done = replace(
                row,
                cleared_by=office.person_id,
                outcome=outcome,
                note=step.text("note"),
                cleared_at=step.now,
            )
            step.uow.credits.put(done)
    step.note(f"person:{flag.person_id}", audit_tags.CORRECTION_REVIEWED, flag=flag.id)
    return {"outcome": outcome}


def _raise(step: Step, output: Output, post: Posting, whose: Holder, bp: int) -> None:
    """A member's line of a sealed output becomes larger: his row taken back, a new one posted."""
    store = step.uow.contributions
    rows: list[Transfer] = list(store.ledger(output.id))
    old = live_line(rows, output.id, whose.person_id)
    if old is not None:
        rows += store.append([reversal(rows, post, old.id)])
        whose = replace(
            whose,
            home_agency_id=old.home_agency_id,
            home_unit_id=old.home_unit_id,
            plan_item_id=old.plan_item_id,
        )
    total = bp + (old.amount_bp if old else 0)
    store.append([allocation(rows, post, whose, total, TransferCode.RELEASE)])


def _decider(step: Step, output: Output, correction: Correction) -> Official:
    case = correction_case(step.standing, output, correction)
    if step.actor.on_behalf_of in case.parties:
        raise AccessRefused("decide_correction", "own matter")
    try:
        with refused():
            return rules.check_decider(case, step.person)
    except NobodyLeft:
        acted = {name for act in case.acts for name in (act.actor_id, act.on_behalf_of)}
        if step.person in acted | case.parties | {case.lead_id}:
            raise
        return step.require_office_or_admin(None, correction.person_id)


def _row(step: Step) -> Transfer:
    typed = step.text("line")
    found = step.uow.contributions.transfer(int(typed)) if typed.isdecimal() else None
    if found is None or found.person_id is None:
        raise fault("line", "unknown_line", "choose a line")
    return found


def locked_output(step: Step, output_id: str) -> Output:
    """The output, locked until the end of the transaction; `NotFound`."""
    found = step.uow.contributions.lock_output(output_id)
    if found is None:
        raise NotFound("output", output_id)
    return found


def require_asker(step: Step, output: Output) -> None:
    """`AccessRefused` for who is neither audit, perf_admin of the host, nor the sponsor."""
    squad = step.standing.squad(output.squad_id)
    here = step.actor.agency_id == squad.host_agency_id
    if not (here and step.actor.groups & ASKERS) and step.person != squad.sponsor_id:
        raise AccessRefused("correction:ask", output.id)


def _correction(step: Step) -> Correction:
    found = step.uow.credits.get(Correction, step.ref("correction_id"))
    if found is None:
        raise NotFound("correction", step.ref("correction_id"))
    return found


def _stream(output: Output) -> str:
    return f"output:{output.id}"


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.correction.ask": ask_correction,
    "regu.correction.hear": hear_affected,
    "regu.correction.decide": decide_correction,
    "regu.correction.reallocate": share_out,
    "regu.correction.reviews": list_reviews,
    "regu.correction.review": review_rating,
}

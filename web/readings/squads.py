"""Squads, outputs and handovers as pages and tables show them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from flask import url_for

from engine.domain.outputs import OutputStatus
from web.pictures.shares import ShareBar, share_bar
from web.tables import Column, Kind, Table
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from engine.domain.claims import Attestation, Claim
    from engine.domain.squads import Squad
    from engine.usecases.ports.squad_room import OpenStep, OutputRow, RosterRow, Unclaimed
    from engine.usecases.squad_pages import OutputWhole, SquadWhole


@dataclass(frozen=True, slots=True)
class ToRemind:
    """Members of one squad who have not claimed."""

    squad_id: str
    squad: str
    rows: Sequence[Unclaimed]
    #: how many others were not reminded today
    fresh: int
    #: how many others there are
    others: int


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that changed in a squad."""

    at: datetime
    what: str
    who: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine:
    """A member in an output: expected, claimed, attested, and why they differ."""

    name: str
    home_unit: str
    is_lead: bool
    expected_bp: int
    claim: Claim | None
    credited_bp: int
    attestation: Attestation | None


def by_squad(rows: Sequence[Unclaimed], me: str | None) -> list[ToRemind]:
    """Who has not claimed, squad by squad; nobody reminds himself."""
    found = []
    for (squad_id, squad), group in groupby(rows, key=lambda row: (row.squad_id, row.squad)):
        waiting = list(group)
        others = [row for row in waiting if row.person_id != me]
        fresh = sum(not row.reminded for row in others)
        found.append(ToRemind(squad_id, squad, waiting, fresh, len(others)))
    return found


def state_words() -> Mapping[str, str]:
    """States of an output."""
    return {
        OutputStatus.PLANNED: _("planned"),
        OutputStatus.DELIVERED: _("delivered"),
        OutputStatus.ACCEPTED: _("accepted"),
        OutputStatus.SEALED: _("sealed"),
    }


def role_words() -> Mapping[str, str]:
    """What somebody is in a squad."""
    return {"ketua": _("lead"), "anggota": _("member"), "sponsor": _("sponsor")}


def consent_words(row: RosterRow, squad: Squad) -> str:
    """What the home unit said to lending somebody, and who."""
    held = row.membership
    if held.home_unit_id == squad.host_unit_id and held.consent_by is None:
        return _("not needed: the unit hosts the squad")
    words = {
        "pending": _("not answered yet"),
        "given": _("agreed"),
        "refused": _("refused"),
    }[held.consent.value]
    if row.consent_by:
        return _("%(word)s by %(name)s", word=words, name=row.consent_by)
    return words


def answer_words(row: RosterRow) -> str:
    """What the member himself said."""
    return {
        "pending": _("not answered yet"),
        "accepted": _("accepted"),
        "overload": _("says the load is too much"),
    }[row.membership.acceptance.value]


def roster_table(page: SquadWhole) -> Table:
    """Members with their homes, effort, consent and own answer."""
    columns = [
        Column(_("Member")),
        Column(_("NIP"), Kind.NIP),
        Column(_("Role")),
        Column(_("Home unit")),
        Column(_("Agency")),
        Column(_("Effort"), Kind.PERCENT),
        Column(_("From"), Kind.DAY),
        Column(_("Until"), Kind.DAY),
        Column(_("Consent of the home unit")),
        Column(_("Own answer")),
    ]
    rows = [
        (
            row.name,
            row.nip,
            role_words()[row.membership.role.value],
            row.home_unit,
            row.home_agency,
            row.membership.effort_bp,
            row.membership.valid_from,
            row.last_day(page.squad),
            consent_words(row, page.squad),
            answer_words(row),
        )
        for row in page.roster
    ]
    return Table("anggota", _("Members of %(squad)s", squad=page.squad.name), columns, rows)


def outputs_table(page: SquadWhole) -> Table:
    """Outputs with what was expected, claimed, attested and left."""
    return figures_table(page.outputs, _("Outputs of %(squad)s", squad=page.squad.name))


def figures_table(outputs: Sequence[OutputRow], title: str) -> Table:
    """Outputs in figures, each leading to its page."""
    states = state_words()
    columns = [
        Column(_("Output")),
        Column(_("State")),
        Column(_("Due"), Kind.DAY),
        Column(_("Value"), Kind.NUMBER),
        Column(_("Attainment"), Kind.NUMBER),
        Column(_("Expected"), Kind.PERCENT),
        Column(_("Claimed"), Kind.PERCENT),
        Column(_("Attested"), Kind.PERCENT),
        Column(_("Collective"), Kind.PERCENT),
        Column(_("Not allocated"), Kind.PERCENT),
    ]
    rows = [
        (
            f"{row.number}. {row.title}",
            states[row.status],
            row.due_on,
            row.value_points,
            row.attainment,
            row.expected_bp,
            row.claimed_bp,
            row.credited_bp,
            row.collective_bp,
            row.pool_bp,
        )
        for row in outputs
    ]
    links = [url_for("outputs.show", output_id=row.output_id) for row in outputs]
    return Table("hasil", title, columns, rows, links)


def bar_of(row: OutputRow) -> ShareBar:
    """How far an output is allocated; expected shares before it is accepted."""
    accepted = row.status in (OutputStatus.ACCEPTED, OutputStatus.SEALED)
    if not accepted:
        return share_bar([(_("expected"), row.expected_bp)])
    return share_bar(
        [(_("attested"), row.credited_bp)], pool_bp=row.pool_bp, collective_bp=row.collective_bp
    )


def history(page: SquadWhole) -> list[Happening]:
    """What changed in a squad, the newest first: letters, members, answers, consents."""
    names, people = page.names, {row.membership.id: row.name for row in page.roster}
    found = [
        Happening(
            row.at,
            _("Letter %(number)s", number=row.letter_no),
            names.get(row.recorded_by, ""),
            "",
        )
        for row in page.letters
    ]
    kinds = {
        "effort": _("Time for the squad changes"),
        "exit": _("Leaves the squad"),
        "join": _("Joins the squad"),
        "lead": _("Becomes the lead"),
    }
    for change in page.changes:
        title = f"{kinds[change.kind.value]}: {names.get(change.person_id, '')}"
        found.append(Happening(change.at, title, names.get(change.proposed_by, ""), change.reason))
    answers = {"accepted": _("accepts the place"), "overload": _("says the load is too much")}
    for signed in page.signed:
        name = people.get(signed.membership_id, "")
        found.append(Happening(signed.at, f"{name}: {answers[signed.answer.value]}", name, ""))
    known = {one.membership_id for one in page.consents}
    silent = (row for row in page.roster if row.membership.id not in known)
    found += [_agreed(row) for row in silent if _said(row, page.squad)]
    for one in page.consents:
        name = people.get(one.membership_id, "")
        by = one.decided_by or one.holder_id
        given = {
            "given": _("Home unit agrees: %(name)s", name=name),
            "refused": _("Home unit refuses: %(name)s", name=name),
            "silent": _("Home unit stays silent: %(name)s", name=name),
        }[one.answer.value]
        found.append(Happening(one.at, given, names.get(by or "", ""), ""))
    return sorted(found, key=lambda one: one.at, reverse=True)


def _said(row: RosterRow, squad: Squad) -> bool:
    """Whether another home answered outside a process, as imported squads have it."""
    held = row.membership
    return held.consent_at is not None and held.home_unit_id != squad.host_unit_id


def _agreed(row: RosterRow) -> Happening:
    words = {
        "given": _("Home unit agrees: %(name)s", name=row.name),
        "refused": _("Home unit refuses: %(name)s", name=row.name),
    }
    at = row.membership.consent_at
    assert at is not None  # noqa: S101 - `_said` was asked
    return Happening(
        at, words.get(row.membership.consent.value, row.name), row.consent_by or "", ""
    )


def member_lines(page: OutputWhole) -> list[MemberLine]:
    """The members of an output in the order of their lines."""
    roster = {row.membership.id: row for row in page.roster}
    claims = {row.person_id: row for row in page.claims}
    newest: dict[str, Attestation] = {row.claim_id: row for row in page.attestations}
    found = []
    for line in page.lines:
        row, claim = roster.get(line.membership_id), claims.get(line.person_id)
        found.append(
            MemberLine(
                name=row.name if row else page.names.get(line.person_id, ""),
                home_unit=row.home_unit if row else "",
                is_lead=row is not None and row.membership.role.value == "ketua",
                expected_bp=line.expected_bp,
                claim=claim,
                credited_bp=line.credited_bp,
                attestation=newest.get(claim.id) if claim else None,
            )
        )
    return found


def handed_in(claim: Claim | None) -> int:
    """The share of a claim that was handed in; 0 of a draft, a returned or an ended one."""
    if claim is None or claim.state.value in {"draft", "returned", "withdrawn", "lapsed"}:
        return 0
    return claim.claimed_bp


def lines_table(page: OutputWhole, lines: Sequence[MemberLine]) -> Table:
    """Expected, claimed and attested shares of the members, collective part and pool."""
    columns = [
        Column(_("Member")),
        Column(_("Home unit")),
        Column(_("Expected"), Kind.PERCENT),
        Column(_("Claimed"), Kind.PERCENT),
        Column(_("Attested"), Kind.PERCENT),
        Column(_("Points"), Kind.POINTS),
        Column(_("Reason of the change")),
    ]
    value = page.output.value_points
    rows: list[tuple[str | int | None, ...]] = [
        (
            line.name,
            line.home_unit,
            line.expected_bp,
            handed_in(line.claim) or None,
            line.credited_bp,
            line.credited_bp * value,
            line.attestation.reason if line.attestation else "",
        )
        for line in lines
    ]
    if page.collective_bp:
        rows.append(
            (_("Collective work of the unit"), page.host_unit, None, None, page.collective_bp,
             page.collective_bp * value, "")
        )  # fmt: skip
    if page.pool_bp:
        rows.append((_("Not allocated"), "", None, None, page.pool_bp, page.pool_bp * value, ""))
    total = (
        _("Together"),
        "",
        sum(line.expected_bp for line in lines),
        sum(handed_in(line.claim) for line in lines) or None,
        sum(line.credited_bp for line in lines) + page.collective_bp + page.pool_bp,
        value * (sum(line.credited_bp for line in lines) + page.collective_bp + page.pool_bp),
        "",
    )
    return Table(
        "porsi", _("Shares in %(output)s", output=page.output.title), columns, [*rows, total]
    )


def mine(steps: Sequence[OpenStep], person_id: str | None) -> list[OpenStep]:
    """The steps that wait for a person."""
    return [step for step in steps if person_id is not None and step.assignee == person_id]


def running(roster: Sequence[RosterRow], today: date) -> list[RosterRow]:
    """Memberships of today."""
    return [row for row in roster if row.membership.covers(today)]

"""Who may do what to whose things, by relation: one matrix as data, refused by default."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class Relation(StrEnum):
    """How the actor stands to the person a thing is about."""

    #: the person himself
    SELF = "self"
    #: ketua of a squad the person is in
    LEAD = "lead"
    #: pemberi tugas of such a squad
    SPONSOR = "sponsor"
    #: pejabat penilai kinerja
    RATER = "rater"
    #: who rated, or was to rate, an earlier segment of the year
    FORMER_RATER = "former_rater"
    #: anyone above the rater
    NEXT_SUPERIOR = "next_superior"
    #: hr or perf_admin of the person's agency
    HR = "hr"
    #: internal auditor of the person's agency
    AUDITOR = "auditor"
    #: holds the open task that decides about the thing itself, while it is open
    DECIDER = "decider"
    #: member of the same squad
    PEER = "peer"
    #: same agency, nothing else
    OTHER_UNIT = "other_unit"
    #: another agency, nothing else
    OTHER_AGENCY = "other_agency"


class Resource(StrEnum):
    """What is read or done."""

    #: SKP with results, indicators, progress
    PLAN = "plan"
    #: files and links
    EVIDENCE = "evidence"
    #: rows of the ledger
    LEDGER_LINE = "ledger_line"
    #: dispute with hearings
    DISPUTE = "dispute"
    #: index, levels, predikat
    RATING = "rating"
    #: objection with statements
    OBJECTION = "objection"
    #: answers of peers and subordinates
    FEEDBACK_360 = "feedback_360"
    #: aggregates of those answers, from enough of them, after the round closed
    VOICES = "voices"
    #: words of counselling; the counsellor reads his own by taking part
    COUNSELLING = "counselling"
    #: private notes, read by their author alone
    PRIVATE_NOTE = "private_note"
    #: check-ins with what was agreed and promised
    CHECK_IN = "check_in"
    #: continuous feedback under its giver's name
    FEEDBACK = "feedback"
    #: critical incidents
    INCIDENT = "incident"
    #: guidance at work: that it takes place, and with whom
    COACHING = "coaching"
    #: what somebody did on a day beside his own results
    DAILY_NOTE = "daily_note"
    #: how a leader keeps up the conversation with his people
    CADENCE = "cadence"
    #: load per month
    WORKLOAD = "workload"
    #: roles of the year by date, what was frozen of them, interim ratings
    SEGMENT = "segment"
    #: what a person's results are used for, and what each use stands on
    PORTFOLIO = "portfolio"
    #: what a rater reads of a person before he rates, on one page
    BRIEF = "brief"
    #: who read what of the person
    READINGS = "readings"


class Act(StrEnum):
    """What the actor wants to do."""

    #: see it
    READ = "read"
    #: write one's own
    WRITE = "write"
    #: attest a line; `attestation.attester` names the one who does
    ATTEST = "attest"
    #: fix a plan, rate; `organisation.rater` names the one who does
    RATE = "rate"
    #: decide a dispute or objection; the deciders of those rooms name the one who does
    DECIDE = "decide"


_R, _W = Act.READ, Act.WRITE
_READ: Final = frozenset({_R})
_OWN: Final = frozenset({_R, _W})

#: resource -> relation -> acts; a cell that is not written refuses
ACCESS: Final[Mapping[Resource, Mapping[Relation, frozenset[Act]]]] = {
    Resource.PLAN: {
        Relation.SELF: _OWN,
        Relation.LEAD: _READ,
        Relation.RATER: frozenset({_R, Act.RATE}),
        Relation.NEXT_SUPERIOR: _READ,
        Relation.HR: _READ,
        Relation.AUDITOR: _READ,
    },
    Resource.EVIDENCE: {
        Relation.SELF: _OWN,
        Relation.LEAD: _READ,
        Relation.SPONSOR: _READ,
        Relation.RATER: _READ,
        Relation.NEXT_SUPERIOR: _READ,
        Relation.AUDITOR: _READ,
        Relation.DECIDER: _READ,
    },
    Resource.LEDGER_LINE: {
        Relation.SELF: _READ,
        Relation.LEAD: frozenset({_R, Act.ATTEST}),
        Relation.SPONSOR: frozenset({_R, Act.ATTEST}),
        Relation.RATER: _READ,
        Relation.NEXT_SUPERIOR: frozenset({_R, Act.ATTEST}),
        Relation.HR: _READ,
        Relation.AUDITOR: _READ,
        Relation.PEER: _READ,
    },
    Resource.DISPUTE: {
        Relation.SELF: _OWN,
        Relation.LEAD: _OWN,
        Relation.SPONSOR: frozenset({_R, Act.DECIDE}),
        Relation.RATER: _READ,
        Relation.NEXT_SUPERIOR: frozenset({_R, Act.DECIDE}),
        Relation.AUDITOR: _READ,
        Relation.PEER: _OWN,
    },
    Resource.RATING: {
        Relation.SELF: _READ,
        Relation.RATER: frozenset({_R, Act.RATE}),
        Relation.NEXT_SUPERIOR: _READ,
        Relation.HR: _READ,
        Relation.AUDITOR: _READ,
    },
    Resource.OBJECTION: {
        Relation.SELF: _OWN,
        Relation.RATER: _OWN,
        Relation.NEXT_SUPERIOR: frozenset({_R, Act.DECIDE}),
        Relation.AUDITOR: _READ,
    },
    # single answers are read by nobody but their giver; the aggregate is a report of its own
    Resource.FEEDBACK_360: {},
    Resource.VOICES: {Relation.SELF: _READ, Relation.RATER: _READ},
    # a safe space: what is said there is not the rater's to read
    Resource.COUNSELLING: {Relation.SELF: _READ},
    Resource.PRIVATE_NOTE: {},
    Resource.CHECK_IN: {Relation.SELF: _OWN, Relation.RATER: _OWN},
    Resource.FEEDBACK: {
        Relation.SELF: _READ,
        Relation.RATER: _OWN,
        Relation.NEXT_SUPERIOR: _OWN,
        Relation.LEAD: frozenset({_W}),
        Relation.SPONSOR: frozenset({_W}),
        Relation.PEER: frozenset({_W}),
        Relation.AUDITOR: _READ,
    },
    Resource.INCIDENT: {
        Relation.SELF: _READ,
        Relation.RATER: _OWN,
        Relation.NEXT_SUPERIOR: _OWN,
        Relation.LEAD: frozenset({_W}),
        Relation.PEER: frozenset({_W}),
        Relation.AUDITOR: _READ,
    },
    Resource.COACHING: {
        Relation.SELF: _OWN,
        Relation.RATER: _OWN,
        Relation.NEXT_SUPERIOR: _READ,
        Relation.HR: _READ,
    },
    # a lead reads what served results of his squad, no others
    Resource.DAILY_NOTE: {
        Relation.SELF: _OWN,
        Relation.LEAD: _READ,
        Relation.RATER: _READ,
    },
    Resource.CADENCE: {
        Relation.SELF: _READ,
        Relation.RATER: _READ,
        Relation.NEXT_SUPERIOR: _READ,
        Relation.HR: _READ,
        Relation.AUDITOR: _READ,
    },
    Resource.PORTFOLIO: {
        Relation.SELF: _READ,
        Relation.RATER: _READ,
        Relation.NEXT_SUPERIOR: _READ,
        Relation.HR: _READ,
    },
    Resource.BRIEF: {Relation.RATER: _READ, Relation.NEXT_SUPERIOR: _READ},
    # who looks after whom must not learn who looks at it
    Resource.READINGS: {Relation.SELF: _READ, Relation.AUDITOR: _READ},
    # a former rater reads the segments he rated and no others
    Resource.SEGMENT: {
        Relation.SELF: _READ,
        Relation.RATER: _READ,
        Relation.FORMER_RATER: _READ,
        Relation.NEXT_SUPERIOR: _READ,
        Relation.HR: _READ,
        Relation.AUDITOR: _READ,
    },
    Resource.WORKLOAD: {
        Relation.SELF: _READ,
        Relation.LEAD: _READ,
        Relation.RATER: _READ,
        Relation.NEXT_SUPERIOR: _READ,
        Relation.HR: _READ,
        Relation.AUDITOR: _READ,
    },
}

#: acts that one's own thing never allows, whatever else the actor is
FOUR_EYES: Final = frozenset({Act.ATTEST, Act.RATE, Act.DECIDE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The people around the person a thing is about, on the day."""

    #: whom it is about
    person_id: str
    #: his agency
    agency_id: str
    #: ketua of his squads
    leads: Collection[str] = ()
    #: sponsors of his squads
    sponsors: Collection[str] = ()
    #: his rater, and the absent official whom the rater acts for
    raters: Collection[str] = ()
    #: who rated earlier segments of the year
    former_raters: Collection[str] = ()
    #: everyone above the rater
    next_superiors: Collection[str] = ()
    #: members of his squads
    peers: Collection[str] = ()
    #: who holds a task that decides about the very thing
    deciders: Collection[str] = ()


def relations(
    standing: Standing, actor_id: str, agency_id: str | None, groups: Collection[str]
) -> frozenset[Relation]:
    """Promise: every relation of the actor to the person; groups count in their own agency only."""
    if actor_id == standing.person_id:
        return frozenset({Relation.SELF})
    same = agency_id == standing.agency_id
    named = {
        Relation.LEAD: actor_id in standing.leads,
        Relation.SPONSOR: actor_id in standing.sponsors,
        Relation.RATER: actor_id in standing.raters,
        Relation.FORMER_RATER: actor_id in standing.former_raters,
        Relation.NEXT_SUPERIOR: actor_id in standing.next_superiors,
        Relation.HR: same and bool({"hr", "perf_admin"} & set(groups)),
        Relation.AUDITOR: same and "auditor" in groups,
        Relation.DECIDER: actor_id in standing.deciders,
        Relation.PEER: actor_id in standing.peers,
    }
    found = frozenset(relation for relation, holds in named.items() if holds)
    return found or frozenset({Relation.OTHER_UNIT if same else Relation.OTHER_AGENCY})


def allowed(held: Collection[Relation], resource: Resource, act: Act) -> bool:
    """Promise: whether one of the relations allows the act; oneself never attests or decides."""
    if Relation.SELF in held and act in FOUR_EYES:
        return False
    cells = ACCESS.get(resource, {})
    return any(act in cells.get(relation, frozenset()) for relation in held)


def matrix_rows() -> tuple[tuple[str, ...], ...]:
    """Promise: the matrix as text for `docs/access`: a head row, then one row per resource."""
    head = ("resource", *(relation.value for relation in Relation))
    body = tuple(
        (resource.value, *(_cell(resource, relation) for relation in Relation))
        for resource in Resource
    )
    return (head, *body)


def _cell(resource: Resource, relation: Relation) -> str:
    acts = ACCESS.get(resource, {}).get(relation, frozenset())
    return ", ".join(act.value for act in Act if act in acts) or "-"

"""How routes decide who may: the rules, and a route's rule with what it names."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.domain.access import Resource


class Rule(StrEnum):
    """How a route decides who may; the value is the sentence of docs/access.md."""

    PUBLIC = "anybody, signed in or not"
    FIGURES = "who holds the token of `REGU_METRICS_TOKEN_FILE`; by default nobody (others: 404)"
    SIGNED_IN = "everybody signed in, answered with what is his own"
    PERSON = "every person, for himself (an account without a person: 404)"
    UPLOADER = "every person, for himself (an account without a person: 403)"
    GROUP = "the groups of `{act}` (others: 403)"
    GROUP_SEES = "the groups of `{act}` (others: 404)"
    GROUP_CHANGES = "the groups of `{act}` (who only holds `{sight}`: 403; others: 404)"
    GROUP_SEES_HERE = "the groups of `{act}`, for things of their own agency (others: 404)"
    GROUP_CHANGES_HERE = (
        "the groups of `{act}` (who only holds `{sight}`: 403; others: 404), for things of their "
        "own agency (others: 404)"
    )
    GROUP_HERE = "the groups of `{act}` (others: 403), for things of their own agency (others: 404)"
    AGENCY = "everybody of the agency that it belongs to (others: 404)"
    INSTANCE = "who started it, and the groups of `instance:read` in its agency (others: 404)"
    COURSE = (
        "who started it, who has or had a task in it, the person it is about where its course "
        "is open to him, and the groups of `instance:read` in its agency (others: 404)"
    )
    STEER = (
        "the groups of `instance:steer` in its agency, never in a matter of their own "
        "(who only sees it: 403; others: 404)"
    )
    WORK = (
        "the groups of `{act}`, and service accounts for the types of jobs that they were made "
        "for (others: 403)"
    )
    START = "whom the drawing's start event names (others: 404)"
    TASK_READ = (
        "who may take the task or took it, and the groups of `task:read` in its agency "
        "(others: 404)"
    )
    TASK_TAKE = (
        "its assignee or candidates and who stands in for them (who only sees the instance: 403; "
        "others: 404); the submit operation may still refuse a matter of one's own"
    )
    TASK_DRAFT = "its assignee or candidates and who stands in for them (others: 404)"
    TASK_LEND = (
        "who holds it by his own name, where the domain lends the step out (who only may take it "
        "or sees the instance: 403; others: 404)"
    )
    TASK_RETURN = (
        "who works on it for its owner, and its owner (who only sees the instance: 403; "
        "others: 404)"
    )
    GROUP_OWN = (
        "the groups of `{act}` (others: 403), for what is their own (what is another's: 404)"
    )
    BESIDE = (
        "who may see its instance, and who has or had a task in exactly it or may take one "
        "(others: 404)"
    )
    SAY = (
        "every person who may see its instance, has or had a task in exactly it or may take one "
        "(an account without a person: 403; others: 404)"
    )
    FOLLOW = (
        "every person who may see its instance, has or had a task in exactly it or may take one "
        "(others: 404)"
    )
    TASK_ASSIGN = (
        "the groups of `task:assign` in its agency; a candidate to himself (who only may take "
        "it: 403; others: 404)"
    )
    TASK_PLAN = (
        "the groups of `task:assign` in its agency; its assignee or candidates the follow-up date "
        "only (more: 403; others: 404)"
    )
    TASK_GIVE_BACK = "who holds it, and the groups of `task:assign` in its agency (others: 404)"
    READ = "who may read `{resource}` of the person by the matrix (others: 404)"
    UNIT = (
        "the unit's head, everybody above him, and hr, perf_admin and auditor of its agency "
        "(others: 404)"
    )
    SQUAD = "who may read `ledger_line` of one of its members by the matrix (others: 404)"
    STEERS = (
        "who leads the squad today, its sponsor, and who stands in for one of them (who only may "
        "read a member's `ledger_line`: 403; others: 404)"
    )
    TAKES_OVER = (
        "who leads, led or is to lead the squad, its sponsor, and who stands in for one of them "
        "(who only may read a member's `ledger_line`: 403; others: 404)"
    )
    DISPUTE = (
        "members of the output and their raters (who only may read a member's `ledger_line`, and "
        "accounts without a person: 403; others: 404)"
    )
    CONSENT = (
        "the member's superiors, never he himself (who only may read his `ledger_line`: 403; "
        "others: 404)"
    )
    HEADS = (
        "heads for their own units and those below, and the groups of `{act}` for their whole "
        "agency (others: 403)"
    )
    BOARD = (
        "the unit's head, everybody above him, who takes part in its calibration, and hr, "
        "perf_admin and auditor of its agency (others: 404)"
    )
    MEMBER = "the member himself (who only may read his `ledger_line`: 403; others: 404)"


@dataclass(frozen=True, slots=True)
class Right:
    """The rule of one route with what it names."""

    rule: Rule
    #: for the rules that ask groups
    act: str = ""
    #: for the rules that ask the matrix
    resource: Resource | None = None
    #: the act without which one does not learn that it is there: `app.hidden` answers 404
    sight: str = ""

    def words(self) -> str:
        """The rule as a sentence."""
        return self.rule.value.format(act=self.act, resource=self.resource, sight=self.sight)


def group(act: str) -> Right:
    """The groups of an act."""
    return Right(Rule.GROUP, act)


def seen_by(act: str) -> Right:
    """The groups of an act; for all others it is not there."""
    return Right(Rule.GROUP_SEES, act, sight=act)


def seen_here_by(act: str) -> Right:
    """The groups of an act, for their own agency; for all others it is not there."""
    return Right(Rule.GROUP_SEES_HERE, act, sight=act)


def changed_by(act: str, sight: str) -> Right:
    """The groups of an act; refused to who may only see it, not there for all others."""
    return Right(Rule.GROUP_CHANGES, act, sight=sight)


def changed_here_by(act: str, sight: str) -> Right:
    """The same, for things of their own agency."""
    return Right(Rule.GROUP_CHANGES_HERE, act, sight=sight)


def here(act: str) -> Right:
    """The groups of an act, for their own agency."""
    return Right(Rule.GROUP_HERE, act)


def read(resource: Resource) -> Right:
    """The matrix."""
    return Right(Rule.READ, resource=resource)

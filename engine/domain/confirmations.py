"""Rules written from memory: a person of HR confirms each with document and page, or it rests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.errors import Violation

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleConfirmation:
    """One word of an agency on one row of a decision table; the newest of a row stands."""

    #: UUIDv7 text
    id: str
    #: for whom the row counts
    agency_id: str
    #: the decision whose table holds the row
    decision_id: str
    #: the row
    rule_id: str
    #: over the row's cells: a changed row has another, and needs another word
    rule_hash: str
    #: 1-based among the words on this row
    number: int = 1
    #: whether it takes the word before it back
    withdrawn: bool = False
    #: where the row stands: the regulation or letter, "" only when withdrawn
    document: str = ""
    #: and its page, article or annex
    page: str = ""
    #: who looked it up
    proposed_by: str
    #: the second pair of eyes
    confirmed_by: str
    #: when
    at: datetime


def check_confirmation(
    made: RuleConfirmation, before: RuleConfirmation | None
) -> tuple[Violation, ...]:
    """Promise: what keeps a word from being kept.

    It shows document and page, comes from two people, and follows the newest word on its row; only
    what stands is withdrawn, and what stands is not confirmed again.
    """
    found: list[Violation] = []
    if made.proposed_by == made.confirmed_by:
        found.append(_fault("four_eyes", made.confirmed_by, "who looked it up does not confirm it"))
    if not made.withdrawn:
        found += [
            _fault("required", name, f"a confirmed row shows its {name}")
            for name, value in (("document", made.document), ("page", made.page))
            if not value.strip()
        ]
    stands = before is not None and not before.withdrawn
    if made.withdrawn and not stands:
        found.append(_fault("nothing_stands", made.rule_id, "the row is not confirmed"))
    if stands and not made.withdrawn:
        found.append(_fault("confirmed_already", made.rule_id, "the row is confirmed already"))
    if made.number != (1 if before is None else before.number + 1):
        found.append(_fault("out_of_turn", made.rule_id, "another word came in between"))
    return tuple(found)


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)

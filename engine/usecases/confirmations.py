"""Rows of decision tables from memory that concern an agency, and whether it confirmed them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.dmn import memory_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.dmn import MemoryRule
    from engine.domain.confirmations import RuleConfirmation
    from engine.usecases.ports.process import DecisionRow
    from engine.usecases.ports.work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedRow:
    """A row from memory in a version of a table that may count for the agency."""

    rule: MemoryRule
    version: DecisionRow
    #: the word that stands, None: the row rests
    standing: RuleConfirmation | None

    @property
    def words(self) -> str:
        """The row as a sentence: its table, its number, what it says."""
        when = "; ".join(f"{label} {cell}" for label, cell in self.rule.conditions) or "selalu"
        then = "; ".join(f"{name} = {cell}" for name, cell in self.rule.results)
        return f"{self.rule.title}, baris {self.rule.number}: {when}: {then}"


def remembered_rows(uow: UnitOfWork, agency_id: str) -> Sequence[RememberedRow]:
    """Every row from memory of the versions that can count for an agency, by table and number.

    A version counts until a newer one of the same agency and validity replaces it.
    """
    said = {
        (row.decision_id, row.rule_id, row.rule_hash): row
        for row in uow.confirmations.standing(agency_id)
    }
    found: dict[tuple[str, str, str], RememberedRow] = {}
    for version in _versions(uow, agency_id):
        for rule in memory_rules(version.xml):
            row = RememberedRow(rule=rule, version=version, standing=said.get(rule.key))
            found.setdefault(rule.key, row)
    return sorted(found.values(), key=lambda row: (row.rule.title, row.rule.number, row.rule.key))


def _versions(uow: UnitOfWork, agency_id: str) -> Iterator[DecisionRow]:
    for decision_id in uow.processes.decision_ids():
        replaced = set()
        for row in uow.processes.decisions(decision_id):
            place = (row.agency_id, row.valid_from, row.valid_to)
            if row.agency_id in {None, agency_id} and place not in replaced:
                yield row
            replaced.add(place)

"""Dated versions of a decision: which one holds on a day, and which ones quarrel.

A rule that a regulation or an agency can change is a decision with a key and days of validity;
every evaluation names the day that counts (by default the end of the period judged).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol, TypeVar

from engine.dmn.errors import DmnError

if TYPE_CHECKING:
    from collections.abc import Iterable


class Dated(Protocol):
    """Anything that holds from a day to a day."""

    @property
    def valid_from(self) -> date:
        """The first day."""

    @property
    def valid_to(self) -> date | None:
        """The last day, None for no end."""


DatedT = TypeVar("DatedT", bound=Dated)


class DmnValidityError(DmnError):
    """No version, or more than one, holds on a day."""

    def __init__(self, day: date, count: int) -> None:
        self.day = day
        self.count = count
        super().__init__(f"{count} versions hold on {day.isoformat()}")


@dataclass(frozen=True, slots=True)
class ValidityRange:
    """The days on which a version holds, both ends included; no end is None."""

    valid_from: date
    valid_to: date | None = None

    def __post_init__(self) -> None:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError(f"ends on {self.valid_to} before it begins on {self.valid_from}")

    def holds_on(self, day: date) -> bool:
        """Say whether the version holds on a day."""
        return holds_on(self, day)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two versions, by their places in the list given, that hold on the same days."""

    first: int
    second: int
    valid_from: date
    valid_to: date | None

    @property
    def message(self) -> str:
        """Say it to the one who deploys."""
        end = self.valid_to.isoformat() if self.valid_to else "no end"
        return f"two versions hold from {self.valid_from.isoformat()} to {end}"


@dataclass(frozen=True, slots=True)
class Gap:
    """Days between versions on which none holds."""

    valid_from: date
    valid_to: date


def holds_on(version: Dated, day: date) -> bool:
    """Say whether a version holds on a day."""
    return version.valid_from <= day and (version.valid_to is None or day <= version.valid_to)


def overlaps(versions: Iterable[Dated]) -> list[Overlap]:
    """Find every pair of versions that share a day; none may at deployment."""
    listed = sorted(enumerate(versions), key=lambda pair: pair[1].valid_from)
    findings = []
    for place, (first, one) in enumerate(listed):
        for second, other in listed[place + 1 :]:
            if one.valid_to is not None and one.valid_to < other.valid_from:
                break
            end = min((d for d in (one.valid_to, other.valid_to) if d is not None), default=None)
            pair = sorted((first, second))
            findings.append(Overlap(pair[0], pair[1], other.valid_from, end))
    return findings


def gaps(versions: Iterable[Dated]) -> list[Gap]:
    """Find the days between the first and the last version on which none holds."""
    found: list[Gap] = []
    covered: date | None = None
    for version in sorted(versions, key=lambda one: one.valid_from):
        if covered is not None and version.valid_from > covered + timedelta(days=1):
            last = version.valid_from - timedelta(days=1)
            found.append(Gap(covered + timedelta(days=1), last))
        if version.valid_to is None:
            return found
        covered = version.valid_to if covered is None else max(covered, version.valid_to)
    return found


def pick(versions: Iterable[DatedT], as_of: date) -> DatedT:
    """Give the version that holds on a day; DmnValidityError if none or several do."""
    holding = [version for version in versions if holds_on(version, as_of)]
    if len(holding) != 1:
        raise DmnValidityError(as_of, len(holding))
    return holding[0]

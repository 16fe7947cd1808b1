"""IP ASN, the professionality index of a civil servant (PermenPANRB 38/2018, domain.md 9).

Points and bands are rows of decision tables; here is what they add up to.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.errors import Violation
from engine.domain.units import JobClass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Dimension(StrEnum):
    """The four dimensions."""

    QUALIFICATION = "qualification"
    COMPETENCE = "competence"
    PERFORMANCE = "performance"
    DISCIPLINE = "discipline"


#: most points of a dimension; together 100
MOST: Final[Mapping[Dimension, Decimal]] = {
    Dimension.QUALIFICATION: Decimal(25),
    Dimension.COMPETENCE: Decimal(40),
    Dimension.PERFORMANCE: Decimal(30),
    Dimension.DISCIPLINE: Decimal(5),
}


class Group(StrEnum):
    """How training is weighed."""

    #: struktural
    LEADER = "leader"
    FUNCTIONAL = "functional"
    PELAKSANA = "pelaksana"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Points of one thing inside a dimension, with the word they were given for."""

    dimension: Dimension
    #: the recorded word or the predikat
    word: str
    points: Decimal
    #: how sure the row of the table is: "source", "memory" or "design"
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Points by dimension; None where nothing is recorded yet."""

    points: Mapping[Dimension, Decimal | None]

    @property
    def missing(self) -> tuple[Dimension, ...]:
        """Dimensions without data."""
        return tuple(one for one in Dimension if self.points[one] is None)

    @property
    def total(self) -> Decimal | None:
        """The index; None as long as a dimension is missing, for a part is no index."""
        held = [value for value in self.points.values() if value is not None]
        return sum(held, Decimal(0)) if len(held) == len(Dimension) else None


def add_up(parts: Sequence[Part]) -> Sum:
    """Promise: points by dimension, none above its most; training that nobody took is 0."""
    found: dict[Dimension, Decimal | None] = dict.fromkeys(Dimension)
    found[Dimension.COMPETENCE] = Decimal(0)
    for part in parts:
        so_far = found[part.dimension] or Decimal(0)
        found[part.dimension] = min(so_far + part.points, MOST[part.dimension])
    return Sum(points=found)


def check_parts(parts: Sequence[Part]) -> tuple[Violation, ...]:
    """Promise: parts whose table gives more than the dimension holds, or less than nothing."""
    return tuple(
        Violation(code="points", subject=part.word, message=f"0 to {MOST[part.dimension]} points")
        for part in parts
        if not 0 <= part.points <= MOST[part.dimension]
    )


def group_of(job_class: JobClass) -> Group:
    """Promise: how training of a class of posts is weighed."""
    if job_class is JobClass.JF:
        return Group.FUNCTIONAL
    return Group.PELAKSANA if job_class is JobClass.PELAKSANA else Group.LEADER

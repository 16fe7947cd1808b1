"""Lengths of time and choices by chance, from one seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate, pairwise
from random import Random
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Length(Protocol):
    """A length of time that differs each time."""

    def drawn(self, random: Random) -> timedelta:
        """One of them."""
        ...


@dataclass(frozen=True, slots=True)
class Fixed:
    """Always the same."""

    length: timedelta

    def drawn(self, random: Random) -> timedelta:
        """That one."""
        del random
        return self.length


@dataclass(frozen=True, slots=True)
class Between:
    """Evenly between two lengths."""

    least: timedelta
    most: timedelta

    def drawn(self, random: Random) -> timedelta:
        """One of them."""
        return self.least + (self.most - self.least) * random.random()


@dataclass(frozen=True, slots=True)
class Triangular:
    """Between two lengths, most often near a third: what people say when they are asked."""

    least: timedelta
    usual: timedelta
    most: timedelta

    def drawn(self, random: Random) -> timedelta:
        """One of them."""
        ends = (one.total_seconds() for one in (self.least, self.most, self.usual))
        return timedelta(seconds=random.triangular(*ends))


@dataclass(frozen=True, slots=True)
class Exponential:
    """Independent events: the time between arrivals of that mean."""

    mean: timedelta

    def drawn(self, random: Random) -> timedelta:
        """One of them."""
        return timedelta(seconds=random.expovariate(1 / self.mean.total_seconds()))


@dataclass(frozen=True, slots=True)
class Observed:
    """As it was: between neighbouring quantiles of what was observed, in order."""

    quantiles: Sequence[timedelta]

    def drawn(self, random: Random) -> timedelta:
        """One of them."""
        if len(self.quantiles) == 1:
            return self.quantiles[0]
        steps = list(pairwise(self.quantiles))
        low, high = steps[min(int(random.random() * len(steps)), len(steps) - 1)]
        return low + (high - low) * random.random()


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several values, each with its weight."""

    values: Sequence[Any]
    weights: Sequence[float]

    def drawn(self, random: Random) -> Any:
        """One of them."""
        return random.choices(self.values, cum_weights=list(accumulate(self.weights)))[0]


def drawn_values(values: Mapping[str, Any], random: Random) -> Mapping[str, Any]:
    """Values of which some are choices."""
    return {
        name: value.drawn(random) if isinstance(value, Choice) else value
        for name, value in values.items()
    }


class Lot:
    """What chance gives one instance: of each thing draws of its own.

    A step more or less in a drawing leaves the draws of all the others as they are, so that
    before and after differ by the change alone.
    """

    def __init__(self, begins: str) -> None:
        self._begins = begins
        self._draws: dict[str, Random] = {}

    def of(self, what: str) -> Random:
        """The draws of one thing."""
        if what not in self._draws:
            # chance that can be repeated, no secret
            self._draws[what] = Random(f"{self._begins}/{what}")  # noqa: S311
        return self._draws[what]


class Lots:
    """The lots of one simulation, one for each instance, from one seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._given = 0
        #: of the instance that something happens to
        self.now = Lot(f"{seed}")

    def arrivals(self) -> Random:
        """When instances begin."""
        return self.now.of("arrivals")

    def another(self) -> Lot:
        """Of the next instance, to which something happens from now on."""
        self._given += 1
        self.now = Lot(f"{self._seed}/{self._given}")
        return self.now

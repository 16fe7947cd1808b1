"""`./run bench forecast`: the forecast against "last value" and "straight line", as it is.

How it is asked stands in `engine/forecasting/back_test.py`. Simulated years are drawn by seed in
four ways of working; `--played FOLDER` takes the records of a played or real agency from a data
folder instead.
"""

from __future__ import annotations

import argparse
import random
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.domain.forecasts import HIGHEST, LOWEST, WHOLE_CYCLE, History, Point
from engine.forecasting.back_test import PROMISED, back_test, table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.forecasting.back_test import Told

_CENT: Final = Decimal("0.01")


def simulated(count: int, seed: int, periods: int) -> list[History]:
    """Years of `count` indicators, a quarter each in four ways of working."""
    chance = random.Random(seed)  # noqa: S311 - a drawn year, no secret
    ways: tuple[Callable[[random.Random, int], list[float]], ...] = (
        _steady, _climbing, _late, _falling,
    )  # fmt: skip
    return [
        _history(str(n), ways[n % len(ways)](chance, periods), chance, periods)
        for n in range(count)
    ]


def _steady(chance: random.Random, periods: int) -> list[float]:
    """A rate around its level."""
    level = chance.gauss(98, 8)
    return [level + chance.gauss(0, 4) for _ in range(periods)]


def _climbing(chance: random.Random, periods: int) -> list[float]:
    """An amount that adds up evenly."""
    end = chance.gauss(97, 12)
    return [end * (n + 1) / periods + chance.gauss(0, 2) for n in range(periods)]


def _late(chance: random.Random, periods: int) -> list[float]:
    """An amount that comes in the second half."""
    end = chance.gauss(92, 14)
    return [end * ((n + 1) / periods) ** 2 + chance.gauss(0, 2) for n in range(periods)]


def _falling(chance: random.Random, periods: int) -> list[float]:
    """A rate that loses ground from some period on."""
    level, turn, loss = chance.gauss(100, 6), chance.randrange(periods), chance.uniform(1, 4)
    return [level - loss * max(0, n - turn) + chance.gauss(0, 2) for n in range(periods)]


def _history(name: str, values: list[float], chance: random.Random, periods: int) -> History:
    """Records of a year; one period in ten but the last stays silent."""
    points, silent = [], 0
    for number, value in enumerate(values, start=1):
        if number < periods and chance.random() < 1 / 10:
            silent += 1
            continue
        held = max(LOWEST, min(HIGHEST, Decimal(repr(value)))).quantize(_CENT)
        at = number * WHOLE_CYCLE // periods
        points.append(Point(elapsed_e4=at, attainment=held, silent=silent))
        silent = 0
    return History(indicator_id=name, points=tuple(points))


def _print(title: str, told: dict[int, Told]) -> None:
    print(f"\n{title}\n")
    print("\n".join(table(told)))


def main(words: Sequence[str]) -> int:
    """Print the back-test; nothing is judged here: the figures stand as they are."""
    parser = argparse.ArgumentParser(prog="bench forecast")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--count", type=int, default=400, help="simulated histories")
    parser.add_argument("--played", type=Path, help="data folder of a played agency")
    asked = parser.parse_args(words)
    print(f"mean absolute error in percent points; the interval promises {PROMISED} %")
    if asked.played:
        _print(f"Records of {asked.played.name}", back_test(_played(asked.played)))
        return 0
    for periods, name in ((12, "monthly"), (4, "quarterly")):
        histories = simulated(asked.count, asked.seed, periods)
        _print(f"{asked.count} simulated years, {name}, seed {asked.seed}", back_test(histories))
    return 0


def _played(folder: Path) -> list[History]:
    from app.settings import Settings  # noqa: PLC0415 - only this reading needs a house
    from app.wiring import wire  # noqa: PLC0415 - likewise

    settings = Settings(
        database_url=f"sqlite:///{folder / 'regu.db'}",
        data_dir=folder,
        secret_file=folder / "secret",
    )
    wired = wire(settings)
    try:
        with wired.house.reading() as uow:
            return [
                history
                for agency in uow.agency.agencies()
                for history in uow.forecasts.histories(agency.id)
            ]
    finally:
        wired.close()

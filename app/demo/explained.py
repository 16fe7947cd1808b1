"""What everybody's results came to, explained from single lines and added up once more.

Recognitions and credit in other units from rows of the ledger, functional credit (angka kredit)
from months. What does not add up is said, and makes the run fail.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from app.demo.report import points
from engine.domain.ledger import LineClass
from engine.forecasting.back_test import PROMISED, back_test, table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.demo.client import Client
    from engine.domain.forecasts import History

#: a month counts coefficient times percent; so many of these are one point
UNITS_PER_POINT: Final = 1_200


@dataclass(frozen=True, slots=True)
class Explained:
    """A figure in its lines, and what does not add up."""

    lines: Sequence[str]
    faults: Sequence[str]


def results(
    names: Mapping[str, str], clients: Mapping[str, Client], say: Callable[[str], None]
) -> bool:
    """Everybody's credit from its lines, as he himself reads it; whether all of it adds up."""
    say("\nPemanfaatan hasil: tiap angka dari baris-barisnya")
    faults: list[str] = []
    for person_id, name in sorted(names.items(), key=lambda pair: pair[1]):
        read = clients[person_id].get
        portfolio = read(f"/api/people/{person_id}/portfolio")
        rows = read(f"/api/people/{person_id}/ledger")["items"]
        credit = read(f"/api/people/{person_id}/functional-credit")
        found = (recognised(portfolio), cross_unit(portfolio, rows), functional(credit))
        lines = [line for one in found for line in one.lines]
        if lines:
            say(f"  {name}")
        for line in lines:
            say(f"    {line}")
        faults += [f"{name}: {fault}" for one in found for fault in one.faults]
    for fault in faults:
        say(f"  TIDAK COCOK: {fault}")
    if not faults:
        say("  tiap pengakuan, kredit lintas unit dan angka kredit sama dengan jumlah barisnya")
    return not faults


def recognised(portfolio: Mapping[str, Any]) -> Explained:
    """Each recognition with the points of the rows that it used."""
    lines, faults = [], []
    for one in portfolio["recognitions"]:
        used = [row for row in one["used"] if row["pointsE4"] is not None]
        total = sum(row["pointsE4"] for row in used)
        lines.append(
            f"{one['kind']} ({one['outcome']}): {points(total)} poin dari {len(used)} baris"
        )
        if total != one["crossPointsE4"]:
            faults.append(f"{one['kind']}: {total} di baris, {one['crossPointsE4']} tercatat")
    return Explained(lines, faults)


def cross_unit(portfolio: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Explained:
    """Credit in units that are not the person's own, row by row of his ledger."""
    account, cross = f"person:{portfolio['personId']}", portfolio["crossUnit"]
    known = {row["id"]: row for row in rows}
    found = [known[one] for one in cross["transferIds"] if one in known]
    faults = [f"baris {one} tidak ada di buku" for one in cross["transferIds"] if one not in known]
    faults += [
        f"baris {row['id']} bukan lintas unit"
        for row in found
        if row["homeUnitId"] == row["hostUnitId"]
    ]
    total = sum(_worth(row, account) for row in found)
    if total != cross["pointsE4"]:
        faults.append(f"lintas unit: {total} di baris, {cross['pointsE4']} tercatat")
    lines = [_row_line(row, account) for row in found]
    if len(found) > 1:
        lines.append(f"lintas unit: jumlah {points(total)} poin")
    return Explained(lines, faults)


def _row_line(row: Mapping[str, Any], account: str) -> str:
    if row["lineClass"] == LineClass.OVERLAY:
        return f"lintas unit: {row['outputTitle']}, {row['role']} tanpa poin"
    share = f"{row['amountBp'] / 100:.2f}% dari {row['valuePoints']} poin"
    return f"lintas unit: {row['outputTitle']}, {share} = {points(_worth(row, account))}"


def _worth(row: Mapping[str, Any], account: str) -> int:
    """Ten-thousandths of a point that a row gives the account, or takes; an overlay has none."""
    if row["lineClass"] == LineClass.OVERLAY:
        return 0
    worth = int(row["amountBp"]) * int(row["valuePoints"])
    return worth * (int(row["creditAccount"] == account) - int(row["debitAccount"] == account))


def functional(credit: Mapping[str, Any]) -> Explained:
    """Functional credit from its months: level, coefficient, predikat and what they give."""
    if credit["points"] is None:
        return Explained((), ())
    stated, brought = Decimal(credit["points"]), Decimal(credit["brought"])
    counted = [row for row in credit["months"] if _counts(row, credit)]
    lines = [f"angka kredit {credit['level']}: dibawa {_plain(brought)} sejak {credit['since']}"]
    lines += [_run_line(list(run)) for _, run in groupby(counted, key=_facts)]
    faults = [
        f"bulan {row['year']}-{row['month']}: {row['units']}, bukan {_units(row)}"
        for row in counted
        if Decimal(row["units"]) != _units(row)
    ]
    units = sum((_units(row) for row in counted), brought * UNITS_PER_POINT)
    total = (units / UNITS_PER_POINT).quantize(stated, rounding=ROUND_HALF_UP)
    lines.append(f"angka kredit {credit['level']}: jumlah {total}")
    if total != stated:
        faults.append(f"angka kredit: {total} di bulan-bulannya, {stated} tercatat")
    return Explained(lines, faults)


def _counts(row: Mapping[str, Any], credit: Mapping[str, Any]) -> bool:
    first = f"{row['year']:04}-{row['month']:02}-01"
    return bool(row["level"] == credit["level"] and first >= credit["since"])


def _units(row: Mapping[str, Any]) -> Decimal:
    """Twelve-hundredths of a point: exact."""
    return Decimal(row["coefficient"]) * int(row["percent"])


def _facts(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["year"], row["level"], row["coefficient"], row["predikat"], row["percent"]


def _run_line(run: Sequence[Mapping[str, Any]]) -> str:
    """Months with one level, coefficient and predikat."""
    first, count = run[0], len(run)
    units = sum((_units(row) for row in run), Decimal(0))
    return (
        f"angka kredit {first['year']}: {first['level']}, koefisien {_plain(first['coefficient'])},"
        f" {first['predikat']} {first['percent']}%, {count} bulan"
        f" = {_plain(units / UNITS_PER_POINT)}"
    )


def _plain(number: Decimal | str) -> str:
    """Without zeros that say nothing; four decimals at most."""
    return f"{Decimal(number).quantize(Decimal('0.0001')).normalize():f}"


_HEADINGS: Final = (
    "dipotong setelah",
    "kasus",
    "model",
    "nilai terakhir",
    "garis lurus",
    "termuat",
    "lebar",
)


def forecasts(histories: Sequence[History], say: Callable[[str], None]) -> None:
    """How the forecast would have done on the year; nothing is judged by it."""
    say("\nPerkiraan diuji pada tahun ini: galat mutlak rata-rata dalam poin persen")
    for line in table(back_test(histories), _HEADINGS):
        say(f"  {line}")
    say(f"  rentang dijanjikan memuat {PROMISED}%; bukan penilaian")

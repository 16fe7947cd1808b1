"""What the calibration board shows: columns of cards, the asker's own draft, tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.ratings import Level, Predikat
from engine.usecases.calibration_boards import drafted_rows, shown_rows
from web.formats import predikat as predikat_text
from web.pictures.distribution import Distribution, distribution
from web.tables import Column, Kind, Table
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.calibration_boards import Board, Bound, Sessions
    from web.taskform import TaskForm

#: columns of the board, best first
ORDER: Final = (
    Predikat.SANGAT_BAIK,
    Predikat.BAIK,
    Predikat.BUTUH_PERBAIKAN,
    Predikat.KURANG,
    Predikat.SANGAT_KURANG,
)
_HEIGHT: Final = {Level.DI_BAWAH: 0, Level.SESUAI: 1, Level.DI_ATAS: 2}


@dataclass(frozen=True, slots=True)
class Card:
    """One person on the board."""

    person_id: str
    name: str
    unit: str
    rater: str
    result: Level
    behaviour: Level
    predikat: Predikat
    #: what the index proposes for the result
    proposed: Level
    #: predikat before the first move of the session; None: never moved
    first: Predikat | None
    #: the asker's own move that is not sent yet, with its reason
    planned: str | None
    #: whether the asker's open task lets him move this person
    movable: bool


@dataclass(frozen=True, slots=True)
class Pile:
    """A column of the board."""

    predikat: Predikat
    name: str
    cards: Sequence[Card]
    #: everybody in it, those whom the asker does not see too
    people: int
    before: int
    bound: str


@dataclass(frozen=True, slots=True)
class Panel:
    """The move of one person that is being prepared."""

    card: Card
    result: Level
    behaviour: Level
    reason: str


def level_names() -> Mapping[Level, str]:
    """Levels as they are read, highest first."""
    return {
        Level.DI_ATAS: _("above expectation"),
        Level.SESUAI: _("meets expectation"),
        Level.DI_BAWAH: _("below expectation"),
    }


def short_names() -> Mapping[Level, str]:
    """The same in one word, where little room is."""
    return {
        Level.DI_ATAS: _("above"),
        Level.SESUAI: _("on expectation"),
        Level.DI_BAWAH: _("below"),
    }


def cards(found: Board, form: TaskForm | None) -> list[Card]:
    """Everybody the asker sees, with his own moves that are not sent yet."""
    shown = shown_rows(form.view.variables) if form else ()
    drafted = drafted_rows(form.view.variables, form.view.draft) if form else []
    mine = {str(row["person_id"]): drafted[n] for n, row in enumerate(shown)}
    first = {move.person_id: move.before_predikat for move in reversed(found.moves)}
    made = []
    for row in found.rows:
        rating, own = row.rating, mine.get(row.rating.person_id)
        if rating.result_level is None or rating.behaviour_level is None or not rating.predikat:
            continue
        levels = _levels(own) if own else (rating.result_level, rating.behaviour_level)
        moved = levels != (rating.result_level, rating.behaviour_level)
        unit = found.units.get(row.unit_id)
        made.append(
            Card(
                person_id=rating.person_id,
                name=row.person_name,
                unit=unit.name if unit and row.unit_id != found.unit.id else "",
                rater=found.names.get(rating.on_behalf_of or rating.rater_id or "", ""),
                result=levels[0],
                behaviour=levels[1],
                predikat=found.cells[levels],
                proposed=rating.proposed_level,
                first=first.get(rating.person_id),
                planned=str(own["reason"]) if own and moved else None,
                movable=own is not None,
            )
        )
    return made


def piles(found: Board, made: Sequence[Card]) -> list[Pile]:
    """The columns, best first."""
    after = counts(found, made)
    return [
        Pile(
            predikat=one,
            name=predikat_text(one),
            cards=[card for card in made if card.predikat is one],
            people=after[one],
            before=found.found.before.get(one, 0),
            bound=", ".join(_bound(b) for b in found.bounds if b.predikats == {one}),
        )
        for one in ORDER
    ]


def counts(found: Board, made: Sequence[Card]) -> dict[Predikat, int]:
    """People by predikat, the asker's own moves counted in."""
    after = {one: found.found.after.get(one, 0) for one in ORDER}
    stored = {row.rating.person_id: row.rating.predikat for row in found.rows}
    for card in made:
        was = stored.get(card.person_id)
        if was is not None and was is not card.predikat:
            after[was] -= 1
            after[card.predikat] += 1
    return after


def picture(found: Board, made: Sequence[Card]) -> Distribution:
    """Before and after against the pattern."""
    alone = {
        str(next(iter(bound.predikats)).value): (bound.at_most, bound.at_least)
        for bound in found.bounds
        if len(bound.predikats) == 1
    }
    return distribution(
        [(one.value, predikat_text(one)) for one in ORDER],
        {one.value: found.found.before.get(one, 0) for one in ORDER},
        {one.value: people for one, people in counts(found, made).items()},
        alone,
    )


def missed(found: Board, made: Sequence[Card]) -> list[str]:
    """What the pattern asks and the people as they would stand do not give; advice, never a bar."""
    after = counts(found, made)
    words = []
    for bound in found.bounds:
        has = sum(after[one] for one in bound.predikats)
        if (bound.at_most is not None and has > bound.at_most) or has < bound.at_least:
            words.append(f"{_named(bound)}: {has} ({_bound(bound)})")
    return words


def panel(found: Board, made: Sequence[Card], person_id: str, wanted: str | None) -> Panel | None:
    """The move that a page prepares: to the nearest levels of the wanted predikat."""
    card = next((one for one in made if one.person_id == person_id and one.movable), None)
    if card is None:
        return None
    result, behaviour = card.result, card.behaviour
    if wanted in set(Predikat) and wanted != card.predikat.value:
        result, behaviour = nearest(found.cells, (result, behaviour), Predikat(wanted))
    return Panel(card, result, behaviour, card.planned or "")


def nearest(
    cells: Mapping[tuple[Level, Level], Predikat], here: tuple[Level, Level], wanted: Predikat
) -> tuple[Level, Level]:
    """The levels that give a predikat with the least change; where two do, the result stays."""
    fitting = [levels for levels, predikat in cells.items() if predikat == wanted]

    def steps(levels: tuple[Level, Level]) -> tuple[int, int, int]:
        result = abs(_HEIGHT[levels[0]] - _HEIGHT[here[0]])
        behaviour = abs(_HEIGHT[levels[1]] - _HEIGHT[here[1]])
        return result + behaviour, result, -_HEIGHT[levels[0]] - _HEIGHT[levels[1]]

    return min(fitting, key=steps, default=here)


def distribution_table(found: Board, made: Sequence[Card]) -> Table:
    """The picture's figures."""
    after = counts(found, made)
    return Table(
        "distribusi",
        _("Distribution against the pattern"),
        (
            Column(_("Predikat")),
            Column(_("As first rated"), Kind.NUMBER),
            Column(_("Now"), Kind.NUMBER),
            Column(_("Pattern")),
        ),
        [
            (
                predikat_text(one),
                found.found.before.get(one, 0),
                after[one],
                ", ".join(
                    f"{_named(b)}: {_bound(b)}" if len(b.predikats) > 1 else _bound(b)
                    for b in found.bounds
                    if one in b.predikats
                ),
            )
            for one in ORDER
        ],
    )


def moves_table(found: Board) -> Table:
    """Who moved whom, from what to what, and why; oldest first."""
    people = {row.rating.person_id: row.person_name for row in found.rows}
    return Table(
        "perpindahan",
        _("Who moved whom and why"),
        (
            Column(_("Employee")),
            Column(_("Predikat before")),
            Column(_("Predikat after")),
            Column(_("Moved by")),
            Column(_("In the name of")),
            Column(_("Reason")),
            Column(_("When"), Kind.MOMENT),
        ),
        [
            (
                people.get(move.person_id, ""),
                predikat_text(move.before_predikat),
                predikat_text(move.after_predikat),
                found.names.get(move.moved_by, ""),
                found.names.get(move.on_behalf_of or "", ""),
                move.reason,
                move.at,
            )
            for move in found.moves
        ],
    )


def rater_table(found: Board) -> Table:
    """How strict and how wide each rater is."""
    rows = [
        (
            found.names.get(one.rater_id, ""),
            one.own.people,
            one.own.mean,
            one.own.above(one.everybody),
            one.own.deviation,
            one.deviations,
        )
        for one in found.sums
    ]
    return Table(
        "penilai",
        _("Leniency and spread of raters"),
        (
            Column(_("Rater")),
            Column(_("People rated"), Kind.NUMBER),
            Column(_("Mean level (1 to 3)"), Kind.NUMBER),
            Column(_("Above (+) or below all raters"), Kind.NUMBER),
            Column(_("Spread"), Kind.NUMBER),
            Column(_("Reasoned departures"), Kind.NUMBER),
        ),
        sorted(rows, key=lambda row: str(row[0])),
    )


def session_table(found: Sessions) -> Table:
    """Sessions of the cycle."""
    return Table(
        "kalibrasi",
        _("Calibration sessions"),
        (
            Column(_("Unit")),
            Column(_("State")),
            Column(_("Leader")),
            Column(_("People"), Kind.NUMBER),
            Column(_("Rated"), Kind.NUMBER),
            Column(_("Moved"), Kind.NUMBER),
            Column(_("Closed"), Kind.MOMENT),
        ),
        [
            (
                found.units[line.unit_id].name,
                _("open") if line.state == "open" else _("closed"),
                found.names.get(line.leader_id, ""),
                line.people,
                line.rated,
                line.moved,
                line.closed_at,
            )
            for line in found.lines
        ],
    )


def _levels(row: Mapping[str, object]) -> tuple[Level, Level]:
    return Level(str(row["result_level"])), Level(str(row["behaviour_level"]))


def _named(bound: Bound) -> str:
    return " + ".join(predikat_text(one) for one in ORDER if one in bound.predikats)


def _bound(bound: Bound) -> str:
    if bound.at_most is not None:
        return _("at most %(count)s", count=bound.at_most)
    return _("at least %(count)s", count=bound.at_least)

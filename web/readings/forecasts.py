"""What the pages of forecasts show: words of reasons, needs and offers; tables; pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.coaching import competency_name
from engine.domain.forecasts import DriverKind, Lack, Need, Offer
from engine.domain.indicators import Aspect
from web.pictures.outlook import Outlined, outlined
from web.tables import Column, Kind, Table
from web.wording import gettext as _
from web.wording import lazy_gettext as _l
from web.wording import reader_locale

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.coaching import Competency
    from engine.usecases.forecasting import Outlook, OwnForecasts, UnitWarnings
    from engine.usecases.ports.forecasts import Cluster

DRIVERS: Final[Mapping[DriverKind, object]] = {
    DriverKind.TREND: _l("the direction of the records so far"),
    DriverKind.RETURN: _l("back to the mean of the records"),
    DriverKind.SILENCE: _l("periods without a record"),
    DriverKind.SEASON: _l("what usually happens in the rest of the year"),
    DriverKind.LIMIT: _l("the limits of attainment"),
}
LACKS: Final[Mapping[Lack, object]] = {
    Lack.FEW_POINTS: _l("Not enough data yet: too few periods are recorded."),
    Lack.FEW_HISTORIES: _l("Not enough data yet: the agency has too few records to learn from."),
    Lack.ENDED: _l("The last period is recorded; nothing is left to forecast."),
}
NEEDS: Final[Mapping[Need, object]] = {
    Need.NOTHING: _l("nothing"),
    Need.TRAINING: _l("to learn something"),
    Need.COACHING: _l("somebody to guide"),
    Need.MEANS: _l("tools, people, data or money"),
    Need.TARGET: _l("to talk about the target"),
    Need.RECORD: _l("the record is wrong"),
}
OFFERS: Final[Mapping[Offer, object]] = {
    Offer.COACHING: _l("guidance at work"),
    Offer.TALK: _l("a talk"),
    Offer.TRAINING: _l("training"),
    Offer.MEANS: _l("tools, people, data or money"),
    Offer.NOTHING: _l("nothing more for now"),
}
ASPECTS: Final[Mapping[Aspect, object]] = {
    Aspect.KUANTITAS: _l("quantity"),
    Aspect.KUALITAS: _l("quality"),
    Aspect.WAKTU: _l("time"),
    Aspect.BIAYA: _l("cost"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """An indicator with its picture."""

    row: Outlook
    picture: Outlined | None
    table: Table | None


def shown(found: OwnForecasts) -> list[Shown]:
    """Own indicators in the order of the plan."""
    return [_one(row, number) for number, row in enumerate(found.rows, start=1)]


def _one(row: Outlook, number: int) -> Shown:
    if row.forecast is None:
        return Shown(row, None, None)
    return Shown(row, outlined(row.track.history.points, row.forecast), reasons(row, number))


def reasons(row: Outlook, number: int) -> Table:
    """The arithmetic: last value, every reason, the forecast and its interval."""
    said = row.forecast
    lines = (
        ()
        if said is None
        else (
            (_("Last recorded"), said.last),
            *((str(DRIVERS[one.kind]), one.points) for one in said.drivers),
            (_("Forecast, not a rating"), said.expected),
            (_("Interval from"), said.low),
            (_("Interval to"), said.high),
        )
    )
    return Table(
        f"perkiraan-{number}",
        _("How the forecast is made"),
        (Column(_("Step")), Column(_("Percent"), Kind.NUMBER)),
        lines,
    )


def warning_table(found: UnitWarnings) -> Table:
    """Early warnings that are open to the reader."""
    return Table(
        "peringatan",
        _("Early warnings"),
        (
            *(Column(_("Name")), Column(_("Unit")), Column(_("Result")), Column(_("Indicator"))),
            *(Column(_("Last"), Kind.NUMBER), Column(_("Forecast"), Kind.NUMBER)),
            *(Column(_("Interval from"), Kind.NUMBER), Column(_("Interval to"), Kind.NUMBER)),
            *(Column(_("What moves it most")), Column(_("Needs")), Column(_("Offered"))),
        ),
        [
            (
                row.name,
                found.units[row.unit_id].name if row.unit_id in found.units else "",
                *(row.title, row.text),
                *(row.warning.last, row.warning.expected, row.warning.low, row.warning.high),
                str(DRIVERS[row.warning.driver]),
                str(NEEDS[row.warning.need]) if row.warning.need else _("not answered"),
                str(OFFERS[row.warning.offer]) if row.warning.offer else "",
            )
            for row in found.rows
        ],
    )


def need_table(clusters: Sequence[Cluster]) -> Table:
    """Training needs: groups of three people or more."""
    return Table(
        "kebutuhan",
        _("What people need"),
        (
            *(Column(_("Need")), Column(_("Competency")), Column(_("Kind of indicator"))),
            *(Column(_("People"), Kind.NUMBER), Column(_("Units"), Kind.NUMBER)),
        ),
        [
            (
                str(NEEDS[one.need]) if one.need else _("scored low in guidance"),
                competency(one.competency),
                str(ASPECTS[one.aspect]) if one.aspect else "",
                one.people,
                one.units,
            )
            for one in clusters
        ],
    )


def competency(one: Competency | None) -> str:
    """A competency in the reader's language."""
    return "" if one is None else competency_name(one, english=str(reader_locale()) == "en")

"""The effect of a place as tables and columns."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from engine.domain.plans import RoleKind
from web import formats
from web.pictures.load import LoadPicture, Month, load_picture
from web.tables import Column, Kind, Table
from web.wording import gettext as _

if TYPE_CHECKING:
    from engine.usecases.places import MonthEffect, PlaceEffect, WeightEffect


def load_columns(effect: PlaceEffect) -> LoadPicture:
    """The months with the place, home as asked, against the limit."""
    return load_picture(
        (Month(row.month, row.home_after_bp, row.squads_bp, row.place_bp) for row in effect.months),
        effect.overload_above_bp,
    )


def effect_tables(effect: PlaceEffect) -> tuple[Table, Table, Table]:
    """Load by month, weights by role, targets of the home plan."""
    return _months(effect), _weights(effect), _targets(effect)


def flag_words() -> dict[str, str]:
    """Words of `workload_flag`."""
    return {
        "normal": _("within full time"),
        "warning": _("above full time"),
        "overload": _("far above full time"),
    }


def _months(effect: PlaceEffect) -> Table:
    columns = [
        Column(_("Month")),
        Column(_("Now"), Kind.PERCENT),
        Column(_("This place"), Kind.PERCENT),
        Column(_("Nothing at home reduced"), Kind.PERCENT),
        Column(_("Home adjusted"), Kind.PERCENT),
        Column(_("How it stands")),
    ]
    return Table(
        "beban",
        _("Load by month"),
        columns,
        [
            (
                formats.month(effect.cycle.starts_on.replace(month=row.month, day=1)),
                row.before_bp,
                row.place_bp or None,
                row.kept_bp,
                row.after_bp,
                _standing(row),
            )
            for row in effect.months
        ],
    )


def _standing(row: MonthEffect) -> str:
    words = flag_words()
    return words.get(row.flag_after, row.flag_after)


def _weights(effect: PlaceEffect) -> Table:
    columns = [
        Column(_("Role")),
        Column(_("Weight now"), Kind.PERCENT),
        Column(_("Weight then"), Kind.PERCENT),
        Column(_("Arithmetic")),
    ]
    whole = sum(row.effort_after_bp * row.days_after for row in effect.weights)
    rows = [
        (
            _role(row),
            row.weight_before_bp or None,
            row.weight_after_bp,
            _arithmetic(row, whole),
        )
        for row in effect.weights
    ]
    return Table("bobot", _("Weights of the roles in the index"), columns, rows)


def _role(row: WeightEffect) -> str:
    if row.is_place:
        return _("%(name)s (this place)", name=row.name or _("new squad"))
    return _("%(name)s (home)", name=row.name) if row.role_kind is RoleKind.HOME else row.name


def _arithmetic(row: WeightEffect, whole: int) -> str:
    return _(
        "%(effort)s × %(days)s days ÷ %(whole)s full days",  # noqa: RUF001 - times
        effort=formats.percent(row.effort_after_bp),
        days=formats.number(row.days_after),
        whole=formats.number(Decimal(whole) / 10_000),
    )


def _targets(effect: PlaceEffect) -> Table:
    columns = [
        Column(_("Result at home")),
        Column(_("Indicator")),
        Column(_("Target now"), Kind.NUMBER),
        Column(_("Same work in less time"), Kind.NUMBER),
        Column(_("Unit of measure")),
    ]
    rows = [(row.result, row.text, row.target, row.proposed, row.unit) for row in effect.targets]
    return Table("target", _("Targets of the home plan"), columns, rows)

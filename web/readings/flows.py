"""Flows between units as a picture and as its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.pictures.flow import REST, FlowPicture, Stream, flow_picture
from web.tables import Column, Kind, Table
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.flow_reading import Flows


def flow_table(flows: Flows) -> Table:
    """Every cell that leaves a unit, the largest first."""
    return Table(
        name="aliran",
        title=_("Flow of contributions between units"),
        columns=(
            Column(_("From home unit")),
            Column(_("To host unit")),
            Column(_("Points"), Kind.POINTS),
        ),
        rows=[(cell.home, cell.host, cell.points_e4) for cell in flows.between],
    )


def balance_table(flows: Flows) -> Table:
    """What went out of each unit and came into it: the two columns come to the same (I5)."""
    out: dict[str, int] = {}
    into: dict[str, int] = {}
    own: dict[str, int] = {}
    names: dict[str, str] = {}
    for cell in flows.cells:
        names |= {cell.home_id: cell.home, cell.host_id: cell.host}
        if cell.home_id == cell.host_id:
            own[cell.home_id] = own.get(cell.home_id, 0) + cell.points_e4
            continue
        out[cell.home_id] = out.get(cell.home_id, 0) + cell.points_e4
        into[cell.host_id] = into.get(cell.host_id, 0) + cell.points_e4
    order = sorted(names, key=lambda one: (-out.get(one, 0) - into.get(one, 0), names[one]))
    return Table(
        name="keluar-masuk",
        title=_("Out and in by unit"),
        columns=(
            Column(_("Unit")),
            Column(_("Out"), Kind.POINTS),
            Column(_("In"), Kind.POINTS),
            Column(_("Own"), Kind.POINTS),
        ),
        rows=[
            *((names[one], out.get(one, 0), into.get(one, 0), own.get(one, 0)) for one in order),
            (_("Together"), sum(out.values()), sum(into.values()), sum(own.values())),
        ],
    )


def flow_shapes(flows: Flows) -> tuple[FlowPicture, Mapping[str, str]]:
    """The picture, and the names of its units."""
    names = {cell.home_id: cell.home for cell in flows.between}
    names |= {cell.host_id: cell.host for cell in flows.between}
    names[REST] = _("the rest")
    streams = [
        Stream(home=cell.home_id, host=cell.host_id, amount=cell.points_e4)
        for cell in flows.between
    ]
    return flow_picture(streams), names

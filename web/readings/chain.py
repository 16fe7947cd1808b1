"""The chain of a result for its page: the picture and the table behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from engine.domain.cascade import CascadeMethod
from engine.usecases.chains import person_chain
from web.pictures.chain import ChainPicture, Knot, draw
from web.tables import Column, Kind, Table
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.domain.cascade import ResultLink
    from engine.usecases.actor import Actor
    from engine.usecases.chains import Chain
    from engine.usecases.ports.goals import ResultCard
    from engine.usecases.ports.work import House


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainPage:
    """A chain ready for its template."""

    chain: Chain
    #: whose results
    name: str
    #: the result in question
    chosen: ResultCard | None
    picture: ChainPicture
    table: Table
    #: reaches an objective of the organisation
    reaches: bool


def chain_page(
    house: House, actor: Actor, person_id: str, item_id: str | None, wanted: str | None
) -> ChainPage:
    """One result's chain, the first one's where none is named; `NotFound` as the plan says."""
    if item_id is None:
        every = person_chain(house, actor, person_id, None, wanted)
        if not every.choices:
            return _page(every, person_id)
        item_id = every.choices[0].item_id
    return _page(person_chain(house, actor, person_id, item_id, wanted), person_id)


def _page(chain: Chain, person_id: str) -> ChainPage:
    knots = {knot.id: knot for knot in _knots(chain)}
    links = _links(chain)
    serves = [(one.child_id, one.serves, one.method is CascadeMethod.DIRECT) for one in links]
    serves += [(one.id, one.parent_id, True) for one in chain.up.objectives if one.parent_id]
    serves += [(one.output_id, one.item_id, True) for one in chain.down.outputs]
    return ChainPage(
        chain=chain,
        name=chain.names.get(person_id, ""),
        chosen=next(iter(chain.results), None),
        picture=draw(knots, serves, [card.item_id for card in chain.results]),
        table=_table(chain, knots, serves),
        reaches=bool(chain.up.objectives),
    )


def _links(chain: Chain) -> Sequence[ResultLink]:
    return [*chain.up.links, *chain.down.links]


def _knots(chain: Chain) -> list[Knot]:
    found = [
        Knot(
            id=one.id,
            title=f"{one.code} {one.title}",
            whose=chain.names.get(one.unit_id, ""),
            kind="objective",
        )
        for one in chain.up.objectives
    ]
    own = {card.item_id for card in chain.results}
    cards = {c.item_id: c for c in (*chain.up.results, *chain.results, *chain.down.results)}
    found += [
        Knot(
            id=card.item_id,
            title=card.title,
            whose=chain.names.get(card.person_id, ""),
            kind="self" if card.item_id in own else "result",
        )
        for card in cards.values()
    ]
    outputs = {one.output_id: one for one in chain.down.outputs}
    found += [
        Knot(id=one.output_id, title=one.title, whose=_("squad output"), kind="output")
        for one in outputs.values()
    ]
    return found


def _table(chain: Chain, knots: dict[str, Knot], serves: Sequence[tuple[str, str, bool]]) -> Table:
    kinds = {
        "objective": _("Objective"),
        "result": _("Planned result"),
        "self": _("This result"),
        "output": _("Squad output"),
    }
    evidence = [one.item_id for one in chain.down.evidence]
    rows, links = [], []
    for knot in knots.values():
        above = [(high, direct) for low, high, direct in serves if low == knot.id]
        rows.append(
            (
                knot.title,
                kinds[knot.kind],
                knot.whose,
                "; ".join(knots[high].title for high, _direct in above if high in knots),
                "; ".join(_("direct") if direct else _("non-direct") for _high, direct in above),
                evidence.count(knot.id) or None,
            )
        )
        links.append(_url(chain, knot))
    return Table(
        name="rantai",
        title=_("Result chain"),
        columns=(
            Column(_("What")),
            Column(_("Kind")),
            Column(_("Whose")),
            Column(_("Serves")),
            Column(_("Way of cascading")),
            Column(_("Pieces of evidence"), Kind.NUMBER),
        ),
        rows=rows,
        links=links,
    )


def _url(chain: Chain, knot: Knot) -> str | None:
    """The page of a result that the reader may open: his own, or one below that he reads."""
    cards = {c.item_id: c for c in (*chain.results, *chain.down.results)}
    if knot.kind not in {"result", "self"} or knot.id not in cards:
        return None
    card = cards[knot.id]
    return url_for("chain.show", person_id=card.person_id, siklus=card.cycle_id, hasil=card.item_id)

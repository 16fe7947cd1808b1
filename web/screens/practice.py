"""Practice in rating: one's own levels on the sample cases beside others' and the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, render_template

from engine.domain.ratings import Predikat
from engine.usecases.practice import practice_spread
from web.context import actor, house

if TYPE_CHECKING:
    from engine.domain.practice import CaseSpread

pages = Blueprint("practice", __name__)

#: set by `app` on a training copy
TRAINING = "TRAINING"


def in_training() -> bool:
    """Whether these pages are those of a training copy."""
    return bool(current_app.config.get(TRAINING))


@pages.get("/latihan")
def show() -> str:
    """The spread, or how to come to it."""
    found = practice_spread(house(), actor())
    return render_template(
        "pages/practice.html",
        spread=found,
        bars={one.case.id: _bars(one) for one in found.cases} if found is not None else {},
        training=in_training(),
    )


def _bars(one: CaseSpread) -> list[tuple[Predikat, int, int, bool, bool]]:
    """Predikat, others, their share in percent, mine?, the reference's?; the best first."""
    return [
        (
            predikat,
            one.predikats.get(predikat, 0),
            one.predikats.get(predikat, 0) * 100 // max(1, one.others),
            predikat is one.mine.predikat,
            predikat is one.case.reference.predikat,
        )
        for predikat in Predikat
    ]

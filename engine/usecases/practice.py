"""Practice in rating, on a training copy: what a rater made of the sample cases beside others.

Answers live in the processes of the drawing `rating_practice`; others are told as counts only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain.practice import Case, Verdict, spread
from engine.domain.ratings import Level, Predikat

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.domain.practice import Spread
    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House

#: the drawing that a training copy brings
PRACTICE: Final = "rating_practice"
#: raters of one training copy
RATERS_MAX: Final = 1_000


def practice_spread(house: House, actor: Actor) -> Spread | None:
    """The actor's own spread; None until he rated every case, or where nobody practises.

    One statement, however many raters practise.
    """
    if actor.person_id is None:
        return None
    with house.reading() as uow:
        rows = uow.search.instances(
            agency_id=actor.agency_id, process_id=PRACTICE, parent_key=None, limit=RATERS_MAX
        )
        heads = [row for row in rows if row.parent_key is None]
        answered = house.runner.root_variables(uow, heads)
    found = {str(one.get("person_id")): one for one in answered if one.get("answers")}
    own = found.pop(actor.person_id, None)
    if own is None:
        return None
    cases = own["cases"]
    others = {str(case["id"]): [_verdict(one) for one in case["panel"]] for case in cases}
    for given in found.values():
        for key, verdict in _verdicts(given).items():
            others.setdefault(key, []).append(verdict)
    return spread([_case(one) for one in cases], _verdicts(own), others)


def _case(found: Mapping[str, Json]) -> Case:
    reference = found["reference"]
    return Case(
        id=str(found["id"]),
        title=str(found["title"]),
        reference=_verdict(reference),
        why=str(reference["why"]),
    )


def _verdicts(variables: Mapping[str, Json]) -> dict[str, Verdict]:
    answers: Sequence[Mapping[str, Json]] = variables["answers"]
    return {str(one["id"]): _verdict(one) for one in _whole(answers)}


def _whole(answers: Iterable[Mapping[str, Json] | None]) -> list[Mapping[str, Json]]:
    return [one for one in answers if one]


def _verdict(found: Mapping[str, Json]) -> Verdict:
    return Verdict(
        result=Level(found["result"]),
        behaviour=Level(found["behaviour"]),
        predikat=Predikat(found["predikat"]),
    )

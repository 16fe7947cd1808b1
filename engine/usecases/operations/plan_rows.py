"""Results and indicators as forms bring them: read, checked, and every fault named by its field."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from engine.domain.indicators import Aspect, Direction, default_direction
from engine.domain.plans import (
    Indicator,
    ItemKind,
    PlanItem,
    RoleKind,
    check_plan,
)
from engine.usecases.errors import FieldFault, InputRefused
from engine.usecases.operations.step import as_bp, as_decimal, fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from enum import StrEnum

    from engine.domain.errors import Violation
    from engine.domain.plans import Plan
    from engine.usecases.cascading import Offer
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

#: field of a row that a broken rule speaks of
_FIELDS: Final = {
    "weight": "weight_percent",
    "title_missing": "title",
    "indicator_words": "indicator",
    "indicator_weight": "indicator_weight",
    "range_ends": "upper",
    "target_unused": "target",
    "target_low": "target",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Results of a plan with their indicators."""

    items: tuple[PlanItem, ...]
    indicators: tuple[Indicator, ...]
    #: the row of the form behind a result or an indicator, by its id
    rows: Mapping[str, str] = field(default_factory=dict)
    #: offers that were taken, by the id of the result that came out of each
    taken: Mapping[str, str] = field(default_factory=dict)

    def of(self, *items: PlanItem) -> Content:
        """These results with their indicators."""
        ids = {item.id for item in items}
        return Content(
            items=items, indicators=tuple(one for one in self.indicators if one.item_id in ids)
        )

    def plus(self, other: Content) -> Content:
        """Both, numbered in order."""
        items = (replace(i, number=n) for n, i in enumerate((*self.items, *other.items), start=1))
        return Content(
            items=tuple(items),
            indicators=(*self.indicators, *other.indicators),
            rows={**self.rows, **other.rows},
            taken={**self.taken, **other.taken},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """In which role the rows of a form may stand."""

    #: membership of a new row; None for the home role
    new_membership: str | None = None
    #: whether rows may be added
    may_add: bool = True
    #: whether the rows say utama or tambahan
    says_kind: bool = True
    #: results that a row may take by naming one as `offer`, by key
    offered: Mapping[str, Offer] = field(default_factory=dict)


def held(step: Step, plan: Plan) -> Content:
    """What a plan holds now."""
    store = step.uow.performance
    return Content(items=tuple(store.items(plan.id)), indicators=tuple(store.indicators(plan.id)))


def read_content(step: Step, plan: Plan, known: Content, roles: Roles) -> Content:
    """The form's `results` (each with a first indicator) and `more_indicators`.

    Rows name what they change by item_id and indicator_id; a row without is new. A row that is not
    taken (`take` is false) is no result. Without the list `more_indicators` the further indicators
    of results that stay are kept.
    """
    items: dict[int, PlanItem] = {}
    measures: list[Indicator] = []
    places: dict[str, str] = {}
    taken: dict[str, str] = {}
    for n, row in enumerate(step.rows("results")):
        if row.get("take") is False:
            continue
        at = f"results.{n}"
        old = next((i for i in known.items if i.id == row.get("item_id")), None)
        if old is None and not roles.may_add:
            raise fault(f"{at}.title", "row_added", "results of a squad are named by its lead only")
        item = items[n + 1] = _item(step, plan, (row, at), old, roles)
        own = known.of(old).indicators if old else ()
        first = _named(row, own) or next(iter(own), None)
        measures.append(_indicator(step, (row, at), item.id, first))
        places |= {item.id: at, measures[-1].id: at}
        if "more_indicators" not in step.call.form:
            measures += [one for one in own if one.id != measures[-1].id]
        if (offer := roles.offered.get(str(row.get("offer") or ""))) is not None and old is None:
            taken[item.id] = offer.key
            measures += [m.placed(step.means.ids.uuid(), item.id) for m in offer.measures[1:]]
    further = dict(_further(step, items, known))
    return Content(
        items=tuple(items.values()),
        indicators=tuple(_numbered(items.values(), [*measures, *further.values()])),
        rows={**places, **{one.id: at for at, one in further.items()}},
        taken=taken,
    )


def refuse_content(content: Content, roles: set[str]) -> None:
    """`InputRefused` with every fault of a plan, each at its row and field."""
    found = [
        _at(content, violation)
        for violation in check_plan(content.items, content.indicators, roles)
    ]
    if found:
        raise InputRefused(*found)


def refuse_leaving(step: Step, known: Content, whole: Content) -> None:
    """`InputRefused` when a result would leave its plan that something outside it names."""
    left = {item.id for item in known.items} - {item.id for item in whole.items}
    named = step.uow.performance.named(left) if left else ()
    titles = [item.title for item in known.items if item.id in named]
    if titles:
        raise fault("results", "result_named", f"still spoken of elsewhere: {'; '.join(titles)}")


def _further(
    step: Step, items: Mapping[int, PlanItem], known: Content
) -> Iterator[tuple[str, Indicator]]:
    """Further indicators by their rows; one of a result that was not taken goes with it."""
    last = len(step.rows("results"))
    for n, row in enumerate(step.rows("more_indicators")):
        at = f"more_indicators.{n}"
        number = as_decimal(row.get("result_number"), f"{at}.result_number")
        if number is None or number not in range(1, last + 1):
            raise fault(f"{at}.result_number", "result_unknown", f"1 to {last}")
        item = items.get(int(number))
        if item is not None:
            yield at, _indicator(step, (row, at), item.id, _named(row, known.indicators))


def _numbered(items: Iterable[PlanItem], measures: Sequence[Indicator]) -> Iterator[Indicator]:
    for item in items:
        own = (one for one in measures if one.item_id == item.id)
        for number, one in enumerate(own, start=1):
            yield replace(one, number=number)


def _named(row: Mapping[str, Json], known: Sequence[Indicator]) -> Indicator | None:
    return next((one for one in known if one.id == row.get("indicator_id")), None)


def _item(
    step: Step,
    plan: Plan,
    place: tuple[Mapping[str, Json], str],
    old: PlanItem | None,
    roles: Roles,
) -> PlanItem:
    row, at = place
    kind = _word(row, "kind", ItemKind, at) if roles.says_kind else None
    base = old or PlanItem(
        id=step.means.ids.uuid(),
        plan_id=plan.id,
        number=1,
        kind=ItemKind.UTAMA,
        role_kind=RoleKind.SQUAD if roles.new_membership else RoleKind.HOME,
        membership_id=roles.new_membership,
        title="",
        weight_bp=0,
    )
    return replace(
        base,
        kind=kind or base.kind,
        title=_text(row, "title"),
        weight_bp=as_bp(row.get("weight_percent"), f"{at}.weight_percent") or 0,
    )


def _indicator(
    step: Step,
    place: tuple[Mapping[str, Json], str],
    item_id: str,
    old: Indicator | None,
) -> Indicator:
    row, at = place
    aspect = _word(row, "aspect", Aspect, at) or Aspect.KUANTITAS
    given = _word(row, "direction", Direction, at)
    kept = old.direction if old and old.aspect is aspect else default_direction(aspect)
    direction = given or kept
    ranged = direction is Direction.RANGE
    weight = as_decimal(row.get("indicator_weight"), f"{at}.indicator_weight")
    numbers = {name: as_decimal(row.get(name), f"{at}.{name}") for name in ("lower", "upper")}
    target = as_decimal(row.get("target"), f"{at}.target")
    return Indicator(
        id=old.id if old else step.means.ids.uuid(),
        item_id=item_id,
        aspect=aspect,
        text=_text(row, "indicator"),
        target=None if ranged or direction is Direction.QUALITATIVE else target,
        unit=_text(row, "unit"),
        direction=direction,
        target_text=_text(row, "target_text") if "target_text" in row else _words(old),
        lower=numbers["lower"] if ranged else None,
        upper=numbers["upper"] if ranged else None,
        weight=1 if weight is None else int(weight),
        origin_indicator_id=old.origin_indicator_id if old else None,
    )


def _words(old: Indicator | None) -> str:
    return old.target_text if old else ""


def _text(row: Mapping[str, Json], name: str) -> str:
    return str(row.get(name) or "").strip()


def _word(row: Mapping[str, Json], name: str, words: type[StrEnum], at: str) -> Any:
    value = row.get(name)
    if value in (None, ""):
        return None
    if value not in set(words):
        raise fault(f"{at}.{name}", "unknown_word", f"one of {', '.join(words)}")
    return words(value)


def _at(content: Content, violation: Violation) -> FieldFault:
    """The row and field of a violation: a result's own row, or a further indicator's."""
    name = _FIELDS.get(violation.code)
    return FieldFault(
        field=".".join(filter(None, [content.rows.get(violation.subject, "results"), name])),
        code=violation.code,
        message=violation.message,
    )

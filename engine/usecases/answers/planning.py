"""FEEL questions of planning: rows of its forms, hints, last year, and whose results to serve."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from engine.domain.cycles import Cycle
from engine.domain.indicators import Direction
from engine.domain.plans import Plan, RoleKind
from engine.domain.revisions import PlanRevision
from engine.domain.workload import home_effort_bp
from engine.usecases.answers.plan_words import changes_text, hints_text, last_year_text, load_text
from engine.usecases.offering import suggestions
from engine.usecases.operations.measuring import words_of
from engine.usecases.operations.superiors import superior_items, unlinked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.plans import Indicator, Measurement, PlanItem
    from engine.domain.squads import Membership, Squad
    from engine.usecases.cascading import Offer
    from engine.usecases.organisation import Standing

#: origin of a row that stands in the plan already
PLANNED: Final = "plan"

SIGNATURES: Final[Mapping[str, tuple[str, ...]]] = {
    "plan items": ("plan",),
    "draft rows": ("plan",),
    "squad rows": ("plan",),
    "more indicators": ("plan",),
    "squad items": ("plan", "lead"),
    "more squad indicators": ("plan", "lead"),
    "progress items": ("plan", "period"),
    "qualitative items": ("plan", "period"),
    "plan approach": ("plan",),
    "smart hints": ("plan", "language"),
    "last year": ("plan", "language"),
    "planned load": ("plan", "language"),
    "unlinked results": ("person", "cycle"),
    "superior results": ("person", "cycle"),
    "revision changes": ("revision", "language"),
    "rated people": ("rater",),
}


class Answers:
    """One method per function; people are answered by their ids."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._uow = standing.uow

    def plan_items(self, plan: str) -> list[dict[str, Any]]:
        """Home results of a plan as rows of the drafting form, each with its first indicator."""
        return self._rows(self._home(plan), self._indicators(plan))

    def draft_rows(self, plan: str) -> list[dict[str, Any]]:
        """Home results of a plan, taken, with whom they serve; then those to be had for a tick."""
        items = self._home(plan)
        served = self._uow.goals.served_titles([item.id for item in items])
        rows = [
            {
                **row,
                "offer": "",
                "take": True,
                "origin": PLANNED,
                "serves": "; ".join(served.get(str(row["item_id"]), ())),
            }
            for row in self._rows(items, self._indicators(plan))
        ]
        found = self._plan(plan)
        offered = suggestions(self._standing, found) if found else ()
        above = self._uow.goals.cards([p for one in offered for p in _parents(one)])
        titles = {card.item_id: card.title for card in above}
        return [*rows, *(_offered(one, titles) for one in offered)]

    def squad_rows(self, plan: str) -> list[dict[str, Any]]:
        """Squad results of a plan as its leads and squads expect them, to be read."""
        found = self._plan(plan)
        squads = {row.id: squad.name for row, squad in self._memberships(found)} if found else {}
        first = {one.item_id: one for one in reversed(self._indicators(plan))}
        items = self._uow.performance.items(plan)
        return [
            {
                "squad": squads.get(item.role, ""),
                "title": item.title,
                "expected": _expected(first.get(item.id)),
                "weight_percent": _percent(item),
            }
            for item in items
            if item.role_kind is RoleKind.SQUAD
        ]

    def more_indicators(self, plan: str) -> list[dict[str, Any]]:
        """Further indicators of home results, by the number of the result among the rows."""
        return _further(self._home(plan), self._indicators(plan))

    def squad_items(self, plan: str, lead: str) -> list[dict[str, Any]]:
        """Results of a plan in the squads that somebody leads."""
        rows = self._rows(self._led(plan, lead), self._indicators(plan))
        return [{name: value for name, value in row.items() if name != "kind"} for row in rows]

    def more_squad_indicators(self, plan: str, lead: str) -> list[dict[str, Any]]:
        """Their further indicators."""
        return _further(self._led(plan, lead), self._indicators(plan))

    def progress_items(self, plan: str, period: str) -> list[dict[str, Any]]:
        """Home results, a row per indicator, with what was recorded in a period."""
        titles = {item.id: item.title for item in self._home(plan)}
        rows = []
        for one in self._ordered(plan):
            done = self._uow.performance.progress_on(one.item_id, period)
            line = self._line(plan, one, done.id if done else None)
            rows.append(
                {
                    "item_id": one.item_id,
                    "indicator_id": one.id,
                    "direction": one.direction.value,
                    "title": titles[one.item_id],
                    "indicator": one.text,
                    "target_text": words_of(one),
                    "actual": line.actual if line else None,
                    "level": line.level.value if line and line.level else None,
                    "actual_text": line.actual_text if line else "",
                    "note": done.note if done else "",
                }
            )
        return rows

    def qualitative_items(self, plan: str, period: str) -> list[dict[str, Any]]:
        """Indicators that words judge and that were documented in a period, for the rater."""
        return [
            {**row, "own_level": row["level"] or ""}
            for row in self.progress_items(plan, period)
            if row["direction"] == Direction.QUALITATIVE.value and row["level"]
        ]

    def plan_approach(self, plan: str) -> str | None:
        """Kuantitatif or kualitatif."""
        found = self._plan(plan)
        return found.approach.value if found else None

    def smart_hints(self, plan: str, language: str) -> str:
        """What could be said more clearly, as Markdown; "" when nothing."""
        items = self._uow.performance.items(plan)
        return hints_text(items, self._uow.performance.indicators(plan), language)

    def last_year(self, plan: str, language: str) -> str:
        """What was reached last year on results of the same words, as Markdown."""
        found = self._plan(plan)
        earlier = self._last_years(found) if found else None
        if found is None or earlier is None:
            return last_year_text((), language)
        newest = {row.item_id: row for row in self._uow.performance.progress(earlier.id)}
        items = self._uow.performance.items(earlier.id)
        targets = {one.item_id: one for one in reversed(self._indicators(earlier.id))}
        rows = [(item, targets.get(item.id), newest.get(item.id)) for item in items]
        return last_year_text(rows, language)

    def planned_load(self, plan: str, language: str) -> str:
        """Load of the plan's roles beside each other, as Markdown."""
        found = self._plan(plan)
        if found is None:
            return ""
        efforts = {squad.name: row.effort_bp for row, squad in self._memberships(found)}
        home = home_effort_bp(sum(efforts.values()), found.home_effort_bp)
        return load_text(home, efforts, language)

    def unlinked_results(self, person: str, cycle: str) -> list[dict[str, Any]]:
        """Main home results that serve nobody's result yet."""
        return [
            {"item_id": item.id, "title": item.title}
            for item in unlinked(self._standing, person, cycle)
        ]

    def superior_results(self, person: str, cycle: str) -> list[dict[str, str]]:
        """Results of the superior's fixed plan as choices."""
        found = superior_items(self._standing, person, cycle)
        return [{"label": item.title, "value": item.id} for item in found]

    def revision_changes(self, revision: str, language: str) -> str:
        """What a revision changes, line by line, as Markdown."""
        row = self._uow.performance.get(PlanRevision, revision)
        if row is None:
            return ""
        store = self._uow.performance
        sides = [(store.items(p), store.indicators(p)) for p in (row.base_plan_id, row.plan_id)]
        return changes_text(row, sides[0], sides[1], language)

    def rated_people(self, rater: str) -> list[dict[str, str]]:
        """Oneself and the people whom one rates today, as choices."""
        person = self._standing.person(rater)
        today = self._standing.today(person.agency_id if person else None)
        perhaps = self._uow.performance.rated_perhaps(rater, today)
        below = sorted(self._standing.below(rater, perhaps))
        rated = [one for one in below if _rates(self._standing, rater, one)]
        names = self._uow.agency.names([rater, *rated])
        return [{"label": names.get(one, one), "value": one} for one in (rater, *rated)]

    def _plan(self, plan_id: str) -> Plan | None:
        return self._uow.performance.get(Plan, plan_id)

    def _indicators(self, plan_id: str) -> Sequence[Indicator]:
        return self._uow.performance.indicators(plan_id)

    def _home(self, plan_id: str) -> list[PlanItem]:
        items = self._uow.performance.items(plan_id)
        return [item for item in items if item.role_kind is RoleKind.HOME]

    def _led(self, plan_id: str, lead_id: str) -> list[PlanItem]:
        found = self._plan(plan_id)
        held = self._memberships(found) if found else ()
        led = {row.id for row, squad in held if _leads(self._standing, squad, lead_id)}
        return [item for item in self._uow.performance.items(plan_id) if item.role in led]

    def _memberships(self, plan: Plan) -> Sequence[tuple[Membership, Squad]]:
        cycle = self._uow.performance.get(Cycle, plan.cycle_id)
        if cycle is None:
            return ()
        return self._uow.contributions.memberships_of(
            plan.person_id, cycle.starts_on, cycle.ends_on
        )

    def _ordered(self, plan_id: str) -> list[Indicator]:
        found = self._indicators(plan_id)
        return [one for item in self._home(plan_id) for one in found if one.item_id == item.id]

    def _line(self, plan_id: str, one: Indicator, progress_id: str | None) -> Measurement | None:
        lines = self._uow.performance.measurements(plan_id) if progress_id else ()
        return next(
            (x for x in lines if x.indicator_id == one.id and x.progress_id == progress_id), None
        )

    def _last_years(self, plan: Plan) -> Plan | None:
        cycle = self._uow.performance.get(Cycle, plan.cycle_id)
        before = self._uow.performance.cycle_of(cycle.agency_id, cycle.year - 1) if cycle else None
        return self._uow.performance.plan_of(plan.person_id, before.id) if before else None

    def _rows(
        self, items: Sequence[PlanItem], indicators: Sequence[Indicator]
    ) -> list[dict[str, Any]]:
        first = {one.item_id: one for one in reversed(indicators)}
        return [
            {
                "item_id": item.id,
                "title": item.title,
                "kind": item.kind.value,
                "weight_percent": _percent(item),
                **(_indicator(first[item.id]) if item.id in first else {}),
            }
            for item in items
        ]


def _percent(item: PlanItem) -> Decimal:
    return (Decimal(item.weight_bp) / 100).quantize(Decimal("0.01"))


def _expected(one: Indicator | None) -> str:
    return f"{one.text}: {words_of(one)}".rstrip(": ") if one else ""


def _parents(offer: Offer) -> list[str]:
    return [one.parent_id for one in offer.serves if one.parent_id]


def _offered(offer: Offer, titles: Mapping[str, str]) -> dict[str, Any]:
    """An offer as a row that nobody took yet; its weight is found when it is taken."""
    measure = offer.measures[0].placed("", "")
    return {
        "item_id": "",
        "offer": offer.key,
        "take": False,
        "origin": offer.origin.value,
        "serves": "; ".join(titles.get(one, "") for one in _parents(offer)),
        "title": offer.title,
        "kind": offer.kind.value,
        "weight_percent": (Decimal(offer.weight_bp) / 100).quantize(Decimal("0.01")),
        **_indicator(measure),
    }


def _indicator(one: Indicator) -> dict[str, Any]:
    return {
        "indicator_id": one.id,
        "indicator": one.text,
        "aspect": one.aspect.value,
        "direction": one.direction.value,
        "target": one.target,
        "lower": one.lower,
        "upper": one.upper,
        "unit": one.unit,
        "target_text": one.target_text,
        "indicator_weight": one.weight,
    }


def _further(items: Sequence[PlanItem], indicators: Sequence[Indicator]) -> list[dict[str, Any]]:
    rows = []
    for number, item in enumerate(items, start=1):
        own = [one for one in indicators if one.item_id == item.id]
        rows += [{"result_number": number, **_indicator(one)} for one in own[1:]]
    return rows


def _leads(standing: Standing, squad: Any, lead_id: str) -> bool:
    lead = standing.lead(squad)
    return lead is not None and lead.person_id == lead_id


def _rates(standing: Standing, rater: str, person: str) -> bool:
    found = standing.rater(person)
    return found is not None and found.person_id == rater

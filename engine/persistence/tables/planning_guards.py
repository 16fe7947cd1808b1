"""Triggers of planning: what is fixed stays, except where a new version takes its place.

While a new version takes over, and only inside that transaction, the version before is superseded,
the new one clarified and none fixed; then results change places (`Versions.take_over`).
"""

from __future__ import annotations

from engine.persistence.tables.guards import Guard

_FIXED = "EXISTS (SELECT 1 FROM plan p WHERE p.id = {plan} AND p.status IN ('fixed', 'superseded'))"
_ITEM_FIXED = """EXISTS (SELECT 1 FROM plan_item i JOIN plan p ON p.id = i.plan_id
        WHERE i.id = {item} AND p.status IN ('fixed', 'superseded'))"""
#: no new version of the same plan is taking over now
_STANDING = """NOT EXISTS (SELECT 1 FROM plan was JOIN plan next ON next.person_id = was.person_id
        AND next.cycle_id = was.cycle_id AND next.version > was.version
        WHERE was.id = {plan} AND was.status = 'superseded' AND next.status = 'clarified'
        AND NOT EXISTS (SELECT 1 FROM plan f WHERE f.person_id = was.person_id
        AND f.cycle_id = was.cycle_id AND f.status = 'fixed'))"""
_PLAN_OF = "(SELECT i.plan_id FROM plan_item i WHERE i.id = {item})"

PLANNING_GUARDS = (
    Guard("plan_item_fixed_insert", "plan_item", "INSERT", _FIXED.format(plan="NEW.plan_id")),
    Guard(
        "plan_item_fixed_update",
        "plan_item",
        "UPDATE",
        f"{_FIXED.format(plan='OLD.plan_id')} AND {_STANDING.format(plan='OLD.plan_id')}",
    ),
    Guard(
        "plan_item_moved_into_fixed",
        "plan_item",
        "UPDATE",
        f"NEW.plan_id <> OLD.plan_id AND {_FIXED.format(plan='NEW.plan_id')}"
        f" AND {_STANDING.format(plan='NEW.plan_id')}",
    ),
    Guard("plan_item_fixed_delete", "plan_item", "DELETE", _FIXED.format(plan="OLD.plan_id")),
    Guard(
        "indicator_fixed_insert",
        "indicator",
        "INSERT",
        _ITEM_FIXED.format(item="NEW.item_id"),
    ),
    Guard(
        "indicator_fixed_update",
        "indicator",
        "UPDATE",
        _ITEM_FIXED.format(item="OLD.item_id")
        + " AND "
        + _STANDING.format(plan=_PLAN_OF.format(item="OLD.item_id")),
    ),
    Guard(
        "indicator_fixed_delete",
        "indicator",
        "DELETE",
        _ITEM_FIXED.format(item="OLD.item_id"),
    ),
    # a plan that was dropped stays as it was refused
    Guard("plan_dropped", "plan", "UPDATE", "OLD.status = 'dropped'"),
    # a revision that holds or was dropped stays as it is
    Guard("revision_over", "plan_revision", "UPDATE", "OLD.state IN ('applied', 'dropped')"),
)

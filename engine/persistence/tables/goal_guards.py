"""Triggers that hold the rules of goals, links and risks in the database."""

from __future__ import annotations

from engine.persistence.tables.guards import Guard

#: everything the new parent serves, itself included; the child must not be among it
_LINK_CIRCLE = """EXISTS (WITH RECURSIVE up(id) AS (SELECT NEW.parent_id
    UNION SELECT l.parent_id FROM result_link l JOIN up ON l.child_id = up.id
    WHERE l.parent_id IS NOT NULL)
    SELECT 1 FROM up WHERE up.id = NEW.child_id)"""

_YEAR_OF_ITEM = """(SELECT c.year FROM plan_item i JOIN plan p ON p.id = i.plan_id
    JOIN cycle c ON c.id = p.cycle_id WHERE i.id = {item})"""
_YEAR_OF_CHILD = _YEAR_OF_ITEM.format(item="NEW.child_id")
_YEAR_OF_PARENT = _YEAR_OF_ITEM.format(item="NEW.parent_id")
_YEAR_OF_OBJECTIVE = """(SELECT c.year FROM objective o JOIN cycle c ON c.id = o.cycle_id
    WHERE o.id = NEW.objective_id)"""

#: guards that came with revision 0012
GOAL_GUARDS = (
    Guard("result_link_circle", "result_link", "INSERT", _LINK_CIRCLE),
    Guard("result_link_kept", "result_link", "UPDATE", "1 = 1"),
    # a lent person's plan is of his own agency's cycle: the years are compared
    Guard(
        "result_link_year",
        "result_link",
        "INSERT",
        f"{_YEAR_OF_CHILD} <> COALESCE({_YEAR_OF_PARENT}, {_YEAR_OF_OBJECTIVE})",
    ),
    Guard(
        "objective_circle",
        "objective",
        "UPDATE",
        """NEW.parent_id IS NOT NULL AND EXISTS (WITH RECURSIVE up(id) AS (SELECT NEW.parent_id
        UNION SELECT o.parent_id FROM objective o JOIN up ON o.id = up.id
        WHERE o.parent_id IS NOT NULL)
        SELECT 1 FROM up WHERE up.id = NEW.id)""",
    ),
    Guard(
        "objective_cycle_of_parent",
        "objective",
        "INSERT",
        "NEW.cycle_id <> (SELECT o.cycle_id FROM objective o WHERE o.id = NEW.parent_id)",
    ),
    Guard(
        "objective_place_kept",
        "objective",
        "UPDATE",
        """NEW.cycle_id <> OLD.cycle_id OR NEW.unit_id <> OLD.unit_id
        OR NEW.cycle_id <> (SELECT o.cycle_id FROM objective o WHERE o.id = NEW.parent_id)""",
    ),
    Guard(
        "objective_published",
        "objective",
        "UPDATE",
        "OLD.status = 'published' AND NEW.status <> 'published'",
    ),
    Guard("risk_closed", "risk", "UPDATE", "OLD.status = 'closed'"),
    Guard(
        "risk_realised",
        "risk",
        "UPDATE",
        "OLD.status = 'realised' AND NEW.status = 'open'",
    ),
    Guard(
        "reopening_realised",
        "target_reopening",
        "INSERT",
        "(SELECT r.status FROM risk r WHERE r.id = NEW.risk_id) <> 'realised'",
    ),
)

#: rows of these are never rewritten
APPEND_ONLY = ("risk_review", "target_reopening")

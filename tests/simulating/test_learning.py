"""A plan learned from history plays on, as it was."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from engine.simulation.learning import FRACTIONS, plan_text
from engine.simulation.reading import read_plan
from engine.usecases.mining import Learned, learn
from engine.usecases.ports.mining import ElementTimes
from tests.usecases.conftest import MODELER
from tests.usecases.test_mining import LEAVE, told

__all__ = ["told"]

BEGINS = datetime(2026, 3, 2, tzinfo=UTC)


def test_what_history_tells_is_a_plan_whose_instances_last_as_they_did(told, simulated):
    learned = learn(told.house, MODELER, LEAVE, FRACTIONS)
    text = plan_text(learned, BEGINS, timedelta(days=60))
    text += "variables: {who: sari}\n"
    text = text.replace("ask: {takes", "ask: {gives: {days: 2}, takes")
    found = simulated(text, "leave")
    decide = next(one for one in found.elements if one.element_id == "decide")
    assert found.ended == found.started > 100
    assert timedelta(hours=4) < decide.worked.median < timedelta(hours=7)
    assert decide.worked.most <= timedelta(hours=10)


def test_ways_are_shares_of_the_visits_and_other_elements_are_left_out():
    learned = Learned(
        process_id="p",
        started=10,
        first=BEGINS,
        last=BEGINS + timedelta(days=5),
        times=[
            ElementTimes(
                element_id=name,
                element_type=kind,
                ended=4,
                waiting=0,
                quantiles_s=(0.0,),
                incidents=0,
            )
            for name, kind in (("g", "exclusiveGateway"), ("a", "serviceTask"))
        ],
        ways=[("g", json.dumps(["x"]), 3), ("g", json.dumps(["y"]), 1), ("a", '["z"]', 9)],
    )
    plan = read_plan(plan_text(learned, BEGINS, timedelta(days=1)).encode())
    assert plan.ways == {"g": {"x": 0.75, "y": 0.25}}
    assert plan.work == {}

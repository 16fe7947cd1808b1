"""Random processes played on the runtime and on the reference model, step by step."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.usecases.ports.process import InstanceStatus
from tests.runtime.event_model import EventModel
from tests.runtime.event_trees import EventDrawer, EventMaker
from tests.runtime.play import Stage
from tests.runtime.random_trees import Drawer, Maker
from tests.runtime.reference_model import Model

#: actions after which a process that has not ended is called endless and left alone
_ACTIONS = 1_500
_START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
_SHARED = {f"s{i}": 0 for i in range(1, 5)}


@dataclass
class Played:
    """What one seed showed."""

    actions: int
    ended: bool
    elements: int


def play(seed, size=14, stage=None, *, events=False):
    """Play one random process; raises AssertionError where the runtime differs."""
    rnd = random.Random(seed)  # noqa: S311 - a game, repeatable by its seed
    tree = (EventMaker if events else Maker)(rnd, size).tree()
    xml = (EventDrawer if events else Drawer)().draw(tree)
    stage = stage or Stage()
    stage.deploy(xml)
    key = stage.start(**_SHARED)
    model = (EventModel if events else Model)(tree, _SHARED)
    actions = 0
    while not model.done and actions < _ACTIONS:
        compare(stage, key, model, seed)
        act(stage, model, rnd, actions)
        actions += 1
    if model.done:
        compare_end(stage, key, model, seed)
    return Played(actions, model.done, xml.count(b"<sequenceFlow"))


def act(stage, model, rnd, number):
    """Complete a random open task, let time pass to the next timer, or send a message."""
    tasks, due = model.open_tasks(), model.next_due()
    races = sorted(name for name, race in model.races.items() if race.turns)
    choices = [("task", name) for name in tasks] * 2 + [("race", name) for name in races]
    if due is not None:
        choices.append(("time", due))
    kind, what = rnd.choice(choices)
    if kind == "task":
        row = next(r for r in stage.open_tasks() if identity(stage, r) == what)
        model.complete(what, number)
        stage.complete_key(
            row.key, **{("x_" if through_output(stage, row) else "w_") + what[0]: number}
        )
    elif kind == "race":
        model.hear(what)
        assert stage.publish(what, what)
    else:
        model.pass_to(what)
        stage.pass_time(hours=what - (stage.clock.now() - _START).total_seconds() / 3600)
    stage.deliver_jobs()


def through_output(stage, row):
    """Whether the task hands its value over by an output mapping."""
    definition = stage.tables.definitions[row.definition_key]
    return f'target="w_{row.element_id}"'.encode() in definition.xml


def identity(stage, row):
    """Element and the item indices of the multi-instances around it."""
    path, key = [], row.instance_key
    while key is not None:
        instance = stage.row(key)
        if instance.item_index is not None:
            path.append(instance.item_index)
        key = instance.parent_key
    return row.element_id, tuple(reversed(path))


def compare(stage, key, model, seed):
    assert stage.incidents(key) == [], f"seed {seed}"
    found = sorted(identity(stage, row) for row in stage.open_tasks())
    assert found == model.open_tasks(), f"seed {seed}"
    due = [
        r.due_at
        for r in stage.tables.instances.values()
        if r.status is InstanceStatus.ACTIVE and r.due_at is not None
    ]
    hours = (min(due) - _START).total_seconds() / 3600 if due else None
    assert hours == model.next_due(), f"seed {seed}"
    assert not stage.done(key), f"seed {seed}"


def compare_end(stage, key, model, seed):
    assert stage.incidents(key) == [], f"seed {seed}"
    assert stage.done(key), f"seed {seed}"
    assert stage.variables(key) == model.root.own, f"seed {seed}"
    alive = [r for r in stage.tables.instances.values() if r.status is InstanceStatus.ACTIVE]
    assert alive == [], f"seed {seed}"
    assert stage.open_tasks() == [], f"seed {seed}"
    assert stage.tables.subscriptions == {}, f"seed {seed}"

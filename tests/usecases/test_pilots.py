"""A version that some units try: who it takes, also when a message or a signal starts it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.jobs import deliveries
from engine.persistence.jobs.table import Worker
from engine.usecases import definition_acts, messages, processes
from engine.usecases.errors import Conflict
from engine.usecases.messages import PublishMessage
from engine.usecases.ports.process import Resource
from tests.runtime import drawn as d
from tests.usecases.acting import person
from tests.usecases.conftest import MODELER
from tests.workflows.agency import Ids, settle

_EXTRA = d.message("M", "told", None) + d.signal("S", "heard")


def drawing(more="", *, message="Told", listens=True):
    """Two starts, by message and signal, before a task; `message` is the id of the first."""
    body = d.start("Start") + d.start("Heard", d.refer("signal", "S")) + d.end("End")
    names = ["Start", "Heard"]
    if listens:
        body += d.start(message, d.refer("message", "M"))
        names.append(message)
    body += d.user("A") + "".join(d.chain(name, "A") for name in names) + d.chain("A", "End")
    return d.drawing(body + more, extra=_EXTRA)


class Trial:
    """Version 1 for all, and version 2 for the unit "biro" alone."""

    def __init__(self, place, **second):
        self.house, self.units = place.house, place.units
        self.ids = Ids(self.house.ids.uuid)
        with self.house.writing() as uow:
            settle(uow, self.ids)
            uow.commit()
        self.owner = replace(MODELER, agency_id=self.ids["agency"])
        self.deploy(drawing())
        self.deploy(drawing("<!-- second -->", **second))
        command = definition_acts.PilotVersion(
            key=self.versions()[2], unit_ids=(self.ids["biro"],), reason="try"
        )
        definition_acts.pilot_version(self.house, self.owner, command)

    def deploy(self, xml):
        processes.deploy(self.house, self.owner, (Resource(name="p.bpmn", content=xml),))

    def versions(self):
        """Definition keys by version."""
        with self.house.reading() as uow:
            return {row.version: row.key for row in uow.processes.definition_versions("P")}

    def told(self, key="", actor=None, **variables):
        """The version that a message starts."""
        command = PublishMessage(name="told", correlation_key=key, variables=variables)
        made = messages.correlate_message(self.house, actor or self.owner, command)
        return self.version(int(made["instanceKey"]))

    def version(self, key):
        with self.house.reading() as uow:
            found = uow.processes.instance(key).definition_key
        return {row: number for number, row in self.versions().items()}[found]

    def work(self):
        Worker(self.units, dict(deliveries.handlers(self.house))).run_until_idle()

    def started(self):
        """Versions of all instances, in the order in which they began."""
        with self.house.reading() as uow:
            rows = uow.work_list.instances(process_id="P")
        return [self.version(int(row["key"])) for row in reversed(rows)]


@pytest.fixture
def trial(place):
    return Trial(place)


def test_a_message_starts_the_version_of_the_unit_squad_or_person_that_it_names(trial):
    ids = trial.ids
    assert trial.told(unit_id=ids["biro"]) == 2
    assert trial.told(unit_id=ids["pusat"]) == 1
    assert trial.told(person_id=ids["sari"]) == 2
    assert trial.told(person_id=ids["eko"]) == 1
    assert trial.told(squad_id=ids["squad"]) == 1
    assert trial.told() == 1


def test_a_message_that_names_nobody_takes_the_version_of_the_units_of_who_sends_it(trial):
    def sender(name):
        groups = frozenset({"process_owner"})
        who = person(trial.ids[name])
        return replace(who, groups=groups, agency_id=trial.ids["agency"])

    assert trial.told(actor=sender("dedi")) == 2
    assert trial.told(actor=sender("eko")) == 1
    assert trial.told(actor=sender("dedi"), unit_id=trial.ids["pusat"]) == 1


def test_a_published_message_and_a_signal_start_the_same_versions_in_the_background(trial):
    for unit in ("biro", "pusat"):
        command = PublishMessage(name="told", variables={"unit_id": trial.ids[unit]})
        messages.publish_message(trial.house, trial.owner, command)
        trial.work()
        named = {"unit_id": trial.ids[unit]}
        messages.broadcast_signal(trial.house, trial.owner, "heard", named)
        trial.work()
    assert trial.started() == [2, 2, 1, 1]


def test_a_message_kept_for_a_key_that_lives_starts_its_own_version_when_that_ends(trial):
    assert trial.told("k", unit_id=trial.ids["pusat"]) == 1
    named = {"unit_id": trial.ids["biro"]}
    kept = PublishMessage(name="told", correlation_key="k", variables=named, time_to_live_ms=10**6)
    messages.publish_message(trial.house, trial.owner, kept)
    trial.work()
    assert trial.started() == [1]
    with trial.house.writing() as uow:
        [row] = uow.work_list.instances(process_id="P")
        [task] = uow.processes.open_tasks(int(row["key"]))
        trial.house.runner.complete_task(uow, task.key, {}, trial.owner)
        uow.commit()
    assert trial.started() == [1, 2]


def test_the_start_is_the_one_that_the_tried_version_draws_for_the_message(place):
    trial = Trial(place, message="Asked")
    assert trial.told(unit_id=trial.ids["biro"]) == 2
    with trial.house.reading() as uow:
        [row] = uow.work_list.instances(process_id="P")
        begun = [one["element_id"] for one in uow.work_list.history(int(row["key"]))]
    assert "Asked" in begun


def test_a_tried_version_without_that_start_leaves_the_message_to_the_version_of_all(place):
    trial = Trial(place, listens=False)
    assert trial.told(unit_id=trial.ids["biro"]) == 1


def test_a_tried_version_that_is_held_is_not_started_by_a_message_either(trial):
    held = definition_acts.HoldVersion(key=trial.versions()[2], reason="stop")
    definition_acts.hold_version(trial.house, trial.owner, held)
    with pytest.raises(Conflict, match="nobody may start"):
        trial.told(unit_id=trial.ids["biro"])
    assert trial.told(unit_id=trial.ids["pusat"]) == 1


def test_when_the_trial_ends_everybody_takes_the_version(trial):
    command = definition_acts.PilotVersion(key=trial.versions()[2], unit_ids=None, reason="all")
    definition_acts.pilot_version(trial.house, trial.owner, command)
    assert trial.told(unit_id=trial.ids["pusat"]) == 2

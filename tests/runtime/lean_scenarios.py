"""`python lean_scenarios.py FOLDER`: schedules of human tasks that nobody here wrote, as JSON.

The schedules hold no answers. Right is one whose commands are all accepted until the instance is
over, except a command on a task that is done, gone or not yet there: that one is refused and
changes nothing. Where another engine left evidence, open tasks, variables and the end of the
instance agree with it after each command.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from engine.usecases.errors import UseCaseError
from engine.usecases.ports.process import InstanceStatus
from tests.runtime.lean_drawings import KEY, converted
from tests.runtime.play import ANI, Stage

#: commands that the kit means to be refused
_REFUSED = ("stale", "wrong-activation")


class Play:
    """One schedule on a stage of its own."""

    def __init__(self, scenario, folder):
        drawing, self.messages = converted((folder / scenario["bpmn"]["relativePath"]).read_bytes())
        self.stage = Stage()
        self.stage.deploy(drawing)

    def does(self, stimulus):
        """Whether the command was accepted."""
        try:
            getattr(self, stimulus["kind"])(stimulus)
        except UseCaseError:
            return False
        self.stage.deliver_jobs()
        return True

    def startProcess(self, stimulus):  # noqa: N802 - the kit's word
        self.stage.start(stimulus["processId"], **_values(stimulus["initialVariables"]))

    def triggerMessageStart(self, stimulus):  # noqa: N802
        self._publish(stimulus)

    def triggerTimerStart(self, _stimulus):  # noqa: N802
        rows = list(self.stage.tables.subscriptions.values())
        (row,) = [r for r in rows if r.instance_key is None and r.due_at is not None]
        self.stage.clock.at = row.due_at
        self.stage.do(lambda uow: self.stage.runner.fire_due_start(uow, row))

    def completeUserTaskInstance(self, stimulus):  # noqa: N802
        key = self._meant(self.stage.tables.tasks, stimulus["taskId"])
        self.stage.complete_key(key, **_values(stimulus["submittedValues"]))

    def fireTimer(self, _stimulus):  # noqa: N802
        before = len(self.stage.tables.told)
        self.stage.pass_time(seconds=1)
        if len(self.stage.tables.told) == before:
            raise UseCaseError("no timer was due")

    def deliverMessage(self, stimulus):  # noqa: N802
        self._publish(stimulus)

    def completeEffect(self, stimulus):  # noqa: N802
        result, runner = stimulus["result"], self.stage.runner
        key, given = self._job(stimulus["effectId"]), _values(result["localPatch"])
        if result["kind"] == "success":
            self.stage.do(lambda uow: runner.complete_worker_job(uow, key, given, ANI))
        else:
            code, text = result["code"], result["message"]
            self.stage.do(lambda uow: runner.throw_worker_error(uow, key, code, text, given, ANI))

    def reportEffectFailure(self, stimulus):  # noqa: N802
        key = self._job(stimulus["effectId"])
        self.stage.do(lambda uow: self.stage.runner.fail_worker_job(uow, key, "it failed", ANI))

    def retryIncident(self, _stimulus):  # noqa: N802
        (incident,) = self.stage.incidents()
        self.stage.retry(incident.instance_key)

    def cancelIncidentProcess(self, _stimulus):  # noqa: N802
        (incident,) = self.stage.incidents()
        self.stage.cancel(incident.instance_key)

    def _publish(self, stimulus):
        if not self.stage.publish(self.messages[stimulus["channel"]["messageId"]], KEY):
            raise UseCaseError("nobody waits for the message")

    def _job(self, meant):
        return self._meant(self.stage.tables.jobs, {**meant, "activation": 1})

    @staticmethod
    def _meant(rows, meant):
        """Key of the so-manieth task of an element; one that never was is no task."""
        ours = sorted(k for k, row in rows.items() if row.element_id == meant["elementId"])
        if len(ours) < meant["activation"]:
            raise UseCaseError("there is no such task")
        return ours[meant["activation"] - 1]

    def state(self):
        """What can be seen from outside."""
        roots = [r for r in self.stage.tables.instances.values() if r.parent_key is None]
        return {
            "tasks": sorted(t.element_id for t in self.stage.open_tasks()),
            "running": sum(r.status is InstanceStatus.ACTIVE for r in roots),
            "variables": self.stage.variables(roots[0].key) if roots else {},
        }


def judged(path, folder):
    """One schedule: right or what is wrong with it."""
    scenario = json.loads(path.read_text())
    evidence, play = _evidence(path, scenario), Play(scenario, folder)
    refused = False
    following = [stimulus["kind"] for stimulus in scenario["stimuli"][1:]] + [""]
    for stimulus, then in zip(scenario["stimuli"], following, strict=True):
        command, before = stimulus["commandId"], play.state()
        wanted = not any(word in command for word in _REFUSED)
        if play.does(stimulus) != wanted:
            return f"{command} was {'refused' if wanted else 'accepted'}"
        refused = refused or not wanted
        if not wanted and play.state() != before:
            return f"{command} was refused and changed something"
        # the other engine runs an effect within the command before
        fault = "" if then == "completeEffect" else _differs(play.state(), evidence.get(command))
        if fault:
            return f"after {command}: {fault}"
    left = play.state()
    if not refused and left["running"]:
        return f"the instance is not over: {left['tasks']}"
    return ""


def _evidence(path, scenario):
    """What another engine left after each command, where it is in the kit."""
    found = {}
    for file in path.parent.glob("*evidence.json"):
        told = json.loads(file.read_text())
        if told.get("scenario", {}).get("id") != scenario["id"]:
            continue
        seen = told.get("producerObservations", {})
        for query in seen.get("stateQueries", ()):
            found.setdefault(query["afterCommandId"], {})["state"] = query
        for query in seen.get("taskQueries", ()):
            found.setdefault(query["afterCommandId"], {})["tasks"] = query["tasks"]
    return found


def _differs(state, evidence):
    if evidence is None:
        return ""
    tasks = evidence.get("tasks")
    if tasks is not None and sorted(t["elementId"] for t in tasks) != state["tasks"]:
        return f"open are {state['tasks']}, not {tasks}"
    query = evidence.get("state")
    if query is not None and bool(query.get("processInstanceCount")) != bool(state["running"]):
        return "the instance is over for one of the two engines"
    for one in (query or {}).get("variables", ()):
        if state["variables"].get(one["name"]) != one["value"]:
            return f"{one['name']} is {state['variables'].get(one['name'])!r}, not {one['value']!r}"
    return ""


def _values(given):
    return {item["name"]: item["value"].get("value") for item in given}


def main(words):
    """All schedules of the kit, with their faults."""
    folder = Path(words[0])
    found = []
    for path in sorted((folder / "scenarios").rglob("*scenario.json")):
        source = json.loads(path.read_text())["bpmn"]["relativePath"]
        if not (folder / source).is_file():
            continue
        try:
            fault = judged(path, folder)
        except UseCaseError as refused:
            fault = "; ".join((str(refused), *getattr(refused, "__notes__", ())))
        name = str(path.relative_to(folder / "scenarios"))
        found.append({"scenario": name, "family": path.parent.name, "fault": fault})
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])

"""betsy's door: `betsy_run.py --callable betsy_adapter:run --dialect feel`.

The runtime on the store in memory with a clock that is moved: nothing waits. What a script should
log is a question in FEEL that the house hears; work that lasts is a job of an outside worker.
PYTHONPATH needs this folder and the tree.
"""

from __future__ import annotations

from datetime import timedelta

from engine.feel import HostFunction
from engine.usecases.errors import DrawingRefused
from engine.usecases.ports.process import InstanceStatus
from engine.usecases.ports.runner import BpmnErrorThrown
from tests.runtime.betsy_feel import FAIL, LASTING, feel
from tests.runtime.play import ANI, Stage

#: how long a job that lasts takes
_LASTS = timedelta(seconds=10)
#: rounds of delivering after which a process is called endless
_ROUNDS = 200
#: what stays open in the kit's drawings is no failure: a join for which nothing comes
_WAITS = "stall"
_ERRORS = {"uncaught-error": "ERROR_thrownErrorEvent"}


def run(case, xml, tokens, _scale):
    """Play one case; the trace as the kit judges it."""
    game = _Game(case)
    drawn = feel(xml, tokens, withheld=not case["expect"])
    try:
        game.stage.deploy((case["file"].rpartition("/")[2], drawn))
    except DrawingRefused as refused:
        found = [f for f in refused.findings if f.severity == "error"]
        why = "; ".join(f"[{f.code}] {f.element_id}: {f.message}" for f in found)
        return {"trace": ["ERROR_deployment"], "why": why}
    return game.play()


class _Game:
    """One case: a stage, what was logged, and the jobs that take their time."""

    def __init__(self, case):
        self.case = case
        self.trace = []
        self.marked = False
        #: moments at which lasting jobs began and ended, by job
        self.spans = {}
        self.stage = Stage(
            operations={FAIL: self._fail},
            functions={
                "betsy_log": HostFunction("betsy_log", ("token",), self._log),
                "betsy_data": HostFunction("betsy_data", ("value",), self._data),
            },
        )

    def _log(self, token):
        if token == "CREATE_MARKER_FILE":  # noqa: S105 - the kit calls its words tokens
            self.marked = True
        else:
            self.trace.append(token)
        return True

    def _data(self, value):
        if value == "String":
            self.trace.append("DATA_correct")
        return True

    @staticmethod
    def _fail(_call):
        raise BpmnErrorThrown("ERR_CODE", "thrown by a script", {})

    def play(self):
        """Start it (after its partner), move the clock to the end of the case, and look."""
        stage, case = self.stage, self.case
        until = stage.clock.now() + timedelta(milliseconds=case["delay_ms"] + 1000)
        given = {"integerVariable": case["integerVariable"], "testCaseNumber": case["n"]}
        if case["test"] is not None:
            given["test"] = case["test"]
        if case["parallel"]:
            stage.start("ParallelProcess", **given)
            self._settle()
        stage.start(case["process"], **given)
        self._settle()
        while (moment := self._next()) is not None and moment <= until:
            stage.clock.at = max(moment, stage.clock.at)
            self._work()
            self._settle()
        return self._result()

    def _settle(self):
        """Deliver until nothing moves."""
        for _ in range(_ROUNDS):
            self.stage.work_due()
            for job in self._lasting():
                self.spans.setdefault(job, (self.stage.clock.now(), None))
            if not self.stage.tables.enqueued:
                return
            self.stage.deliver_jobs()

    def _lasting(self):
        return [k for k, job in self.stage.tables.jobs.items() if job.type == LASTING]

    def _next(self):
        rows = self.stage.tables.instances.values()
        due = [r.due_at for r in rows if r.status is InstanceStatus.ACTIVE and r.due_at]
        due += [self.spans[job][0] + _LASTS for job in self._lasting()]
        return min(due, default=None)

    def _work(self):
        """Jobs that have lasted long enough are done."""
        stage, now = self.stage, self.stage.clock.now()
        stage.work_due()
        for job in self._lasting():
            begun, _ = self.spans.setdefault(job, (now, None))
            if begun + _LASTS <= now:
                self.spans[job] = begun, now
                stage.do(lambda uow, job=job: stage.runner.complete_worker_job(uow, job, {}, ANI))

    def _result(self):
        stage, trace = self.stage, list(self.trace)
        why = []
        for incident in stage.incidents():
            why.append(f"{incident.kind} at {incident.element_id}: {incident.message}")
            if incident.kind != _WAITS:
                trace.append(_ERRORS.get(incident.kind, "ERROR_runtime"))
        if self.marked and "MARKER_exists" in self.case["expect"]:
            trace.append("MARKER_exists")
        ended = [span for span in self.spans.values() if span[1] is not None]
        if len(ended) > 1 and max(s[0] for s in ended) < min(s[1] for s in ended):
            trace.append("EXECUTION_parallel")
        state = {r.process_id: r.status.value for r in stage.tables.instances.values()}
        return {"trace": trace, "why": f"{'; '.join(why)} {state}"}

from __future__ import annotations

from engine.persistence.jobs.table import Worker
from engine.usecases import references


def _enqueue(units, key):
    with units.writing() as uow:
        uow.jobs.enqueue("effect", key, {})
        uow.commit()


def test_a_job_and_the_jobs_it_causes_run_under_the_reference_of_the_request(units):
    seen = []

    def effect(uow, _args):
        seen.append(("effect", references.current()))
        uow.jobs.enqueue("second", "of it", {})

    def second(_uow, _args):
        seen.append(("second", references.current()))

    with references.under("request-7"):
        _enqueue(units, "1")
    Worker(units, {"effect": effect, "second": second}).run_until_idle()
    assert seen == [("effect", "request-7"), ("second", "request-7")]
    assert references.current() is None


def test_work_that_nobody_asked_for_has_no_reference(units):
    seen = []
    _enqueue(units, "1")
    with references.under("of another job"):
        Worker(
            units, {"effect": lambda _uow, _args: seen.append(references.current())}
        ).run_until_idle()
    assert seen == [None]

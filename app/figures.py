"""Figures of this process for Prometheus, in a registry of its own.

One process serves (`regu serve` has threads, no children), so each counts what it did itself: take
the sum. About what waits in the database (`regu_jobs`, `regu_timers_due` and so on) every process
says the same: take the maximum.
"""

from __future__ import annotations

import logging
import platform
import time
from typing import TYPE_CHECKING, Any, Final

from flask import g, request
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from app.beats import program_version
from engine.persistence.migrate import head_revision
from engine.persistence.stock import Stock, stock
from engine.usecases import reach

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from flask import Flask
    from prometheus_client.core import Metric
    from werkzeug import Response

    from app.wiring import Wired

log = logging.getLogger("regu.figures")

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_LOOKING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Figures:
    """What this process did, and on demand what waits."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # published without types
        self.registry = CollectorRegistry(auto_describe=False)
        self._requests = Counter(
            "regu_http_requests",
            "Answers by route, method and status",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "regu_http_request_seconds",
            "How long answers took",
            ("route", "method"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._commits = Counter(
            "regu_commits", "Transactions that wrote and were committed", registry=self.registry
        )
        self._turns = Histogram(
            "regu_write_gate_wait_seconds",
            "How long writers waited for their turn (SQLite)",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._jobs = Counter(
            "regu_job_runs",
            "Runs of job handlers: done, chunk (more to do), failed or given_up",
            ("kind", "outcome"),
            registry=self.registry,
        )
        Info("regu_build", "What runs", registry=self.registry).info(
            {
                "version": program_version(),
                "python": platform.python_version(),
                "schema": head_revision() or "",
            }
        )

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """One answer; `route` is the template, so that no id becomes a series of its own."""
        named = method if method in _METHODS else "other"
        self._requests.labels(route, named, str(status)).inc()
        self._seconds.labels(route, named).observe(seconds)

    def job(self, kind: str, outcome: str) -> None:
        """One run of a handler."""
        self._jobs.labels(kind, outcome).inc()

    def watch(self, wired: Wired) -> None:
        """Follow the database of a house: commits, turns, pools and what waits."""
        database = wired.database
        event.listen(database.writing, "commit", lambda _connection: self._commits.inc())
        if database.gate is not None:
            database.gate.on_turn = self._turns.observe
        pools = {"writing": database.writing.pool}
        if database.reading.pool is not database.writing.pool:
            pools["reading"] = database.reading.pool
        used = Gauge("regu_pool_connections_used", "In use now", ("pool",), registry=self.registry)
        for name, pool in pools.items():
            used.labels(name).set_function(getattr(pool, "checkedout", lambda: 0))
        self.registry.register(_Waiting(wired))

    def text(self) -> bytes:
        """All figures in the text format."""
        return generate_latest(self.registry)


def count(app: Flask, figures: Figures) -> None:
    """Count each answer of an application, and log those to requests that may change something."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        rule = request.url_rule
        seconds = time.perf_counter() - g.get("began", time.perf_counter())
        name = rule.rule if rule else "none"
        figures.request(name, request.method, response.status_code, seconds)
        if request.method not in _LOOKING:
            log.info("answered %d in %.0f ms", response.status_code, seconds * 1000)
        return response


class _Waiting:
    """What waits in the database, asked when somebody looks."""

    def __init__(self, wired: Wired) -> None:
        self._wired = wired

    def describe(self) -> Iterable[Metric]:
        """Nothing is asked of the database to register."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """One reading for all of them."""
        clock = self._wired.house.clock
        now, real_now = clock.now(), clock.real_now()
        up = GaugeMetricFamily("regu_database_up", "1: the database answers")
        try:
            with reach.everywhere(), self._wired.units.reading() as uow:
                found = stock(uow.connection, now)
        except SQLAlchemyError:
            up.add_metric((), 0)
            yield up
            return
        up.add_metric((), 1)
        yield up
        yield _jobs(found.jobs)
        for name, words, value in _plain(found, now, real_now):
            yield GaugeMetricFamily(name, words, value)


def _jobs(jobs: Mapping[tuple[str, str], int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(
        "regu_jobs", "Background jobs in the database", labels=("kind", "state")
    )
    for (kind, state), number in sorted(jobs.items()):
        family.add_metric((kind, state), number)
    return family


def _plain(found: Stock, now: datetime, real_now: datetime) -> tuple[tuple[str, str, float], ...]:
    job_s = _age(found.oldest_job_at, real_now)
    timer_s, letter_s = _age(found.first_timer_at, now), _age(found.oldest_letter_at, now)
    return (
        ("regu_oldest_job_seconds", "Age of the oldest waiting job", job_s),
        ("regu_timers_due", "Instances and start events with a timer due", found.timers_due),
        ("regu_timer_late_seconds", "How late the first due timer is", timer_s),
        ("regu_outbox_waiting", "Letters that wait", found.letters),
        ("regu_outbox_oldest_seconds", "Age of the oldest letter", letter_s),
        ("regu_incidents_open", "Incidents nobody resolved yet", found.incidents),
    )


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max((now - since).total_seconds(), 0.0)


def watched(figures: Figures, handlers: Mapping[str, Any]) -> dict[str, Any]:
    """The same handlers, with each run counted by its kind."""
    kinds: dict[str, Any] = {}
    for kind, handler in handlers.items():
        of_long_work = hasattr(handler, "gave_up")
        kinds[kind] = (_WatchedLong if of_long_work else _Watched)(figures, kind, handler)
    return kinds


class _Watched:
    """A job handler whose runs are counted."""

    def __init__(self, figures: Figures, kind: str, handler: Any) -> None:
        self._figures, self._kind, self._handler = figures, kind, handler

    def __call__(self, uow: Any, args: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The run itself; what is counted as done may still be undone by its commit."""
        outcome = "failed"
        try:
            rest: Mapping[str, Any] | None = self._handler(uow, args)
            outcome = "done" if rest is None else "chunk"
        finally:
            self._figures.job(self._kind, outcome)
            log.info("job %s: %s", self._kind, outcome)
        return rest


class _WatchedLong(_Watched):
    """The same for long work, which prepares outside of the transaction."""

    def prepare(self, args: Mapping[str, Any], renew: Any) -> Mapping[str, Any]:
        """What the handler prepares."""
        prepared: Mapping[str, Any] = self._handler.prepare(args, renew)
        return prepared

    def gave_up(self, uow: Any, args: Mapping[str, Any], told: str) -> None:
        """It was set aside."""
        self._figures.job(self._kind, "given_up")
        self._handler.gave_up(uow, args, told)

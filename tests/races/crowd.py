"""Sixteen clients of the real house at one moment: four processes of four threads each."""

from __future__ import annotations

import multiprocessing
import pickle
import threading
from dataclasses import dataclass

from app import wiring
from engine.usecases.errors import UseCaseError
from tests.crash.stage import settings_of

PROCESSES, THREADS = 4, 4
CLIENTS = PROCESSES * THREADS
#: seconds after which a crowd that stands still is a failure
_PATIENCE_S = 120


@dataclass(frozen=True)
class Refused:
    """A use case said no: the name of its error and what it told."""

    kind: str
    facts: dict

    @classmethod
    def by(cls, error):
        return cls(
            type(error).__name__, {k: str(v) for k, v in getattr(error, "facts", {}).items()}
        )


def attempt(act, *args):
    """What the act returns, or how it was refused; any other error ends the client."""
    try:
        return act(*args)
    except UseCaseError as error:
        return Refused.by(error)


def crowd(url, work, *, processes=PROCESSES, threads=THREADS):
    """Results of `work(wired, client)`, by client; each process wires a house of its own."""
    context = multiprocessing.get_context("fork")
    start = context.Barrier(processes * threads)
    told = []
    for number in range(processes):
        ear, mouth = context.Pipe(duplex=False)
        clients = range(number * threads, (number + 1) * threads)
        child = context.Process(target=_process, args=(url, work, clients, start, mouth))
        child.start()
        mouth.close()
        told.append((child, ear))
    results = []
    for child, ear in told:
        assert ear.poll(_PATIENCE_S), "the clients stand still"
        results += pickle.loads(ear.recv_bytes())  # noqa: S301 - from our own child
        child.join(_PATIENCE_S)
    faults = [fault for _, fault in results if fault is not None]
    assert not faults, faults[:3]
    return [result for result, _ in results]


def _process(url, work, clients, start, mouth):
    """All clients of one process, each in a thread."""
    wired = wiring.wire(settings_of(url))
    results = {}

    def run(client):
        try:
            start.wait(_PATIENCE_S)
            results[client] = (work(wired, client), None)
        except BaseException as error:  # noqa: BLE001 - the parent fails with it
            results[client] = (None, repr(error))

    threads = [threading.Thread(target=run, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    mouth.send_bytes(pickle.dumps([results[client] for client in clients]))
    wired.close()

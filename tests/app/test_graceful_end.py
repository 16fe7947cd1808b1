"""A real `regu serve` that is told to end while requests are at hand."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: answers slowly enough to be at hand when the word to end comes
SLOW = """
import sys, time
from app import cli, factory
import app.serving
made = factory.create_app
def create_app(*args, **kept):
    app = made(*args, **kept)
    def slow(seconds):
        time.sleep(seconds)
        return "x" * 200_000
    slow.public = True
    app.add_url_rule("/slow/<float:seconds>", "slow", slow)
    return app
app.serving.create_app = create_app
if "hasty" in sys.argv:
    app.serving.Served._let_go = lambda self: self._empty.set()
sys.exit(cli.main(["serve"]))
"""


@contextmanager
def serving(sqlite_template, tmp_path, *words, **settings):
    (tmp_path / "regu.db").write_bytes(sqlite_template.read_bytes())
    environment = {**os.environ, "REGU_DATA_DIR": str(tmp_path), "REGU_PORT": "0", **settings}
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        said = process.stdout.readline()
        yield process, int(said.strip().rstrip("/").rpartition(":")[2])
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def ask(port, path, *, sent=None):
    """The whole answer to one request on a connection of its own; b"" when it was cut off."""
    try:
        connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    except ConnectionRefusedError:
        return None
    with connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        if sent is not None:
            sent.set()
        return _read(connection)


def _read(connection):
    answer = b""
    while b"\r\n\r\n" not in answer:
        piece = connection.recv(65_536)
        if not piece:
            return b""
        answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    wanted = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(body) < wanted:
        piece = connection.recv(65_536)
        if not piece:
            return b""
        body += piece
    return head + b"\r\n\r\n" + body


def _end_under_requests(process, port, kept=None):
    """All answers to requests around the word to end; `kept`: a connection opened long before."""
    answers, sent = [], threading.Event()
    at_hand = threading.Event()

    def slow():
        answers.append(ask(port, "/slow/1.0", sent=at_hand))

    def many():
        while (answer := ask(port, "/healthz")) is not None:
            answers.append(answer)
            sent.set()

    # 12 slow ones for 8 threads: some wait for their turn when the word comes
    threads = [threading.Thread(target=slow) for _ in range(12)]
    threads += [threading.Thread(target=many) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert sent.wait(30)
    assert at_hand.wait(30)
    process.send_signal(signal.SIGTERM)
    if kept is not None:
        kept.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answers.append(_read(kept))
    for thread in threads:
        thread.join(30)
    return answers


def test_every_request_that_was_taken_is_answered_whole(sqlite_template, tmp_path):
    with serving(sqlite_template, tmp_path) as (process, port):
        kept = socket.create_connection(("127.0.0.1", port), timeout=30)
        answers = _end_under_requests(process, port, kept)
        kept.close()
        assert process.wait(30) == 0
    assert sum(answer.endswith(b"x" * 200_000) for answer in answers) == 12
    assert all(answer.startswith(b"HTTP/1.1 200") for answer in answers)


@pytest.mark.long
def test_the_harness_sees_answers_that_a_hasty_end_breaks(sqlite_template, tmp_path):
    with serving(sqlite_template, tmp_path, "hasty") as (process, port):
        answers = _end_under_requests(process, port)
    assert not all(answer for answer in answers)


@pytest.mark.parametrize(
    "how", ["time is over", pytest.param("told twice", marks=pytest.mark.long)]
)
def test_an_end_that_takes_too_long_is_bounded(sqlite_template, tmp_path, how):
    seconds = "1" if how == "time is over" else "30"
    with serving(sqlite_template, tmp_path, REGU_STOP_SECONDS=seconds) as (process, port):
        sent = threading.Event()
        answers = []
        asking = threading.Thread(
            target=lambda: answers.append(ask(port, "/slow/60.0", sent=sent)), daemon=True
        )
        asking.start()
        assert sent.wait(30)
        assert ask(port, "/healthz")  # the slow one came first and has its thread
        process.send_signal(signal.SIGTERM)
        if how == "told twice":
            while ask(port, "/healthz") is not None:
                pass
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == -signal.SIGTERM
        else:
            assert process.wait(25) == 0
        asking.join(10)
        assert answers == [b""]

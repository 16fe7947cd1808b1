"""Requests whose end can be read in two ways (RFC 9112 section 6.3; ASVS 5 4.2.1).

A proxy that reads them one way and Regu that reads them the other would let one visitor write the
beginning of the next one's request. Refused or read whole, nothing may stay on the connection.
"""

from __future__ import annotations

import re
import socket

import pytest
from flask import Flask, request

from app.serving import Served

HIDDEN = "GET /hidden HTTP/1.1\r\nHost: regu\r\n\r\n"


@pytest.fixture(scope="module")
def asked():
    """Paths and bodies that reached the application."""
    return []


@pytest.fixture(scope="module")
def port(asked):
    app = Flask(__name__)

    @app.route("/", defaults={"path": ""}, methods=["GET", "POST"])
    @app.route("/<path:path>", methods=["GET", "POST"])
    def any_page(path):
        asked.append((path, request.get_data()))
        return "read"

    served = Served(app, host="127.0.0.1", port=0, threads=2)
    yield served.port
    served.close()


def told(port, *lines, body="", version="1.1"):
    """All that comes back, until the server hangs up."""
    head = [f"POST /open HTTP/{version}", "Host: regu", *lines, "", ""]
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall("\r\n".join(head).encode() + body.encode())
        line.shutdown(socket.SHUT_WR)
        parts = []
        while part := line.recv(65_536):
            parts.append(part)
    return b"".join(parts)


def answers(told):
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", told)]


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 0", "Content-Length: 44"),
        ("Content-Length: 0, 44",),
        ("Content-Length: +0",),
        ("Content-Length: -1",),
        ("Content-Length: 0x0",),
        ("Content-Length : 0",),
        ("Content-Length: 0\nX: y",),
        ("Transfer-Encoding: xchunked",),
        ("Transfer-Encoding: gzip, chunked",),
        ("Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
        ("Transfer-Encoding: \x0bchunked",),
        ("Content-Length: 0", "X\x00: y"),
    ],
    ids=repr,
)
def test_a_length_that_can_be_read_in_two_ways_ends_the_connection(port, asked, lines):
    asked.clear()
    found = told(port, *lines, body=HIDDEN)
    assert ("hidden", b"") not in asked
    assert answers(found) in ([400], [501])


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("kept", [(), ("Connection: keep-alive",)], ids=["", "kept"])
def test_chunks_beside_a_length_end_the_connection(port, asked, version, kept):
    asked.clear()
    both = ("Content-Length: 4", "Transfer-Encoding: chunked", *kept)
    found = told(port, *both, body="3\r\nabc\r\n0\r\n\r\n" + HIDDEN, version=version)
    assert asked == []
    assert answers(found) == [400]


def test_chunks_in_the_older_protocol_end_the_connection(port, asked):
    asked.clear()
    kept = ("Transfer-Encoding: chunked", "Connection: keep-alive")
    found = told(port, *kept, body="0\r\n\r\n" + HIDDEN, version="1.0")
    assert asked == []
    assert answers(found) == [400]


def test_chunks_alone_are_read(port, asked):
    asked.clear()
    assert answers(told(port, "Transfer-Encoding: chunked", body="3\r\nabc\r\n0\r\n\r\n")) == [200]
    assert asked == [("open", b"abc")]


@pytest.mark.parametrize(
    "body",
    [
        "3\nabc\r\n0\r\n\r\n",
        "-1\r\nabc\r\n0\r\n\r\n",
        "0x3\r\nabc\r\n0\r\n\r\n",
        "3\r\nabcd\r\n0\r\n\r\n",
    ],
    ids=repr,
)
def test_broken_chunks_end_the_connection(port, asked, body):
    asked.clear()
    found = told(port, "Transfer-Encoding: chunked", body=f"{body}\r\n\r\n{HIDDEN}")
    assert ("hidden", b"") not in asked
    assert answers(found) == [400]


def test_two_whole_requests_are_both_answered(port, asked):
    """The harness sees what follows: here it may."""
    asked.clear()
    found = told(port, "Content-Length: 3", body="abc" + HIDDEN)
    assert asked == [("open", b"abc"), ("hidden", b"")]
    assert answers(found) == [200, 200]

"""The one client that goes out keeps its bounds and says whether what was asked may be done."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager

import pytest

from app.outgoing import Asked, Bounds, Broken, Outgoing, Unsent

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"


@contextmanager
def answering(write):
    """Somebody on loopback who answers each request by `write(connection)`; his place."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve():
            while True:
                try:
                    connection, _ = door.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65_536)
                    try:
                        write(connection)
                    except OSError:
                        continue

        threading.Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{door.getsockname()[1]}"
        door.shutdown(socket.SHUT_RDWR)


def client(*hosts, **changes):
    bounds = {"connect_s": 1.0, "answer_s": 0.4, "bytes_max": 5_000, "setting": "REGU_THERE"}
    return Outgoing(Bounds(**{**bounds, **changes, "hosts": frozenset(hosts)}))


def asked(url):
    return Asked(method="POST", url=url, body=b"{}")


def test_a_body_that_drips_is_cut_off_in_time():
    """Each byte comes within the time for a wait; all of them would take hours."""
    over = threading.Event()

    def drip(connection):
        connection.sendall(HEAD)
        while not over.wait(0.05):
            connection.sendall(b" ")

    with answering(drip) as place:
        began = time.monotonic()
        with pytest.raises(Broken, match="too slow"):
            client(place).ask(asked(f"http://{place}/"))
        assert time.monotonic() - began < 30
        over.set()


def test_more_bytes_than_the_bound_are_not_read():
    with (
        answering(lambda one: one.sendall(HEAD + b" " * 100_000)) as place,
        pytest.raises(Broken, match="5000 bytes"),
    ):
        client(place).ask(asked(f"http://{place}/"))


def test_an_answer_is_read_whole():
    head = b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n"
    body = head + b"2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n"
    with answering(lambda one: one.sendall(body)) as place:
        answer = client(place).ask(asked(f"http://{place}/"))
    assert (answer.status, answer.content) == (201, b"abcde")


@pytest.mark.parametrize("said", [b"", b"no HTTP", HEAD + b"half"])
def test_who_hangs_up_may_have_done_it(said):
    with answering(lambda one: one.sendall(said)) as place, pytest.raises(Broken):
        client(place).ask(asked(f"http://{place}/"))


def test_what_never_left_says_so():
    """Nobody listens, nobody has the name, and what is outside the bounds."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        closed = f"127.0.0.1:{door.getsockname()[1]}"
    nobody = "nobody.invalid"
    for url in (f"http://{closed}/", f"https://{nobody}/", f"http://{nobody}/", "ftp://x/"):
        with pytest.raises(Unsent):
            client(closed, nobody, "x").ask(asked(url))
    with pytest.raises(Unsent, match="outside REGU_THERE"):
        client(closed).ask(asked("https://elsewhere.example/"))


def test_a_private_address_is_asked_where_the_settings_allow_it(monkeypatch):
    """Without TLS at the other end the connection breaks; but it stood."""
    with answering(lambda one: one.sendall(b"no TLS")) as place:
        named = f"inside.example:{place.partition(':')[2]}"
        real = socket.getaddrinfo
        monkeypatch.setattr(
            socket,
            "getaddrinfo",
            lambda host, *rest, **more: real(
                "127.0.0.1" if host == "inside.example" else host, *rest, **more
            ),
        )
        with pytest.raises(Broken):
            client(named, private=True).ask(asked(f"https://{named}/"))
        with pytest.raises(Unsent):
            client(named).ask(asked(f"https://{named}/"))

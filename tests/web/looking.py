"""What browser tests share: an application on a port, signing in, faults of a page."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from werkzeug.serving import WSGIRequestHandler, make_server

#: nothing is fetched beside the page, and only what is wrong is told
OPTIONS = {"resultTypes": ["violations"], "preload": False}
#: how long a page has to become what is waited for, as the driver itself waits
PATIENCE_S = 30
#: its program, put into a page once
AXE = Axe().axe_script


class Quiet(WSGIRequestHandler):
    """Logs nothing: what is asked for is seen in the browser."""

    def log(self, *_args):
        pass


def closed(app):
    """The application, its answers closed also when a browser goes before they are sent.

    The server reads what is left of the request first, and forgets the answer if that fails.
    """

    def answer(environ, start):
        body = app(environ, start)
        try:
            yield from body
        finally:
            getattr(body, "close", lambda: None)()

    return answer


@contextmanager
def on_a_port(app):
    """The application served on a free port; its address."""
    served = closed(app)
    server = make_server("127.0.0.1", 0, served, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def sign_in(page, login, password):
    page.goto("/masuk")
    page.fill("#login", login)
    page.fill("#password", password)
    page.click("main button.button")
    page.wait_for_url(lambda url: "/masuk" not in url)


def until(page, expression, arg=None):
    """Wait until an expression, or what a function answers to `arg`, is true in the page.

    The driver's own wait evaluates text inside the page, which the pages' policy forbids: it
    passes only where the first look already finds the truth. Asked from here, nothing is forbidden.
    """
    last = time.monotonic() + PATIENCE_S
    while not page.evaluate(expression, arg):
        assert time.monotonic() < last, f"not within {PATIENCE_S} s: {expression}"
        page.wait_for_timeout(20)


def grave(page, *, within=None, only=None, **rules):
    """Rule and elements of each serious or critical finding of axe; `rules` beside its own.

    `within`: a selector of what is looked at; `only`: names of rules, and no others.
    """
    options = {**OPTIONS, "rules": rules}
    if only is not None:
        options["runOnly"] = {"type": "rule", "values": list(only)}
    if page.evaluate("!window.axe"):
        page.evaluate(AXE)
    asked = "([within, options]) => axe.run(within ?? document, options)"
    found = page.evaluate(asked, [within, options])
    return [
        (one["id"], [node["html"][:140] for node in one["nodes"]])
        for one in found["violations"]
        if one["impact"] in {"serious", "critical"}
    ]


def overflow(page):
    """By how many pixels the page is wider than its window."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )

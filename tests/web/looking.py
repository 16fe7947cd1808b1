"""What browser tests share: an application on a port, signing in, faults of a page."""

from __future__ import annotations

import threading
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from werkzeug.serving import WSGIRequestHandler, make_server

#: nothing is fetched beside the page, and only what is wrong is told
OPTIONS = {"resultTypes": ["violations"], "preload": False}
#: its program, put into a page once
AXE = Axe().axe_script


class Quiet(WSGIRequestHandler):
    """Logs nothing: what is asked for is seen in the browser."""

    def log(self, *_args):
        pass


@contextmanager
def on_a_port(app):
    """The application served on a free port; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
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

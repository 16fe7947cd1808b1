"""What browser tests use one after the other: one address, and contexts swept in between.

A new context costs a second: a process of its own, fonts, style sheets and scripts read anew.
"""

from __future__ import annotations

import functools

from tests.web.town import PASSWORD

#: answered by the door itself: a page that keeps the process of its site alive
ROOM = "/ruang"
COOKIE = "regu_session"
SIZE = {"width": 1280, "height": 720}
#: what pages may have kept in the browser
SWEEP = """async () => {
  localStorage.clear();
  sessionStorage.clear();
  for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name);
  for (const name of await caches.keys()) await caches.delete(name);
}"""


def let_pages_be_read(monkeypatch, *kinds):
    """Let a click or a key on that kind of thing end when the page it led to is read.

    The driver itself waits until the next page begins: of half a page, half the elements are seen.
    """
    for kind in kinds:
        for name in ("click", "press"):
            monkeypatch.setattr(kind, name, _read(getattr(kind, name)))


def _read(act):
    @functools.wraps(act)
    def acted(thing, *args, **options):
        act(thing, *args, **options)
        page = getattr(thing, "page", thing)
        if not page.is_closed():
            page.wait_for_load_state("domcontentloaded")

    return acted


class Door:
    """The application of the test that runs now, always at one address."""

    def __init__(self):
        self.app = None

    def __call__(self, environ, start):
        if self.app is not None and environ["PATH_INFO"] != ROOM:
            return self.app(environ, start)
        start("200 OK", [("Content-Type", "text/html")])
        return [b"<!doctype html>"]


class Rooms:
    """Contexts by what they were made with, each lent to one login of one test."""

    def __init__(self, browser, address):
        self._browser = browser
        self._address = address
        self._free = {}
        self._lent = []

    def page(self, *, viewport=SIZE, cookie=None, **options):
        """A page of a context in which nobody was before; of somebody signed in, by his cookie."""
        form = repr(sorted(options.items()))
        free = self._free.setdefault(form, [])
        context = free.pop() if free else self._made(options)
        self._lent.append((form, context))
        if cookie is not None:
            known = {"httpOnly": True, "sameSite": "Lax", "url": self._address}
            context.add_cookies([{"name": COOKIE, "value": cookie, **known}])
        page = context.new_page()
        page.set_viewport_size(viewport)
        return page

    def sweep(self):
        """Take back all that were lent, as if nobody had been there."""
        lent, self._lent = self._lent, []
        for form, context in lent:
            keeper, *pages = context.pages
            for page in pages:
                page.close()
            keeper.evaluate(SWEEP)
            context.clear_cookies()
            context.clear_permissions()
            self._free[form].append(context)

    def close(self):
        """Close all."""
        for context in [one for free in self._free.values() for one in free]:
            context.close()

    def _made(self, options):
        context = self._browser.new_context(base_url=self._address, locale="id-ID", **options)
        context.new_page().goto(ROOM)
        return context


def cookie_of(app, login):
    """The session of somebody who signs in without a browser."""
    client = app.test_client()
    token = client.get("/masuk").text.partition('name="csrf_token" value="')[2].partition('"')[0]
    words = {"login": login, "password": PASSWORD, "csrf_token": token, "next": "/tugas"}
    assert client.post("/masuk", data=words).status_code == 303
    return client.get_cookie(COOKIE).value

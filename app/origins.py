"""Whether a request that changes something comes from a page of ours, or from no page at all.

A browser adds a remembered password to requests that other sites make; a form's token does not
help there, because requests with a password need none. `Sec-Fetch-Site`, or `Origin` in a browser
without it, says who made the request, and no script can set them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import Forbidden

if TYPE_CHECKING:
    from flask import Flask

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
#: "none": typed or clicked outside of any page
_OURS: Final = frozenset({"same-origin", "none"})


def register(app: Flask) -> None:
    """Refuse unsafe requests that another site made; programs send neither header."""

    @app.before_request
    def refuse_strangers() -> None:
        if request.method in _SAFE or _ours():
            return
        raise Forbidden("the request was made by another site")


def _ours() -> bool:
    made_by = request.headers.get("Sec-Fetch-Site")
    if made_by is not None:
        return made_by in _OURS
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    known = {request.host, urlsplit(current_app.config["PUBLIC_URL"]).netloc}
    return urlsplit(origin).netloc in known - {""}

"""Security headers and the request's reference number."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from flask import g, request

from engine.usecases import references

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug import Response

#: nothing but our own files; no inline script or style; nobody may frame us
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'"
)

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


def register(app: Flask, *, https: bool) -> None:
    """Number each request, and set the headers on each answer."""

    @app.before_request
    def number() -> None:
        sent = request.headers.get("X-Request-Id", "")
        g.reference = sent if _REQUEST_ID.fullmatch(sent) else secrets.token_hex(8)
        references.begin(g.reference)

    @app.teardown_request
    def done(_error: BaseException | None) -> None:
        references.begin(None)

    @app.after_request
    def protect(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["X-Request-Id"] = g.get("reference", "unknown")
        if request.endpoint != "static":
            headers.setdefault("Cache-Control", "no-store")
        if request.endpoint == "entrance.sign_out":  # nothing of a session stays in the browser
            headers["Clear-Site-Data"] = '"cache", "storage"'
        if https:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        return response

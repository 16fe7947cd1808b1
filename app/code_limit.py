"""Who tries codes of certificates must wait: unknown codes per address, in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import g, request
from werkzeug.exceptions import TooManyRequests

from app.throttle import AddressBook

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug import Response

_PATHS: Final = ("/sertifikat/", "/api/certificates/")


def register(app: Flask) -> None:
    """Refuse a further code from an address that tried too many unknown ones."""
    book = AddressBook()

    @app.before_request
    def refuse() -> None:
        if request.path.startswith(_PATHS):
            wait = book.wait_seconds(request.remote_addr or "")
            if wait:
                raise TooManyRequests(retry_after=wait)

    @app.after_request
    def count(response: Response) -> Response:
        if g.get("unknown_code"):
            book.note(request.remote_addr or "")
        return response

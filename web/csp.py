"""The content policy of pages with a drawing.

bpmn-js sets style attributes while it draws; those pages allow style attributes (which run
nothing) and nothing else. All other pages keep the stricter policy of `app`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import current_app

if TYPE_CHECKING:
    from werkzeug import Response

DRAWING_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'"
)


def drawing_page(page: str, status: int = 200) -> Response:
    """A page that holds a drawing."""
    answer = current_app.make_response((page, status))
    answer.headers["Content-Security-Policy"] = DRAWING_POLICY
    return answer


#: of pages that show a PDF of ours in a frame
VIEWER_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; frame-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'"
)


def viewer_page(page: str, status: int = 200) -> Response:
    """A page that shows evidence."""
    answer = current_app.make_response((page, status))
    answer.headers["Content-Security-Policy"] = VIEWER_POLICY
    return answer


#: of a page in a frame of ours that shows what somebody is still writing: nothing runs or posts
STILL_POLICY: Final = (
    "sandbox allow-same-origin; default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self' data:; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)


def still_page(page: str, status: int = 200) -> Response:
    """A page that is only looked at, in a frame of ours."""
    answer = current_app.make_response((page, status))
    answer.headers["Content-Security-Policy"] = STILL_POLICY
    return answer

"""Answers that are documents: a page that prints, or the same page as PDF."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

from flask import current_app, render_template, request
from werkzeug.exceptions import ServiceUnavailable

from web.pdf import PdfUnavailable, pdf
from web.wording import gettext as _
from web.wording import in_indonesian

if TYPE_CHECKING:
    from werkzeug import Response


def printed(template: str, name: str, paper: object) -> Response:
    """The document; `?bentuk=pdf` for PDF.

    It is Indonesian whatever language the reader chose: it is a legal document.
    """
    with in_indonesian():
        html = render_template(template, paper=paper)
    if request.args.get("bentuk") != "pdf":
        answer = current_app.make_response(html)
        answer.headers["Content-Security-Policy"] = _policy(html)
        return answer
    try:
        content = pdf(html)
    except PdfUnavailable as error:
        words = _("PDF needs Pango, which this server does not have; print the page instead.")
        raise ServiceUnavailable(words) from error
    answer = current_app.response_class(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


def _policy(html: str) -> str:
    """Nothing but the document's own styles, known by their hashes."""
    hashes = [
        b64encode(sha256(styles.encode()).digest()).decode()
        for styles in re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    ]
    allowed = " ".join(f"'sha256-{one}'" for one in hashes) or "'none'"
    return f"default-src 'none'; style-src {allowed}; frame-ancestors 'none'; base-uri 'none'"

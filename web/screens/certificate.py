"""Checking a certificate of contribution: for anybody who holds its code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import segno
from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from markupsafe import Markup

from engine.domain.certificates import read_code, shown_code
from engine.usecases.certificates import verify_certificate
from web.context import house, public
from web.printing import printed

if TYPE_CHECKING:
    from datetime import datetime

    from werkzeug import Response

    from engine.usecases.certificates import Verified

pages = Blueprint("certificate", __name__)
#: signs of a NIP that the page shows
_NIP_SHOWN = 4
#: a longer text in the address is no code
_TYPED_MAX = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatePaper:
    """A certificate as it is printed."""

    found: Verified
    #: in groups of four
    code: str
    #: its end only: who holds the code may print the paper
    nip: str
    #: where anybody checks it
    address: str
    #: the address as an inline SVG
    qr: Markup
    printed_at: datetime


@pages.get("/sertifikat")
@public
def ask() -> Response | str:
    """Where a code is typed; its page says what stands behind it."""
    typed = request.args.get("kode", "").strip()[:_TYPED_MAX]
    if typed:
        return redirect(url_for("certificate.show", code=typed.replace("/", "")), code=303)
    return render_template("pages/certificate.html", typed="", found=None, nip="", code="")


@pages.get("/sertifikat/<code>")
@public
def show(code: str) -> str:
    """Valid, corrected, broken or unknown; no more of a person than the certificate says."""
    typed = code[:_TYPED_MAX]
    found = _verified(typed)
    if found is None:
        return render_template("pages/certificate.html", typed=typed, found=None, nip="", code="")
    held = found.certificate
    return render_template(
        "pages/certificate.html",
        typed=typed,
        found=found,
        nip=_shown_nip(held.nip),
        code=shown_code(held.code),
    )


@pages.get("/sertifikat/<code>/dokumen")
@public
def document(code: str) -> Response:
    """The certificate on paper, for whoever holds its code; `?bentuk=pdf` for PDF.

    An unknown code leads to the page that says so.
    """
    found = _verified(code[:_TYPED_MAX])
    if found is None:
        return redirect(url_for("certificate.show", code=code), code=303)
    shown = shown_code(found.certificate.code)
    address = _address(shown)
    paper = CertificatePaper(
        found=found,
        code=shown,
        nip=_shown_nip(found.certificate.nip),
        address=address,
        qr=_qr(address),
        printed_at=house().clock.now(),
    )
    return printed("documents/certificate.html", f"sertifikat-{shown}", paper)


def _verified(typed: str) -> Verified | None:
    found = verify_certificate(house(), typed)
    if found is None:
        # counted: who tries codes must wait
        g.unknown_code = read_code(typed) is not None
    return found


def _shown_nip(nip: str) -> str:
    return nip[-_NIP_SHOWN:].rjust(len(nip), "*")


def _address(code: str) -> str:
    base = str(current_app.config.get("PUBLIC_URL") or request.url_root).rstrip("/")
    return base + url_for("certificate.show", code=code)


def _qr(address: str) -> Markup:
    """The code as SVG paths: our own markup of an address, no text of anybody's."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        scale=4, border=2, omitsize=True, svgclass=None, lineclass=None
    )
    return Markup(drawn)  # noqa: S704 - made of modules, holds no text

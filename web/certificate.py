"""Checking a certificate of contribution: for anybody who holds its code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, g, redirect, render_template, request, url_for

from engine.domain.certificates import read_code, shown_code
from engine.usecases.certificates import verify_certificate
from web.context import house, public

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("certificate", __name__)
#: signs of a NIP that the page shows
_NIP_SHOWN = 4
#: a longer text in the address is no code
_TYPED_MAX = 40


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
    found = verify_certificate(house(), typed)
    if found is None:
        # counted: who tries codes must wait
        g.unknown_code = read_code(typed) is not None
        return render_template("pages/certificate.html", typed=typed, found=None, nip="", code="")
    held = found.certificate
    return render_template(
        "pages/certificate.html",
        typed=typed,
        found=found,
        nip=held.nip[-_NIP_SHOWN:].rjust(len(held.nip), "*"),
        code=shown_code(held.code),
    )

"""A survey of a service for whoever holds its link, and complaints: no sign-in, no script."""

from __future__ import annotations

import hashlib
import ipaddress
from typing import TYPE_CHECKING, Final

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from itsdangerous import BadData, URLSafeSerializer

from engine.domain.surveys import COMMENT_MAX, COMPLAINT_MAX, SCORES
from engine.usecases.answering import OVER, USED, Sent, answer_survey, survey_sheet
from engine.usecases.complaining import Said, complain, read_complaint
from engine.usecases.errors import Conflict, InputRefused
from web.context import house, public
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug import Response

    from engine.usecases.answering import Sheet

pages = Blueprint("survey", __name__)

#: the field that people do not see; its name invites machines
TRAP: Final = "website"
#: one home or one office has so many bits of its address in common
_HOME_BITS: Final = 64
_TOO_OFTEN: Final = "too_often"
_SALT: Final = "survey page"


@pages.get("/survei/<token>")
@public
def ask(token: str) -> Response:
    """The questions, or why nobody answers now."""
    return _form(token, survey_sheet(house(), token))


@pages.post("/survei/<token>")
@public
def answer(token: str) -> Response:
    """Take an answer; what is missing is asked for again, nothing typed is lost."""
    sheet = survey_sheet(house(), token)
    sent = Sent(
        scores=_scores(sheet),
        comment=request.form.get("comment", ""),
        trap=request.form.get(TRAP, ""),
        seconds=_seconds(),
        place=_place(),
    )
    try:
        answer_survey(house(), token, sent)
    except InputRefused as refused:
        return _form(token, sheet, {fault.field: fault.code for fault in refused.faults})
    except Conflict as conflict:
        return _sorry(token, conflict)
    return redirect(url_for("survey.thank", token=token), code=303)


@pages.get("/survei/<token>/selesai")
@public
def thank(token: str) -> Response:
    """Thanks; nothing of the answer is shown."""
    sheet = survey_sheet(house(), token)
    return _kept_out(render_template("pages/survey_done.html", token=token, sheet=sheet))


@pages.get("/survei/<token>/pengaduan")
@public
def complaint(token: str) -> Response:
    """Where somebody says what went wrong."""
    return _complaint_form(token, survey_sheet(house(), token))


@pages.post("/survei/<token>/pengaduan")
@public
def complained(token: str) -> Response:
    """Take a complaint; its code leads to the answer."""
    sheet = survey_sheet(house(), token)
    said = Said(
        text=request.form.get("text", ""),
        trap=request.form.get(TRAP, ""),
        seconds=_seconds(),
        place=_place(),
    )
    try:
        code = complain(house(), token, said)
    except InputRefused as refused:
        return _complaint_form(token, sheet, {f.field: f.code for f in refused.faults})
    except Conflict as conflict:
        return _sorry(token, conflict)
    return redirect(url_for("survey.heard", code=code), code=303)


@pages.get("/pengaduan/<code>")
@public
def heard(code: str) -> Response:
    """What became of a complaint, for who holds its code."""
    found = read_complaint(house(), code)
    return _kept_out(render_template("pages/complaint.html", found=found, code=code))


def _form(token: str, sheet: Sheet, faults: Mapping[str, str] | None = None) -> Response:
    page = render_template(
        "pages/survey.html",
        token=token,
        sheet=sheet,
        faults=faults or {},
        typed=request.form,
        words=_words(),
        comment_max=COMMENT_MAX,
        mark=_mark(),
        over=OVER,
        used=USED,
    )
    return _kept_out(page, 422 if faults else 200)


def _complaint_form(token: str, sheet: Sheet, faults: Mapping[str, str] | None = None) -> Response:
    page = render_template(
        "pages/survey_complaint.html",
        token=token,
        sheet=sheet,
        faults=faults or {},
        typed=request.form,
        text_max=COMPLAINT_MAX,
        mark=_mark(),
    )
    return _kept_out(page, 422 if faults else 200)


def _sorry(token: str, conflict: Conflict) -> Response:
    often = conflict.reason == _TOO_OFTEN
    page = render_template("pages/survey_shut.html", token=token, often=often, used=USED,
                           reason=conflict.reason)  # fmt: skip
    return _kept_out(page, 429 if often else 409)


def _kept_out(page: str, status: int = 200) -> Response:
    """An answer that no search engine keeps and whose address no other site learns."""
    response = make_response(page, status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _words() -> tuple[tuple[int, str], ...]:
    return tuple(zip(SCORES, (_("Not good"), _("Less good"), _("Good"), _("Very good")),
                     strict=True))  # fmt: skip


def _scores(sheet: Sheet) -> dict[int, int]:
    found = {}
    for row in sheet.questions:
        text = request.form.get(f"q{row.number}", "")
        if text in {str(score) for score in SCORES}:
            found[row.number] = int(text)
    return found


def signer(key: str | bytes) -> URLSafeSerializer:
    """What marks a page handed out; HMAC-SHA-256, the library's own choice is SHA-1."""
    signed_by = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
    return URLSafeSerializer(key, salt=_SALT, signer_kwargs=signed_by)


def _signer() -> URLSafeSerializer:
    return signer(current_app.secret_key or "")


def _mark() -> str:
    """When the page was handed out, signed; a page shown again keeps its first moment."""
    first = request.form.get("mark", "")
    if first and _seconds() is not None:
        return first
    return str(_signer().dumps(int(house().clock.real_now().timestamp())))


def _seconds() -> int | None:
    """Seconds since the page was handed out; None when it does not say so believably."""
    try:
        then = _signer().loads(request.form.get("mark", ""))
    except BadData:
        return None
    now = int(house().clock.real_now().timestamp())
    return now - then if isinstance(then, int) and then <= now else None


def _place() -> str:
    """Where the request comes from: an address, or the home network of a long one."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    if address.version == 6:  # noqa: PLR2004 - the long form
        return str(ipaddress.ip_network(f"{address}/{_HOME_BITS}", strict=False))
    return str(address)

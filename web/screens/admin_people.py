"""People and accounts of an agency: who is there, what each account may, and changes of it."""

from __future__ import annotations

import secrets
from datetime import date
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.usecases import accounts, second_factors, single_sign_on
from engine.usecases import administration as readings
from engine.usecases.errors import Conflict, InputRefused, NotFound
from engine.usecases.ports.administration import Lack
from engine.usecases.rights import GROUPS, may
from web.context import actor, house, password_hash
from web.paging import after, leaf
from web.readings import administration as shapes
from web.screens.admin import two_of, word_of, words_of
from web.tables import wanted
from web.wording import gettext as _

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("admin_people", __name__)

MANAGE = "account:manage"
#: bytes of a first password that is said once
_PASSWORD_BYTES = 12


@pages.get("/kelola/pegawai")
def everybody() -> str | Response:
    """People by name, those who lack something when asked."""
    lack = word_of(Lack, "tanpa")
    rows, groups = readings.people(
        house(),
        actor(),
        words=words_of(),
        lack=lack,
        after=two_of(after(2)),
        limit=shapes.rows_wanted(),
    )
    table = shapes.people_table(rows, groups)
    page = leaf(rows, lambda row: (row.name, row.id), shapes.shown_rows())
    return wanted(table) or render_template(
        "pages/admin_people.html", table=shapes.cut(table), leaf=page, lacks=shapes.LACKS, lack=lack
    )


@pages.get("/kelola/peran")
def roles() -> str | Response:
    """Groups and who holds them."""
    seen = after(3)
    rows = readings.grants(
        house(),
        actor(),
        after=(seen[0], seen[1], seen[2]) if seen else None,
        limit=shapes.rows_wanted(),
    )
    table = shapes.grants_table(rows, readings.today_of(house(), actor()))
    page = leaf(
        rows, lambda row: (row.group, row.login, row.valid_from.isoformat()), shapes.shown_rows()
    )
    return wanted(table) or render_template(
        "pages/admin_roles.html", table=shapes.cut(table), leaf=page
    )


@pages.get("/kelola/pegawai/<login>")
def one(login: str) -> str:
    """One account with its groups; who manages accounts changes them here."""
    return _sheet(login)


@pages.post("/kelola/pegawai/<login>/peran")
def grant(login: str) -> Response | tuple[str, int]:
    """Give the account a group from a day on."""
    group, typed = request.form.get("group", ""), request.form.get("from", "")
    today = readings.today_of(house(), actor())
    try:
        since = date.fromisoformat(typed) if typed else today
    except ValueError:
        since = today
    try:
        accounts.grant_group(house(), actor(), login, group, since)
    except InputRefused:
        return _sheet(login, faults={"group": _("Choose a role from the list.")}), 422
    flash(_("The role is given."), "good")
    return _back(login)


@pages.post("/kelola/pegawai/<login>/cabut")
def withdraw(login: str) -> Response:
    """Take a group away from today on."""
    today = readings.today_of(house(), actor())
    try:
        accounts.withdraw_group(house(), actor(), login, request.form.get("group", ""), today)
    except Conflict:
        flash(_("The account does not hold this role any more; nothing was saved."), "bad")
    else:
        flash(_("The role is withdrawn from today on."), "good")
    return _back(login)


@pages.post("/kelola/pegawai/<login>/akun")
def password(login: str) -> Response:
    """A new first password, said once; a person without an account gets one."""
    word = secrets.token_urlsafe(_PASSWORD_BYTES)
    accounts.give_password(house(), actor(), login, password_hash(word))
    flash(_("First password, shown only now: %(word)s", word=word), "good")
    return _back(login)


@pages.post("/kelola/pegawai/<login>/matikan")
def disable(login: str) -> Response:
    """Disable the account; its sessions end."""
    accounts.disable_account(house(), actor(), login)
    flash(_("The account is disabled; its sessions have ended."), "good")
    return _back(login)


@pages.post("/kelola/pegawai/<login>/faktor")
def reset(login: str) -> Response:
    """Take away the second factor of who lost it, or untie the account from single sign-on."""
    try:
        if request.form.get("what") == "sso":
            single_sign_on.release_identities(house(), actor(), login)
        else:
            second_factors.reset(house(), actor(), login)
    except NotFound as error:
        if error.kind not in ("second_factor", "identity"):
            raise
        flash(_("There was nothing to reset."), "bad")
    else:
        flash(_("It is reset; the sessions of the account have ended."), "good")
    return _back(login)


def _sheet(login: str, faults: dict[str, str] | None = None) -> str:
    sheet = readings.account_sheet(house(), actor(), login)
    today = readings.today_of(house(), actor())
    return render_template(
        "pages/admin_account.html",
        sheet=sheet,
        today=today,
        faults=faults or {},
        states=[
            (row, shapes.group_name(row.group), shapes.held(row, today)) for row in sheet.grants
        ],
        held_now={row.group for row in sheet.grants if row.valid_to is None},
        groups=[(name, shapes.group_name(name)) for name in sorted(GROUPS)],
        manages=may(actor(), MANAGE) and not sheet.own,
        factor=second_factors.state_of(house(), sheet.login),
        tied=single_sign_on.is_tied(house(), sheet.login),
    )


def _back(login: str) -> Response:
    return redirect(url_for("admin_people.one", login=login), code=303)

"""Puts the pages into an application."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint
from jinja2 import FileSystemLoader
from werkzeug.routing import IntegerConverter

from web import context, formats, language, navigation, tables
from web.faults import rules_behind
from web.findings import told
from web.problems import problem_page
from web.screens import (
    account,
    admin,
    admin_audit,
    admin_calendar,
    admin_people,
    allowances,
    attest,
    audit_readings,
    batches,
    calibration,
    certificate,
    chain,
    claims,
    daily_notes,
    decisions,
    dialogue,
    dispute,
    documents,
    drafts,
    ekinerja,
    entrance,
    evaluation,
    evidence,
    exchange,
    factor,
    flows,
    follow_up,
    forecasts,
    form_editor,
    functional_credit,
    functional_officials,
    guide,
    imports,
    inbox,
    job_tasks,
    ledger,
    lessons,
    library,
    matrix,
    membership,
    next_step,
    notices,
    objections,
    outputs,
    oversight,
    overview,
    own_data,
    places,
    plan,
    portfolio,
    practice,
    process,
    process_map,
    radar,
    release_review,
    sandbox,
    search,
    services,
    simulations,
    squads,
    standing,
    start,
    steering,
    steps,
    studio,
    survey,
    task,
    team,
    together,
    trials,
    undertakings,
    versions,
    voices,
    workload,
)
from web.studio_rooms import studio_rooms
from web.trial_words import said

if TYPE_CHECKING:
    import datetime as dt

    from flask import Flask
    from werkzeug.routing import Map

    from engine.usecases.ports.work import House

__all__ = ["problem_page", "register"]

frame = Blueprint("frame", __name__, static_folder="static", static_url_path="/static")


#: every screen's module; one line each, so that rooms grow side by side
_ROOMS = (
    account,
    admin,
    admin_audit,
    admin_calendar,
    admin_people,
    allowances,
    attest,
    audit_readings,
    batches,
    calibration,
    certificate,
    chain,
    claims,
    daily_notes,
    decisions,
    dialogue,
    dispute,
    documents,
    drafts,
    ekinerja,
    entrance,
    evaluation,
    evidence,
    exchange,
    factor,
    flows,
    follow_up,
    forecasts,
    form_editor,
    functional_credit,
    functional_officials,
    guide,
    imports,
    inbox,
    job_tasks,
    language,
    ledger,
    lessons,
    library,
    matrix,
    membership,
    next_step,
    notices,
    objections,
    outputs,
    oversight,
    overview,
    own_data,
    places,
    plan,
    portfolio,
    practice,
    process,
    process_map,
    radar,
    release_review,
    sandbox,
    search,
    services,
    simulations,
    squads,
    standing,
    start,
    steering,
    steps,
    studio,
    survey,
    task,
    team,
    together,
    trials,
    undertakings,
    versions,
    voices,
    workload,
)


class PageKey(IntegerConverter):
    """A key in the address of a page; a longer number is no page of ours."""

    regex = f"[0-9]{{1,{context.KEY_DIGITS_MAX}}}"

    def __init__(self, table: Map) -> None:
        super().__init__(table, max=context.KEY_MAX)


def register(app: Flask, house: House, *, papers: Path | None = None) -> None:
    """Register every page; `app` brings `g.actor`, `g.account`, `g.session`, `csrf_token()`.

    A template in the folder `papers`, such as documents/skp.html, takes the place of ours.
    """
    app.extensions[context.HOUSE] = house
    app.extensions["regu.page_error"] = problem_page
    app.jinja_loader = FileSystemLoader(
        [*([papers] if papers else []), Path(__file__).parent / "templates"]
    )
    app.url_map.converters["int"] = PageKey
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        locale=context.locale,
        sections=navigation.sections,
        reader=navigation.frame,
        vendor=has_vendor,
        business_time=business_time,
        told=told,
        rules_behind=rules_behind,
        help_place=guide.help_place,
        studio_rooms=studio_rooms,
        said=said,
    )
    language.register(app)
    formats.register(app)
    app.jinja_env.filters["cell"] = tables.shown
    app.register_blueprint(frame)
    for room in _ROOMS:
        app.register_blueprint(room.pages)


def has_vendor(name: str) -> bool:
    """Whether a browser part that is not ours is installed."""
    return (Path(__file__).parent / "static" / "vendor" / name).is_file()


def business_time() -> dt.datetime:
    """The clock's time."""
    return context.house().clock.now()

"""Puts the pages into an application."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, g, request, url_for
from jinja2 import FileSystemLoader
from werkzeug.routing import IntegerConverter

from engine.usecases.rights import may
from web import (
    account,
    attest,
    certificate,
    context,
    dispute,
    documents,
    entrance,
    evidence,
    formats,
    inbox,
    language,
    ledger,
    membership,
    oversight,
    plan,
    process,
    start,
    studio,
    task,
)
from web.findings import told
from web.problems import problem_page
from web.wording import gettext as _

if TYPE_CHECKING:
    import datetime as dt

    from flask import Flask
    from werkzeug.routing import Map

    from engine.usecases.ports.work import House

__all__ = ["problem_page", "register"]

frame = Blueprint("frame", __name__, static_folder="static", static_url_path="/static")


class PageKey(IntegerConverter):
    """A key in the address of a page; a longer number is no page of ours."""

    regex = f"[0-9]{{1,{context.KEY_DIGITS_MAX}}}"

    def __init__(self, table: Map) -> None:
        super().__init__(table, max=context.KEY_MAX)


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation."""

    name: str
    url: str
    here: bool


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
        places=places,
        vendor=has_vendor,
        business_time=business_time,
        told=told,
    )
    language.register(app)
    formats.register(app)
    app.register_blueprint(frame)
    for room in (
        account, attest, certificate, dispute, documents, entrance, evidence, inbox, language,
        ledger, membership, oversight, plan, process, start, studio, task,
    ):  # fmt: skip
        app.register_blueprint(room.pages)


def places() -> list[Place]:
    """Where the signed-in person may go from everywhere."""
    actor = g.actor
    entries = [("inbox.show", _("My tasks"), True)]
    entries += [
        ("start.everything", _("Start"), actor.person_id is not None),
        ("plan.mine", _("My plan"), actor.person_id is not None),
        ("attest.squads", _("My squads"), actor.person_id is not None),
        ("ledger.mine", _("Contribution ledger"), actor.person_id is not None),
        ("process.everything", _("Processes"), may(actor, "instance:read")),
        ("oversight.show", _("Oversight"), may(actor, "task:assign")),
        ("studio.shelf", _("Studio"), may(actor, "definition:deploy")),
    ]
    here = request.blueprint
    return [
        Place(name, url_for(endpoint), endpoint.partition(".")[0] == here)
        for endpoint, name, open_to in entries
        if open_to
    ]


def has_vendor(name: str) -> bool:
    """Whether a browser part that is not ours is installed."""
    return (Path(__file__).parent / "static" / "vendor" / name).is_file()


def business_time() -> dt.datetime:
    """The clock's time."""
    return context.house().clock.now()

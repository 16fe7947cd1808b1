"""Help in one place: the guide of each role, in Indonesian, as docs/panduan tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, render_template, request, send_from_directory, url_for

from web import guides
from web.context import public

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("guide", __name__)


@pages.get("/bantuan")
@public
def show() -> str:
    """Which guides there are."""
    found = [guides.guide(role, _picture) for role in guides.ROLES]
    return render_template("pages/guide.html", guides=found)


@pages.get("/bantuan/<role>")
@public
def read(role: str) -> str:
    """One guide."""
    if role not in guides.ROLES:
        abort(404)
    return render_template("pages/guide_role.html", guide=guides.guide(role, _picture))


@pages.get("/bantuan/gambar/<name>")
@public
def picture(name: str) -> Response:
    """A picture of a guide."""
    return send_from_directory(guides.folder() / "gambar", name, max_age=86_400)


def help_place() -> str:
    """Where the help of this page is: the section of a guide that speaks of it."""
    found = guides.help_of(request.blueprint)
    if found is None:
        return url_for("guide.show")
    role, section = found
    return url_for("guide.read", role=role, _anchor=section)


def _picture(name: str) -> str:
    return url_for("guide.picture", name=name)

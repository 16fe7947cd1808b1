"""One Flask application from settings and a wired house."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask, request
from werkzeug.exceptions import BadRequest

import api.door
import api.register
import web.context
import web.pages
from app import code_limit, headers, machine_tokens, problems, sign_in
from app.json_provider import ExactJson
from app.passwords import Passwords
from app.settings import secret
from app.wiring import Wired, wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug import Response

    from app.settings import Settings
    from engine.usecases.accounts import Hasher

#: bytes of a whole request: a piece of evidence or a deployment; JSON has its own, smaller limit
REQUEST_BYTES_MAX = 32 * 1024 * 1024
FORM_BYTES_MAX = 2 * 1024 * 1024
FORM_PARTS_MAX = 5_000


def create_app(
    settings: Settings,
    *,
    wired: Wired | None = None,
    hasher: Hasher | None = None,
    wake: Callable[[], None] | None = None,
) -> Flask:
    """The application; `wake` is called after each request that may have left work behind."""
    home = wired or wire(settings)
    app = Flask("web", static_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=REQUEST_BYTES_MAX,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES_MAX,
        MAX_FORM_PARTS=FORM_PARTS_MAX,
        PROPAGATE_EXCEPTIONS=False,
        TRAP_HTTP_EXCEPTIONS=False,
        PUBLIC_URL=settings.public_url,
        TRAINING=settings.training,
    )
    app.json = ExactJson(app)
    key = secret(settings)
    app.secret_key = key
    headers.register(app, https=settings.https)
    _refuse_nul(app)
    code_limit.register(app)
    passwords = hasher or Passwords()
    desk = sign_in.Desk(home.house, passwords, key=key, https=settings.https)
    sign_in.register(app, desk)
    machine_tokens.register(app, desk.exchange)
    api.register.register(app, home.house)
    app.extensions[web.context.FILES] = home.files
    app.extensions[web.context.WORK_FILES] = home.work_files
    app.extensions[web.context.HASH] = passwords.hash
    app.extensions[api.door.HASH] = passwords.hash
    web.pages.register(app, home.house, papers=settings.data_dir / "templates")
    problems.register(app, page=web.pages.problem_page)
    _health(app, home)
    if wake is not None:
        _wake_after(app, wake)
    return app


def _refuse_nul(app: Flask) -> None:
    """A NUL character is in no name, text or key of ours, and PostgreSQL cannot keep one."""

    @app.before_request
    def refuse() -> None:
        if "\0" in request.path or any("\0" in value for value in request.args.values()):
            raise BadRequest("a NUL character in the address")
        if any("\0" in value for value in request.form.values()):
            raise BadRequest("a NUL character in the form")


def _health(app: Flask, home: Wired) -> None:
    @sign_in.public
    def health() -> dict[str, Any]:
        """Whether the database answers."""
        with home.house.reading() as uow:
            uow.processes.definition(0)
        return {"status": "ok"}

    app.add_url_rule("/health", "health", health)


def _wake_after(app: Flask, wake: Callable[[], None]) -> None:
    @app.after_request
    def after(response: Response) -> Response:
        if request.method not in sign_in.SAFE:
            wake()
        return response

"""One Flask application from settings and a wired house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, request
from werkzeug.exceptions import BadRequest

import api.door
import api.register
import web.context
import web.pages
from app import (
    code_limit,
    figures,
    headers,
    health,
    hidden,
    machine_tokens,
    origins,
    problems,
    rates,
    reaching,
    refused_log,
    sign_in,
)
from app.json_provider import ExactJson
from app.password_rule import rule_of
from app.passwords import Passwords
from app.proxies import Proxies
from app.secret_files import secrets_of
from app.wiring import wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug import Response

    from app.beats import Pulse
    from app.settings import Settings
    from app.wiring import Wired
    from engine.usecases.accounts import Hasher
    from engine.usecases.ports.work import House

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
    pulse: Pulse | None = None,
) -> Flask:
    """The application; `wake` is called after each request that may have left work behind.

    `pulse` is of the process that serves it: with it /readyz knows of writing and of a worker.
    """
    home = wired or wire(settings)
    app = _bare(settings)
    headers.register(app, https=settings.https)
    refused_log.register(app)
    origins.register(app)
    figures.count(app, home.figures)
    health.register(app, settings, home, pulse)
    _refuse_nul(app)
    code_limit.register(app)
    passwords = hasher or Passwords(rule=rule_of(settings.sign_in))
    _door(app, settings, home.house, passwords)
    session_cookie = sign_in.cookie_name(sign_in.COOKIE, https=settings.https)
    api.register.register(app, home.house, session_cookie, threads=settings.threads)
    app.extensions[web.context.FILES] = home.files
    app.extensions[web.context.WORK_FILES] = home.work_files
    app.extensions[web.context.HASH] = passwords.hash
    app.extensions[api.door.HASH] = passwords.hash
    web.pages.register(app, home.house, papers=settings.data_dir / "templates")
    problems.register(app, page=web.pages.problem_page)
    if wake is not None:
        _wake_after(app, wake)
    return app


def _bare(settings: Settings) -> Flask:
    """An application with its bounds, that knows who asks past our own proxies."""
    how = settings.sign_in
    app = Flask("web", static_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=REQUEST_BYTES_MAX,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES_MAX,
        MAX_FORM_PARTS=FORM_PARTS_MAX,
        PROPAGATE_EXCEPTIONS=False,
        TRAP_HTTP_EXCEPTIONS=False,
        PUBLIC_URL=settings.public_url,
        TRAINING=settings.training,
        SIASN=bool(settings.siasn_url),
        PASSWORD_BOUNDS=(how.password_length, how.password_phrase),
    )
    app.json = ExactJson(app)
    app.wsgi_app = Proxies(app.wsgi_app, how.proxies).answer  # type: ignore[method-assign]
    return app


def _door(app: Flask, settings: Settings, house: House, passwords: Hasher) -> None:
    """The sign-in desk with its secrets, and behind it what it admits to."""
    keys = secrets_of(settings)
    app.secret_key = keys[0]
    app.config["SECRET_KEY_FALLBACKS"] = list(keys[1:])
    desk = sign_in.Desk(house, passwords, keys=keys, settings=settings)
    reaching.open_reach(app)
    sign_in.register(app, desk)
    reaching.bind_reach(app)
    rates.register(app, settings.sign_in.rates)
    hidden.register(app)
    machine_tokens.register(app, desk.by_header.exchange)


def _refuse_nul(app: Flask) -> None:
    """A NUL character is in no name, text or key of ours, and PostgreSQL cannot keep one."""

    @app.before_request
    def refuse() -> None:
        if "\0" in request.path or any("\0" in value for value in request.args.values()):
            raise BadRequest("a NUL character in the address")
        if any("\0" in value for value in request.form.values()):
            raise BadRequest("a NUL character in the form")


def _wake_after(app: Flask, wake: Callable[[], None]) -> None:
    @app.after_request
    def after(response: Response) -> Response:
        if request.method not in sign_in.SAFE:
            wake()
        return response

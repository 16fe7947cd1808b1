"""One table from error to answer: RFC 9457 for clients, the same facts for pages."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import current_app, g, json, request
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import NotImplemented as NotSupported

from api.v2.absent import is_absent
from app.storage_problems import trouble_of
from engine.domain.errors import (
    DomainError,
    Malformed,
    NobodyFound,
    NotEntitled,
    RuleBroken,
    TransitionRefused,
)
from engine.usecases.accounts import SignInRefused, TooManyTries
from engine.usecases.errors import (
    AccessRefused,
    Conflict,
    DrawingRefused,
    Finding,
    InputRefused,
    KeyReused,
    NotFound,
    UseCaseError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Flask
    from werkzeug import Response

log = logging.getLogger("regu.problems")

#: prefix of the problem types; the names behind it are listed in the manual
TYPE_PREFIX = "urn:regu:problem:"
MEDIA_TYPE = "application/problem+json"

#: what the router says of a path that nothing serves, or not by that method
_UNROUTED = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What went wrong, as a door shows it."""

    status: int
    #: last part of the type; stable
    slug: str
    title: str
    detail: str
    #: findings or faults, each with its place
    errors: tuple[Mapping[str, Any], ...] = ()
    #: further members, such as who changed the task and when
    facts: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self, reference: str) -> dict[str, Any]:
        """The members of RFC 9457, ours after them."""
        body: dict[str, Any] = {
            "type": TYPE_PREFIX + self.slug,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": f"urn:regu:request:{reference}",
        }
        if self.errors:
            body["errors"] = list(self.errors)
        if self.facts:
            body["facts"] = dict(self.facts)
        return body


#: errors that say all by their class: status, slug, title
_PLAIN: tuple[tuple[type[Exception], int, str, str], ...] = (
    (AccessRefused, 403, "access-refused", "You may not do this"),
    (NotEntitled, 403, "not-entitled", "You may not do this"),
    (NotFound, 404, "not-found", "Not found"),
    (Conflict, 409, "conflict", "It changed, or its state does not allow this"),
    (TransitionRefused, 409, "conflict", "Its state does not allow this"),
    (NobodyFound, 409, "nobody-found", "Nobody is there to do this"),
    (InputRefused, 422, "input-refused", "The input breaks a rule"),
    (RuleBroken, 422, "rule-broken", "The input breaks a rule"),
    (Malformed, 422, "input-refused", "A value cannot be what it claims to be"),
    (DrawingRefused, 422, "drawing-refused", "The files have errors; nothing was deployed"),
    (KeyReused, 422, "key-reused", "The idempotency key belongs to another request"),
    (SignInRefused, 401, "sign-in-refused", "Login and password do not belong together"),
    (TooManyTries, 429, "too-many-tries", "Too many wrong passwords"),
    (UseCaseError, 400, "refused", "This cannot be done"),
    (DomainError, 422, "rule-broken", "A rule does not allow this"),
)

#: names of plain HTTP problems where the status phrase would say too little
_HTTP_SLUGS = {
    400: "bad-request",
    401: "sign-in-needed",
    403: "access-refused",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    409: "conflict",
    413: "too-large",
    415: "media-type",
    422: "input-refused",
    429: "too-many-tries",
    501: "not-supported",
    504: "not-yet",
}
#: answers of ours that are no faults: what Regu does not offer, what has not happened in time
_SPOKEN = frozenset({HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.GATEWAY_TIMEOUT})


def problem_of(error: Exception) -> Problem:
    """The problem behind an error; an unknown one is a 500 that tells nothing but its number."""
    if isinstance(error, HTTPException):
        return _of_http(error)
    for kind, status, slug, title in _PLAIN:
        if isinstance(error, kind):
            return Problem(
                status=status,
                slug=slug,
                title=title,
                detail=_detail(error),
                errors=_errors(error),
                facts=_facts(error),
                headers=_headers(error),
            )
    trouble = trouble_of(error)
    if trouble is not None:
        return Problem(**trouble._asdict())
    return Problem(
        status=500,
        slug="internal",
        title="Something broke on our side",
        detail=f"Nothing was saved. Reference number {reference()}.",
    )


def register(app: Flask, page: Callable[[Problem, str], Response | str] | None = None) -> None:
    """Answer every error of the application; `page` renders one for people."""

    def answer(error: Exception) -> Response:
        problem = problem_of(error)
        if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR and problem.status not in _SPOKEN:
            log.error("request failed", exc_info=error)
        if isinstance(error, HTTPException) and error.response is not None:
            return current_app.make_response(error.get_response())
        if page is not None and wants_page():
            response = current_app.make_response(page(problem, reference()))
        else:
            response = current_app.response_class(
                json.dumps(problem.body(reference())), mimetype=MEDIA_TYPE
            )
        response.status_code = problem.status
        response.headers.update(problem.headers)
        return response

    app.register_error_handler(Exception, answer)


def wants_page() -> bool:
    """Whether a person looks at the answer: a path outside the APIs."""
    return not request.path.startswith(("/api/", "/v2/", "/oauth/"))


def reference() -> str:
    """The number that ties an answer to its log lines."""
    return str(g.get("reference", "unknown"))


def _of_http(error: HTTPException) -> Problem:
    if error.code in _UNROUTED and is_absent(request.method, request.path):
        return _of_http(NotSupported("Regu does not offer this operation"))
    status = error.code or 500
    phrase = HTTPStatus(status).phrase
    headers = {
        name: value
        for name, value in error.get_headers()
        if name.lower() not in ("content-type", "content-length")
    }
    data = getattr(error, "data", None) or {}
    errors = tuple(_flat(data.get("messages", {}))) if isinstance(data, dict) else ()
    # another 5xx may carry the text of an exception; a 4xx says what the client did
    told = status < HTTPStatus.INTERNAL_SERVER_ERROR or status in _SPOKEN
    detail = (error.description or phrase) if told else phrase
    if errors:
        detail = "; ".join(f"{item['field']}: {item['message']}" for item in errors[:5])
    return Problem(
        status=status,
        slug=_HTTP_SLUGS.get(status, phrase.lower().replace(" ", "-")),
        title=phrase,
        detail=detail,
        errors=errors,
        headers=headers,
    )


def _flat(messages: Any, path: str = "") -> list[dict[str, Any]]:
    """Nested marshmallow messages as one list with dotted paths; the location is left out."""
    if isinstance(messages, dict):
        found = []
        for name, inner in messages.items():
            outer = path == "" and name in ("json", "query", "files", "form", "headers")
            step = "" if outer or name == "_schema" else str(name)
            found += _flat(inner, ".".join(part for part in (path, step) if part))
        return found
    if isinstance(messages, list):
        return [item for inner in messages for item in _flat(inner, path)]
    return [{"field": path, "code": "invalid", "message": str(messages)}]


def _detail(error: Exception) -> str:
    if isinstance(error, AccessRefused):
        return f"{error.act} needs a right that you do not hold"
    if isinstance(error, SignInRefused):
        return "Check both and try again"
    return str(error) or type(error).__name__


def _errors(error: Exception) -> tuple[Mapping[str, Any], ...]:
    if isinstance(error, InputRefused):
        return tuple(
            {"field": fault.field, "code": fault.code, "message": fault.message}
            for fault in error.faults
        )
    if isinstance(error, DrawingRefused):
        return tuple(finding_json(item) for item in error.findings)
    if isinstance(error, RuleBroken):
        return tuple(
            {"field": item.subject, "code": item.code, "message": item.message}
            for item in error.violations
        )
    if isinstance(error, Malformed):
        return ({"field": error.kind, "code": "malformed", "message": error.reason},)
    return ()


def finding_json(item: Finding) -> dict[str, Any]:
    """A finding about a file, in the API's words."""
    return {
        "severity": item.severity,
        "code": item.code,
        "message": item.message,
        "resource": item.resource,
        "elementId": item.element_id,
        "elementName": item.element_name,
        "line": item.line,
        "rule": item.rule,
    }


def _facts(error: Exception) -> Mapping[str, Any]:
    if isinstance(error, Conflict):
        return {name: value for name, value in error.facts.items() if value is not None}
    if isinstance(error, TransitionRefused):
        return {"state": error.state}
    return {}


def _headers(error: Exception) -> Mapping[str, str]:
    if isinstance(error, TooManyTries):
        return {"Retry-After": str(error.retry_after_s)}
    if isinstance(error, SignInRefused):
        return {"WWW-Authenticate": 'Basic realm="Regu", charset="UTF-8"'}
    return {}

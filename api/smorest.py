"""flask-smorest, wrapped once: it is untyped, so its names stay in this file.

`Paths` is a blueprint whose operations name their schemas and their error answers in one line;
`Api` documents RFC 9457 problems in place of the library's own error shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar, cast

import flask_smorest
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import current_app
from marshmallow import RAISE, Schema, fields
from webargs import missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.routing import BaseConverter, ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask import Flask, Request

F = TypeVar("F", bound="Callable[..., Any]")

PROBLEM = "application/problem+json"
KEY_MAX = 2**63 - 1
KEY_PATTERN = "^[0-9]{1,19}$"

IDEMPOTENCY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key and body give the same answer; the effect happens once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}


class FaultSchema(Schema):
    """One fault or finding."""

    field = fields.String()
    code = fields.String()
    message = fields.String(required=True)
    severity = fields.String()
    resource = fields.String()
    elementId = fields.String()  # noqa: N815 - the API's words are camelCase
    elementName = fields.String()  # noqa: N815 - likewise
    line = fields.Integer()
    rule = fields.String()


class ProblemSchema(Schema):
    """RFC 9457 problem details."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    instance = fields.String(required=True)
    errors = fields.List(fields.Nested(FaultSchema))
    facts = fields.Dict(keys=fields.String())


class KeyConverter(BaseConverter):
    """A 63-bit key as a decimal string in a path."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        """The key; a number beyond 63 bits is no path of ours."""
        number = int(value)
        if number > KEY_MAX:
            raise ValidationError
        return number


class _Parser(FlaskParser):
    """Bodies through our JSON door; unknown fields are refused everywhere but in headers."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012 - the library's attribute, read only
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "json": RAISE,
        "query": RAISE,
        "form": RAISE,
    }

    def load_json(self, req: Request, schema: Schema) -> Any:  # noqa: ARG002 - the library's hook
        """A parsed body, or nothing when none was sent."""
        body = req.get_data(cache=True)
        if not body:
            return missing
        if not req.is_json:
            raise UnsupportedMediaType("send application/json")
        return current_app.json.loads(body)


class _Blueprint(flask_smorest.Blueprint):  # type: ignore[misc] # untyped base
    ARGUMENTS_PARSER = _Parser()


class Api(flask_smorest.Api):  # type: ignore[misc] # untyped base
    """The library's Api without its error handler: `app.problems` answers every error.

    It describes its operations when somebody first asks: most applications are never asked, and
    describing takes longer than all else that an application does to begin.
    """

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_ERROR_RESPONSE_NAME = None

    def __init__(self, app: Flask, **options: Any) -> None:
        self._undescribed: list[Any] = []
        self._describing = Lock()
        super().__init__(app, **options)

    def register_blueprint(self, blp: Any) -> None:
        """Serve the operations of a blueprint."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp)
        self._undescribed.append(blp)

    def _openapi_json(self) -> Any:
        with self._describing:
            while self._undescribed:
                blp = self._undescribed.pop(0)
                blp.register_views_in_doc(
                    self, self._app, self.spec, name=blp.name, parameters=None
                )
                self.spec.tag({"name": blp.name, "description": blp.description})
        return super()._openapi_json()

    def _register_error_handlers(self) -> None:
        """Leave errors to the application's one table."""

    def _register_responses(self) -> None:
        for status in HTTPStatus:
            if status < HTTPStatus.BAD_REQUEST:
                continue
            self.spec.components.response(
                status.name,
                {
                    "description": status.phrase,
                    "content": {PROBLEM: {"schema": ProblemSchema}},
                },
                lazy=True,
            )


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as it was registered."""

    method: str
    rule: str
    view: Callable[..., Any]
    body: type[Schema] | None


class Paths:
    """Operations under one prefix; each is signed in, unless it says `public`."""

    def __init__(self, name: str, prefix: str, about: str, *, invalid_status: int = 422) -> None:
        self._blueprint = _Blueprint(name, name, url_prefix=prefix, description=about)
        self._invalid_status = invalid_status
        self.prefix = prefix
        #: every operation, for papers that tell them
        self.operations: list[Operation] = []

    @property
    def blueprint(self) -> Any:
        """What `Api.register_blueprint` takes."""
        return self._blueprint

    def operation(  # noqa: PLR0913 - one line says all about an operation
        self,
        method: str,
        rule: str,
        *,
        answer: type[Schema] | Schema | None = None,
        status: int = 200,
        body: type[Schema] | None = None,
        body_required: bool = True,
        query: type[Schema] | None = None,
        errors: Sequence[int] = (),
        idempotent: bool = False,
        public: bool = False,
        media: Sequence[str] = (),
        doc: dict[str, Any] | None = None,
    ) -> Callable[[F], F]:
        """Register a view: route, schemas, documented answers; `media`: of files, not of JSON."""

        def decorate(view: F) -> F:
            self.operations.append(Operation(method, self.prefix + rule, view, body))
            wrapped: Any = view
            if body is not None:
                wrapped = self._arguments(body, "json", required=body_required)(wrapped)
            if query is not None:
                wrapped = self._arguments(query, "query")(wrapped)
            wrapped = self._blueprint.response(status, None if media else answer)(wrapped)
            for code in self._codes(errors, body, query, public=public):
                wrapped = self._blueprint.alt_response(code, HTTPStatus(code).name)(wrapped)
            manual = dict(doc or {})
            if media:
                content = {one: {"schema": {"type": "string"}} for one in media}
                manual["responses"] = {status: {"content": content}}
            if idempotent:
                manual["parameters"] = [IDEMPOTENCY_PARAMETER]
            if public:
                manual["security"] = []
            wrapped = self._blueprint.doc(operationId=view.__name__, **manual)(wrapped)
            wrapped.public = public
            self._blueprint.route(rule, methods=[method])(wrapped)
            return view

        return decorate

    def _arguments(self, schema: type[Schema], location: str, *, required: bool = True) -> Any:
        return self._blueprint.arguments(
            schema,
            location=location,
            required=required,
            error_status_code=self._invalid_status,
        )

    def _codes(
        self,
        errors: Sequence[int],
        body: type[Schema] | None,
        query: type[Schema] | None,
        *,
        public: bool,
    ) -> list[int]:
        codes = set(errors)
        if not public:
            codes |= {401, 403, 429}
        codes.add(400)
        if body is not None:
            codes |= {413, 415, self._invalid_status}
        if query is not None:
            codes.add(self._invalid_status)
        return sorted(codes)


def install(app: Flask, paths: Sequence[Paths], session_cookie: str) -> Api:
    """Put all operations into the application and serve their description.

    `session_cookie` is the name of the cookie of whoever signed in by the pages.
    """
    app.url_map.converters["key"] = KeyConverter
    app.config.update(
        API_TITLE="Regu",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "info": {"description": "Regu's own API under /api, a Camunda 8 subset under /v2."},
            "components": {
                "securitySchemes": {
                    "basic": {"type": "http", "scheme": "basic"},
                    "session": {"type": "apiKey", "in": "cookie", "name": session_cookie},
                }
            },
            "security": [{"basic": []}, {"session": []}],
        },
    )
    api = Api(app, spec_kwargs={"marshmallow_plugin": MarshmallowPlugin(_schema_name)})
    api.register_converter(
        KeyConverter, lambda _converter: {"type": "string", "pattern": KEY_PATTERN}
    )
    for one in paths:
        api.register_blueprint(one.blueprint)
    served = cast("Any", app.view_functions["api-docs.openapi_json"])
    app.view_functions["api-docs.openapi_json"] = _opened(served)
    return api


def _opened(view: Any) -> Any:
    def described() -> Any:
        return view()

    described.public = True  # type: ignore[attr-defined]
    return described


def _schema_name(schema: Any) -> str:
    name = (schema if isinstance(schema, type) else type(schema)).__name__
    return name.removesuffix("Schema")

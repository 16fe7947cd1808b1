"""What of the published API is offered, as docs/rest.md tells it: made of the routes."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any, Final

from marshmallow import Schema, fields

from api.register import ROOMS
from api.v2.absent import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD: Final = """\
# The REST API of Camunda 8 that Regu answers

Generated from `api/v2`; do not edit. Regu answers the Orchestration Cluster API of Camunda 8
under `/v2`: paths, fields, filters, sorting, pages and problem details as published.
`tests/api/test_published_clients.py` drives it by the published Python client, its job workers
included, `tests/api/test_published_cli.py` by the published command line client.

- A field that is not known answers 400. A published field that Regu does not support answers
  501 when it is set (not null, false, empty); the table names them.
- A published operation that Regu does not offer answers 501; they are listed at the end.
- Filters take a value, or an object of `$eq`, `$neq`, `$exists`, `$in`, `$notIn`, `$like` (`*`
  any text, `?` one character, `\\` before either takes it as it is), `$gt`, `$gte`, `$lt`, `$lte`,
  as far as the kind of the field has them, and `$or` where it is published.
- A page is named by `limit` (100, at most 10,000) and one of `from`, `after`, `before`; cursors
  belong to one list in one order. Rows without a value come last. `totalItems` counts to 10,000.
- Keys are decimal texts of 63 bits. There is one tenant, `<default>`; data is parted by agency.
- Programs sign in as *service accounts* (`regu service-account create NAME --job-type TYPE`): by
  HTTP Basic with name and secret, or with a bearer token for an hour from `POST /oauth/token`
  (OAuth 2.0 client credentials).
- `POST /v2/jobs/activation` waits `requestTimeout` ms for a job (0: ten seconds, negative: not
  at all, at most a minute). `awaitCompletion` waits likewise; 504 when the instance goes on.
- Who waits holds a request thread. Half of `REGU_THREADS` may wait for jobs, half of the others for
  ends, so that neither keeps the other out and some always answer: of 8, four and two. When all of
  a kind wait, the next is answered at once: no jobs, or 504, and the instance that it started goes
  on.
- `POST /v2/deployments` takes scenario files (`*.scenarios.yaml`, docs/scenarios.md) among its
  `resources` and plays them; failing ones refuse it, unless its own field
  `scenarioOverrideReason` says in 10 to 500 characters why not, which the audit keeps.
- Acts on instances, incidents and batch operations keep a reason in the audit: the header
  `Regu-Reason`, else "asked by a client of /v2" with its `operationReference`, or "without a
  reason". Regu's own paths under `/api` that end an instance, change its variables or try an
  incident again refuse (422) a body without `reason`.
- Variables live in the state of instances, not in a table: `POST /v2/variables/search` needs
  `processInstanceKey` or `scopeKey` (501 without). A job that is done is not listed any more.
  The process itself is no element instance; of multi-instances, those inside are listed.

| operation | what it does | answers 501 when set |
| --- | --- | --- |
"""

_TAIL: Final = """
## Published operations that answer 501

"""


def render() -> str:
    """The whole paper."""
    rows = sorted(_rows())
    absent = sorted((path, method) for method, path in ABSENT)
    listed = "".join(f"- {method} `/v2{path}`\n" for path, method in absent)
    return _HEAD + "".join(row for _, row in rows) + _TAIL + listed


def _rows() -> Iterator[tuple[str, str]]:
    for room in ROOMS:
        if room.prefix != "/v2":
            continue
        for one in room.operations:
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", one.rule)
            about = (inspect.getdoc(one.view) or "").split("\n")[0]
            lacks = " ".join(f"`{name}`" for name in sorted(set(_lacks(one.body))))
            yield f"{path} {one.method}", f"| {one.method} `{path}` | {about} | {lacks} |\n"


def _lacks(schema: type[Schema] | Schema | None, path: str = "") -> Iterator[str]:
    """Dotted names that answer 501, those of nested objects included."""
    if schema is None:
        return
    kind = schema if isinstance(schema, type) else type(schema)
    for name in getattr(kind, "UNSUPPORTED", ()):
        yield f"{path}{name}"
    for name, field in kind._declared_fields.items():  # noqa: SLF001 - the library's own table
        inner: Any = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested) and name != "either":
            yield from _lacks(inner.schema, f"{path}{name}.")

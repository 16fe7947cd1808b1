"""Hooks of schemathesis: nobody waits for what may not happen."""

from __future__ import annotations

import schemathesis

#: these wait for something to happen, unless they are told not to
WAITING = {"POST /v2/jobs/activation", "POST /v2/process-instances"}


@schemathesis.hook
def before_call(_context, case, _kwargs):
    if case.operation.label in WAITING and isinstance(case.body, dict):
        case.body["requestTimeout"] = -1

"""Generated requests against the published description: no crash, no undocumented answer."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi import checks

from tests.serving import PASSWORD

CHECKS = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
#: moving the clock to the year 9999 would end the year for all other examples
LEFT_OUT = {"PUT /v2/clock"}
#: these wait for something to happen, unless they are told not to
WAITING = {"POST /v2/jobs/activation", "POST /v2/process-instances"}


@pytest.mark.parametrize("role", ["admin", "employee"])
def test_every_generated_request_is_answered_as_documented(served, role):
    described = schemathesis.openapi.from_url(served.base + "/api/openapi.json")
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) > 30

    faults = []
    for operation in operations:
        if operation.label not in LEFT_OUT:
            try:
                _try_out(operation, role)
            except Exception as fault:  # noqa: BLE001 - every kind of failure is reported
                faults.append(f"{operation.label}: {fault}")

    assert not faults, "\n\n".join(faults)


def _try_out(operation, role):
    @settings(
        max_examples=6,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case):
        if operation.label in WAITING and isinstance(case.body, dict):
            case.body["requestTimeout"] = -1
        answer = case.call(auth=(role, PASSWORD), timeout=20)
        case.validate_response(answer, checks=CHECKS)
        # 501 and 504 are spoken: what is not offered, what has not happened in time
        assert answer.status_code not in (500, 502, 503), answer.text

    ask()

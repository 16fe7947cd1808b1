"""POST /v2/deployments plays the scenarios sent with a drawing."""

from __future__ import annotations

from tests.serving import DRAWINGS

STORY = """process: waits_bell
scenarios:
  - name: The bell is heard
    start: {}
    steps:
      - expect: {ended: true}
"""
REASON = "The bell is mended on Monday."


def deploy(client, **fields):
    files = [
        ("resources", ("waits.bpmn", (DRAWINGS / "waits.bpmn").read_bytes())),
        ("resources", ("waits.scenarios.yaml", STORY.encode())),
    ]
    return client.ask("POST", "/v2/deployments", files=files, data=fields)


def test_a_failing_scenario_refuses_a_deployment_with_file_and_line(admin):
    answer = deploy(admin)
    assert answer.status_code == 422
    fault = next(one for one in answer.json()["errors"] if one["code"] == "scenario-failed")
    assert (fault["resource"], fault["line"]) == ("waits.scenarios.yaml", 6)
    assert "The bell is heard" in fault["message"]


def test_a_reason_passes_it_over(admin):
    assert deploy(admin, scenarioOverrideReason=REASON).status_code == 200


def test_a_reason_that_says_nothing_is_refused(admin):
    assert deploy(admin, scenarioOverrideReason="because").status_code in {400, 422}

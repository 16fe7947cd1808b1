"""Accounts of programs: made on the command line, let in by secret or token, never on a page."""

from __future__ import annotations

import pytest
import requests

from app.cli import main
from engine.usecases.accounts import SignInRefused, check_password
from engine.usecases.errors import Conflict, InputRefused
from engine.usecases.service_accounts import create_service_account
from engine.usecases.sessions import open_session
from tests.serving import AGENCY, DRAWINGS, Served


@pytest.fixture(scope="module")
def house(sqlite_template, tmp_path_factory):
    served = Served(tmp_path_factory.mktemp("machines"), sqlite_template).start(worker=False)
    served.client("admin").deploy(DRAWINGS / "robot.bpmn")
    yield served
    served.close()


def made(house, name, *job_types, groups=()):
    return create_service_account(
        house.house,
        house.hasher,
        name=name,
        job_types=job_types,
        groups=groups,
        agency_id=AGENCY,
    )


def take(house, job_type, auth=None, **headers):
    body = {"type": job_type, "timeout": 1000, "maxJobsToActivate": 5, "requestTimeout": -1}
    path = house.base + "/v2/jobs/activation"
    return requests.post(path, json=body, auth=auth, headers=headers, timeout=10)


def token(house, name, secret, **form):
    asked = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret}
    return requests.post(house.base + "/oauth/token", data=asked | form, timeout=10)


def test_it_takes_jobs_of_its_types_and_no_others(house):
    start = {"processDefinitionId": "robot"}
    house.client("admin").post("/v2/process-instances", start)
    secret = made(house, "weigher", "weigh", "count")
    own = take(house, "weigh", ("weigher", secret))
    assert own.status_code == 200
    assert len(own.json()["jobs"]) == 1
    assert take(house, "pack", ("weigher", secret)).status_code == 403
    other = made(house, "packer", "pack")
    job = own.json()["jobs"][0]["jobKey"]
    path = f"{house.base}/v2/jobs/{job}/completion"
    assert requests.post(path, auth=("packer", other), timeout=10).status_code == 403
    assert requests.post(path, auth=("weigher", secret), timeout=10).status_code == 204


def test_a_star_is_every_type_and_groups_are_kept(house):
    secret = made(house, "all-hands", "*", groups=["auditor"])
    assert take(house, "anything", ("all-hands", secret)).status_code == 200
    me = requests.get(
        house.base + "/v2/authentication/me", auth=("all-hands", secret), timeout=10
    ).json()
    assert (me["username"], me["groups"]) == ("all-hands", ["auditor"])


def test_a_token_opens_until_the_secret_changes(house):
    secret = made(house, "tokens", "weigh")
    answer = token(house, "tokens", secret)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    bearer = f"Bearer {answer.json()['access_token']}"
    assert take(house, "weigh", Authorization=bearer).status_code == 200
    assert take(house, "weigh", Authorization=bearer + "x").status_code == 401
    made(house, "tokens", "weigh")
    assert take(house, "weigh", Authorization=bearer).status_code == 401


def test_the_token_door_says_no_in_the_words_of_oauth(house):
    made(house, "door", "weigh")
    wrong = token(house, "door", "no such secret")
    assert (wrong.status_code, wrong.json()) == (401, {"error": "invalid_client"})
    grant = token(house, "door", "x", grant_type="password")
    assert (grant.status_code, grant.json()) == (400, {"error": "unsupported_grant_type"})
    person = token(house, "admin", "a long enough secret")
    assert person.json() == {"error": "invalid_client"}


def test_a_program_opens_no_page_and_takes_no_name_of_a_person(house):
    secret = made(house, "pageless", "weigh")
    account = check_password(house.house, house.hasher, "pageless", secret)
    with pytest.raises(SignInRefused):
        open_session(house.house, account)
    with pytest.raises(Conflict):
        made(house, "employee", "weigh")


@pytest.mark.parametrize(
    ("name", "types", "groups"),
    [
        ("a b", ["x"], []),
        ("", ["x"], []),
        ("idle", [], []),
        ("odd", [], ["kings"]),
        ("e", [""], []),
    ],
)
def test_an_account_that_cannot_be_is_refused(house, name, types, groups):
    with pytest.raises(InputRefused):
        made(house, name, *types, groups=groups)


def test_the_command_line_makes_one_and_prints_the_secret_once(
    house, monkeypatch, capsys, tmp_path
):
    monkeypatch.setenv("REGU_DATABASE_URL", house.settings.database_url)
    monkeypatch.setenv("REGU_DATA_DIR", str(tmp_path))
    assert main(["service-account", "create", "from-shell", "--job-type", "weigh",
                 "--agency", AGENCY]) == 0  # fmt: skip
    secret = capsys.readouterr().out.strip()
    assert take(house, "weigh", ("from-shell", secret)).status_code == 200
    assert main(["service-account", "create", "from-shell", "--agency", AGENCY]) == 1

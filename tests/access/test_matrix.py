"""Every route, asked by every role, answers what the tables say; a route in no table fails."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.access_paper import render
from app.route_access import ROUTES, Rule
from engine.domain.access import Relation
from engine.usecases.accounts import disable_account
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.drafting import SaveDraft, save_draft
from engine.usecases.imports.sample import sample_workbook
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.proving import begin_proof
from engine.usecases.releases import ProposeRelease, propose
from engine.usecases.rights import GROUPS
from engine.usecases.workbooks import begin_check, begin_export
from tests.access.asking import ask, mark, path_of, things
from tests.access.city import OPERATOR
from tests.access.expecting import OK, ROLES, expected

DOCS = Path(__file__).parents[2] / "docs" / "access.md"
SAFE = {"GET"}


def routes(app):
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


@pytest.fixture(scope="module")
def asked(shared_city):
    return furnished(shared_city)


def furnished(city):
    """The city with a task, an instance, an incident and a definition to ask for."""
    ids = city.ids
    ids["instance attest"], ids["instance abroad"] = ids["work"], ids["abroad"]
    ids["instance draft"] = city.start(
        "planning", person_id=ids["sari"], cycle_id=ids["cycle BLDN"]
    )
    for name, element in (
        ("attest", "attest"), ("abroad", "deliver_output"), ("draft", "draft_plan"),
    ):  # fmt: skip
        ids[f"task {name}"] = city.task(ids[f"instance {name}"], element).key
    for name, who, by in (("attest", "hasan", "nurul"), ("draft", "eko", "nurul")):
        ids[f"steered {name}"] = city.start(
            "planning", by=by, person_id=ids[who], cycle_id=ids["cycle BLDN"]
        )
    ids["steered abroad"] = city.start(
        "planning", by="xenia", person_id=ids["vina"], cycle_id=ids["cycle SEB"]
    )
    for place, who in (("BLDN", "nurul"), ("SEB", "xenia")):
        ids |= {f"{name} {place}": row for name, row in long_work(city, who).items()}
    for place, process_id in (("BLDN", "promise"), ("SEB", "objection")):
        ids[f"release {place}"] = proposed(city, place, process_id)
    story = Subject(DraftKind.SCENARIOS, "evaluation")
    save_draft(city.house, OPERATOR, SaveDraft(subject=story, content=b"scenarios: []"))
    ids["instance BLDN"] = city.start("evaluation", person_id="nobody", cycle_id="none")
    admin = city.api("admin")
    known = admin.post("/v2/process-definitions/search", {}).json["items"]
    ids["definition"] = known[0]["processDefinitionKey"]
    return city


def proposed(city, place, process_id):
    """A release that waits, proposed by nobody who is asked."""
    drawer = Actor(
        kind=ActorKind.CLIENT,
        name="drawer",
        groups=frozenset({"process_owner"}),
        agency_id=city.ids[f"agency {place}"],
    )
    subject = Subject(DraftKind.PROCESS, process_id)
    with city.house.reading() as uow:
        drawn = uow.processes.latest_definition(process_id).xml
    save = SaveDraft(subject=subject, content=drawn.replace(b'name="', b'name="Baru ', 1))
    save_draft(city.house, drawer, save)
    command = ProposeRelease(subject=subject, reason="Its name is clearer now.")
    return propose(city.house, drawer, command).id


def long_work(city, who):
    """A check of a workbook, an export that is done and a proof of somebody's agency."""
    agency = city.ids[f"agency {'SEB' if who == 'xenia' else 'BLDN'}"]
    doer = Actor(
        kind=ActorKind.PERSON,
        name=city.ids[who],
        person_id=city.ids[who],
        groups=frozenset({"admin", "perf_admin", "auditor"}),
        agency_id=agency,
    )
    files = city.wired.work_files
    made = {
        "import": begin_check(city.house, files, doer, sample_workbook(), "a.xlsx").id,
        "export": begin_export(city.house, doer).id,
        "work": begin_proof(city.house, doer).id,
    }
    city.settle()
    return made


def test_every_route_is_in_the_table(shared_city):
    assert routes(shared_city.app) == set(ROUTES)


def test_the_document_is_made_of_the_tables():
    assert DOCS.read_text(encoding="utf-8") == render(), "write render() to docs/access.md"


def test_the_cast_plays_every_relation_and_group():
    held = {
        relation
        for one in ROLES.values()
        for target, agency in (("sari", "BLDN"), ("vina", "SEB"), ("hasan", "BLDN"))
        for relation in one.held(target, agency)
    }
    assert held == set(Relation)
    assert {group for one in ROLES.values() for group in one.groups} == GROUPS


@pytest.mark.parametrize("route", [route for route in ROUTES if route != "POST /keluar"])
def test_each_role_gets_what_the_tables_say(asked, route):
    found, wanted = {}, {}
    for thing in things(route):
        for name, one in ROLES.items():
            person = one.who if thing == "own" else thing
            found[name, thing] = mark(route, ask(asked, route, thing, one.who))
            wanted[name, thing] = expected(ROUTES[route], one, person)
            if thing == "own" and not one.person:
                wanted[name, thing] = "gone"
    assert found == wanted


@pytest.fixture(scope="module")
def shut_out(asked):
    """Visitors whom the house does not know any more: nobody, a session that was ended, an
    account that was closed with its session still in the browser."""
    asked.logins |= {"revoked": asked.logins["sari"], "closed": asked.logins["doni"]}
    for who in ("revoked", "closed"):
        asked.page(who)
    cookie = asked.page("revoked").http.get_cookie("regu_session").value
    assert asked.page("revoked").post("/keluar").status_code == 303
    asked.page("revoked").http.set_cookie("regu_session", cookie)
    owner = replace(OPERATOR, agency_id=asked.ids["agency BLDN"])
    disable_account(asked.house, owner, asked.logins["doni"])
    return asked


@pytest.mark.parametrize("who", [None, "revoked", "closed"])
def test_who_is_shut_out_gets_nothing(shut_out, who):
    for route, right in ROUTES.items():
        if right.rule in (Rule.PUBLIC, Rule.FIGURES):
            continue
        method, rule = route.split(" ", 1)
        thing = next(iter(things(route)))
        path = path_of(shut_out, route, thing, "sari")
        answers = [shut_out.page(who).http.open(path, method=method, data={"x": "1"})]
        if rule.startswith(("/api/", "/v2/")):
            if who != "revoked":
                answers.append(shut_out.api(who).ask(method, path))
            # a closed account's password is tried often: then every further try waits
            assert {answer.status_code for answer in answers} <= {401, 429}, route
        else:
            assert {mark(route, answer) for answer in answers} == {"out"}, route


def test_an_unsafe_request_on_a_session_needs_its_token(asked):
    """With a session's cookie and without its token nothing is done, by page or by API."""
    asked.page("sari")
    before = asked.stored()
    for route in ROUTES:
        method = route.split(" ", 1)[0]
        if method in SAFE:
            continue
        path = path_of(asked, route, next(iter(things(route))), "sari")
        for token in ({}, {"csrf_token": "0" * 64}, {"csrf_token": "é"}):
            answer = asked.page("sari").http.open(path, method=method, data=token)
            assert answer.status_code == 400, (route, answer.text)
    assert asked.stored() == before


def test_a_session_works_at_the_api_with_its_token(shared_city):
    visitor = shared_city.page("sari")
    assert visitor.get("/api/me").json["login"] == shared_city.logins["sari"]
    body = {"json": {"filter": {}}, "headers": {"X-CSRF-Token": visitor.token}}
    answer = visitor.http.post("/v2/user-tasks/search", **body)
    assert answer.status_code == 200
    other = shared_city.page("budi").token
    body["headers"]["X-CSRF-Token"] = other
    assert visitor.http.post("/v2/user-tasks/search", **body).status_code == 400


def test_a_password_opens_no_page(shared_city):
    """Basic is for the API: a browser that remembers a password could be led to act."""
    for path in ("/tugas", "/skp"):
        assert mark("", shared_city.api("sari").get(path)) == "out"
    assert expected(ROUTES["GET /tugas"], ROLES["employee"], None) == OK

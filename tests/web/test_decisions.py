"""The page of a decision without a browser: rules in words, trial, findings, drafts, versions."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from engine.usecases.decision_drafts import ASKED_BY_OPERATIONS
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.ports.process import Resource
from tests.web.conftest import token_of
from tests.web.town import DAY, PEOPLE
from web.decision_words import SCREEN

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "workflows").glob("*/*.dmn"))
BAND = Subject(DraftKind.DECISION, "level_band")
EVIL = "<img src=x onerror=alert(1)>\"'"


@pytest.fixture
def owner(client):
    return client.sign_in("owner")


def text_of(page):
    """What a reader sees, without the file itself."""
    body = re.sub(r"<textarea.*?</textarea>", "", page.text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def band(town):
    with town.house.reading() as uow:
        return uow.processes.decisions("level_band")[0].xml.decode()


def put(owner, path, content, **headers):
    token = token_of(owner.get("/keputusan/level_band"))
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return owner.http.put(path, data=content, headers={"X-CSRF-Token": token, **headers})


def ask(owner, xml, decision="level_band", **values):
    page = owner.get("/keputusan/level_band")
    return owner.post(f"/keputusan/{decision}/coba", page, xml=xml, **values)


def check(owner, xml, decision="level_band"):
    page = owner.get("/keputusan/level_band")
    return owner.post(f"/keputusan/{decision}/periksa", page, xml=xml)


def test_rules_stand_in_words_with_their_source_and_status(owner):
    told = text_of(owner.get("/keputusan/level_band"))
    assert "Aturan 1: capaian 105 atau lebih, maka Di Atas" in told
    assert "Rancangan Regu" in told


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_decision_is_outlined_without_an_error(owner, path):
    xml = path.read_text()
    answer = check(owner, xml, path.stem)
    assert answer.status_code == 200
    assert "tag--bad" not in answer.text.partition('data-part="rules"')[0]
    assert answer.text.count('class="rules__row') == xml.count("<rule ")


def test_a_trial_asks_what_is_on_the_page_and_nothing_that_is_stored(owner, town):
    changed = band(town).replace("&gt;= 105", "&gt;= 120")
    told = text_of(ask(owner, changed, **{"nilai-0": "107,5"}))
    assert "Aturan 2: capaian 90 atau lebih, maka Sesuai" in told
    answer = ask(owner, changed, **{"nilai-0": "107,5"}).text
    assert 'data-matched="level_band_rule_2"' in answer
    assert band(town) != changed
    with town.house.reading() as uow:
        assert uow.drafts.current(BAND) is None


@pytest.mark.parametrize("typed", ["1.234", "banyak"])
def test_a_number_that_cannot_be_read_is_said_at_its_field(owner, town, typed):
    answer = ask(owner, band(town), **{"nilai-0": typed})
    assert answer.status_code == 422
    assert 'id="nilai-0-fault"' in answer.text
    assert "data-matched" not in answer.text


def test_a_table_that_does_not_work_yet_says_so_and_leads_to_the_cell(owner, town):
    broken = band(town).replace("&gt;= 105", "&gt;= = 105")
    answer = check(owner, broken)
    assert 'data-element="level_band_rule_1_1"' in answer.text
    tried = ask(owner, broken, **{"nilai-0": "1"})
    assert tried.status_code == 200
    assert "data-blamed" in tried.text


def test_two_rules_of_a_unique_table_that_match_are_blamed_by_name(owner, town):
    unique = band(town).replace('hitPolicy="FIRST"', 'hitPolicy="UNIQUE"')
    answer = ask(owner, unique, **{"nilai-0": "110"}).text
    assert re.search(r'data-matched="level_band_rule_1[^"]*" data-blamed="yes"', answer)


def test_an_overlap_and_a_gap_come_with_an_example_to_try(owner, town):
    unique = band(town).replace('hitPolicy="FIRST"', 'hitPolicy="UNIQUE"')
    assert 'data-example="{&#34;attainment&#34;:' in check(owner, unique).text
    without_last = re.sub(r'<rule id="level_band_rule_3">.*?</rule>', "", unique, flags=re.DOTALL)
    told = text_of(check(owner, without_last))
    assert "Capaian = 89" in told


def test_what_is_no_dmn_is_told_kindly_and_never_fails(owner):
    for xml in ("", "no table", "<definitions/>", "<!DOCTYPE x><definitions/>"):
        assert check(owner, xml).status_code == 200
        assert ask(owner, xml, **{"nilai-0": "1"}).status_code == 200


def test_a_file_without_its_decision_says_that_it_is_lost(owner, town):
    renamed = band(town).replace('id="level_band"', 'id="other"')
    assert "level_band" in text_of(check(owner, renamed)).partition("other")[0]
    assert "tag--bad" in check(owner, renamed).text


def test_a_row_from_memory_rests_until_somebody_confirms_it_and_is_marked(owner, town):
    town.deploy("election_periods.dmn")
    page = owner.get("/keputusan/election_periods")
    assert page.text.count("rules__row--rests") == 2
    xml = next(path for path in SHIPPED if path.stem == "election_periods").read_text()
    asked = {"nilai-0": "2024-01-15"}
    resting = ask(owner, xml, "election_periods", **asked).text
    assert 'data-matched="election_periods_rule_3"' in resting
    counted = ask(owner, xml, "election_periods", unconfirmed="1", **asked).text
    assert 'data-matched="election_periods_rule_1"' in counted


def test_drafts_are_kept_with_their_state_and_never_over_another(owner, town):
    first = put(owner, "/keputusan/level_band/draf", band(town))
    assert first.status_code == 200
    mark = first.json["mark"]
    assert put(owner, "/keputusan/level_band/draf", "<x/>", If_Match='"gone.1"').status_code == 409
    assert put(owner, "/keputusan/level_band/draf", "<x/>", If_Match=f'"{mark}"').status_code == 200
    page = owner.get("/keputusan/level_band")
    assert "&lt;x/&gt;" in page.text
    assert "&lt;x/&gt;" not in owner.get("/keputusan/level_band?versi=1").text
    with town.house.reading() as uow:
        mark = uow.drafts.current(BAND).mark
    owner.post("/keputusan/level_band/draf/buang", page, mark=mark)
    assert "&lt;x/&gt;" not in owner.get("/keputusan/level_band").text


def test_a_new_decision_asks_its_name_and_an_id_that_is_free(owner, town):
    page = owner.get("/keputusan-baru")
    for name, decision_id in (("", "baru"), ("A", "1a"), ("A", "a b"), ("A", "level_band")):
        refused = owner.post("/keputusan-baru", page, name=name, id=decision_id)
        assert refused.status_code == 422
        assert 'aria-invalid="true"' in refused.text
    done = owner.post("/keputusan-baru", page, name=f"Batas {EVIL}", id="batas")
    assert (done.status_code, done.location) == (303, "/keputusan/batas")
    begun = owner.get("/keputusan/batas")
    assert begun.status_code == 200
    assert "<img src=x" not in begun.text
    assert owner.post("/keputusan-baru", page, name="B", id="batas").status_code == 422
    with town.house.reading() as uow:
        mark = uow.drafts.current(Subject(DraftKind.DECISION, "batas")).mark
    gone = owner.post("/keputusan/batas/draf/buang", begun, mark=mark)
    assert gone.location == "/studio"
    assert owner.get("/keputusan/batas").status_code == 404


def test_who_may_only_read_sees_what_is_published_and_no_draft(client, town):
    put(client.sign_in("owner"), "/keputusan/level_band/draf", "<secret/>")
    with town.house.writing() as uow:
        uow.accounts.grant(PEOPLE["tono"][1], "auditor", DAY)
        uow.commit()
    page = client.sign_in("tono").get("/keputusan/level_band")
    assert page.status_code == 200
    assert "secret" not in page.text
    assert "data-note" not in page.text
    assert 'id="try"' not in page.text
    assert client.post("/keputusan/level_band/coba", page, xml="").status_code == 403
    assert client.get("/keputusan-baru").status_code == 404
    assert client.sign_in("sari").get("/keputusan/level_band").status_code == 404


def test_versions_tell_their_days_and_which_counts_today(owner, town):
    later = band(town).replace(
        '<variable id="level_band_variable"',
        '<extensionElements xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"><zeebe:properties>'
        '<zeebe:property name="validFrom" value="2027-01-01"/></zeebe:properties>'
        '<zeebe:versionTag value="aturan-2027"/></extensionElements>'
        '<variable id="level_band_variable"',
    )
    published(town, "level_band.dmn", later)
    told = text_of(owner.get("/keputusan/level_band?versi=2"))
    assert "aturan-2027" in told
    assert "1 Januari 2027" in told


def published(town, name, xml):
    with town.house.writing() as uow:
        town.house.runner.deploy(
            uow, (Resource(name=name, content=xml.encode()),), town.actor("owner")
        )
        uow.commit()


def test_processes_that_ask_a_decision_are_named_those_in_drafts_too(owner, town):
    drawing = '<x xmlns:zeebe="z"><zeebe:calledDecision decisionId="level_band"/></x>'
    token = token_of(owner.get("/studio/cuti"))
    owner.http.put("/studio/cuti/draf", data=drawing, headers={"X-CSRF-Token": token})
    assert 'href="/studio/cuti"' in owner.get("/keputusan/level_band").text


def test_hostile_words_in_a_table_are_shown_and_never_run(owner, town):
    bad = html.escape(EVIL)
    xml = band(town)
    for old in ("Rancangan Regu", "Capaian", "Kata tingkat per peran", "Kata tingkat untuk"):
        xml = xml.replace(old, bad)
    xml = xml.replace("&gt;= 105", f"&gt;= 105, {bad}").replace(">agency<", f">{bad}<")
    xml = xml.replace('id="level_band_rule_2"', f'id="{bad}"')
    assert put(owner, "/keputusan/level_band/draf", xml).status_code == 200
    for page in (
        owner.get("/keputusan/level_band"),
        check(owner, xml),
        ask(owner, xml, **{"nilai-0": EVIL}),
    ):
        assert "<img src=x" not in page.text


def test_every_decision_that_operations_ask_by_name_is_known():
    asked = set()
    for path in (ROOT / "engine" / "usecases").rglob("*.py"):
        asked |= set(re.findall(r'\bdecide\(\s*(?:\w+(?:\.\w+)*,\s*)?"(\w+)"', path.read_text()))
    assert asked <= ASKED_BY_OPERATIONS
    assert {path.stem for path in SHIPPED} >= ASKED_BY_OPERATIONS


def test_what_the_table_editor_says_has_words():
    modules = ROOT / "node_modules"
    if not (modules / "dmn-js").is_dir():
        pytest.skip("the table editor is not installed")
    said = set()
    for part in ("decision-table", "drd", "literal-expression", "boxed-expression", "shared"):
        for path in (modules / f"dmn-js-{part}" / "lib").rglob("*.js"):
            found = re.findall(r"\b_?translate\('([^'\\]+)'", path.read_text())
            said |= {one for one in found if one[0] != '"'}
    assert said - set(SCREEN) == set()

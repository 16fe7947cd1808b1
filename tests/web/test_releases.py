"""Publishing by two people on pages without scripts, and over the API."""

from __future__ import annotations

import re

import pytest

from engine.usecases import drafting
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.ports.drafts import DraftKind, Subject
from tests.web.conftest import token_of

CUTI = Subject(DraftKind.PROCESS, "cuti")
WHY = "The head needs a clearer word here."
PLACE = "/studio/cuti/terbitkan"
HOSTILE = '"><script>alert(1)</script>'


def drawn_by(town, login="owner"):
    return Actor(
        kind=ActorKind.CLIENT,
        name=login,
        groups=frozenset({"process_owner"}),
        agency_id=town.ids["agency"],
    )


def draft(town, *changes, subject=CUTI, content=None):
    """The newest drawing with these words changed, on the table."""
    with town.house.reading() as uow:
        row = uow.processes.latest_definition("cuti")
        standing = uow.drafts.current(subject)
    text = (content or row.xml).decode()
    for old, new in changes:
        text = text.replace(old, new)
    command = drafting.SaveDraft(
        subject=subject,
        content=text.encode(),
        base_key=row.key if subject is CUTI else None,
        expected=standing.mark if standing else "",
    )
    return drafting.save_draft(town.house, drawn_by(town), command)


RENAMED = ("Periksa permohonan", "Telaah permohonan")


def propose(client, place=PLACE, **words):
    page = client.get(place)
    words = {"act": "propose", "reason": WHY, **words}
    return client.post(place, page, **words)


@pytest.fixture
def proposed(client, town):
    """Where the proposal of the owner is reviewed."""
    draft(town, RENAMED)
    client.sign_in("owner")
    return propose(client).location


def version(town):
    with town.house.reading() as uow:
        return uow.processes.latest_definition("cuti").version


def test_the_page_says_what_changes_whom_it_touches_and_asks_why(client, town):
    draft(town, RENAMED)
    client.sign_in("owner")
    page = client.get(PLACE).text
    assert page.count("data-compare") == 2
    assert "<del>Periksa permohonan</del>" in page
    assert "<ins>Telaah permohonan</ins>" in page
    assert 'name="reason"' in page
    short = propose(client, reason="no")
    assert short.status_code == 422
    assert 'id="reason-fault"' in short.text


def test_open_tasks_at_changed_steps_stand_by_name_and_date_and_as_a_file(client, town):
    draft(town, ("Isi permohonan cuti", "Tulis permohonan cuti"))
    client.sign_in("owner")
    page = client.get(PLACE).text
    assert "Sari Wulandari" in page
    assert "5 Jun 2026" in page
    kept = client.get(f"{PLACE}?bentuk=csv&tabel=yang-terkena")
    assert kept.mimetype == "text/csv"
    assert "Sari Wulandari" in kept.text


def test_two_people_publish_and_the_history_names_both(client, town, proposed):
    own = client.get(proposed).text
    assert 'value="withdraw"' in own
    assert 'value="publish"' not in own
    assert client.post(proposed, client.get(proposed), act="publish").status_code == 422
    assert version(town) == 1
    client.sign_in("second")
    page = client.get(proposed)
    assert WHY in page.text
    assert client.post(proposed, page, act="publish").status_code == 303
    assert version(town) == 2
    told = client.get("/studio/cuti/versi").text
    assert WHY in told
    assert told.count('href="/tinjauan/') >= 1
    compared = client.get("/studio/cuti/versi?lama=1&baru=2").text
    assert "<ins>Telaah permohonan</ins>" in compared


def test_what_goes_back_needs_words_and_they_are_read(client, town, proposed):
    client.sign_in("second")
    page = client.get(proposed)
    refused = client.post(proposed, page, act="return", words="")
    assert refused.status_code == 422
    assert 'id="words-fault"' in refused.text
    client.post(proposed, page, act="return", words="The name says too little still.")
    client.sign_in("owner")
    assert "The name says too little still." in client.get(proposed).text
    assert version(town) == 1


def test_the_list_says_what_waits_for_me_and_what_is_mine(client, proposed):
    mine = client.get("/tinjauan").text
    assert 'id="usulan-saya"' in mine
    assert proposed not in mine[mine.index('id="menunggu"') : mine.index('id="usulan-saya"')]
    client.sign_in("second")
    theirs = client.get("/tinjauan").text
    assert proposed in theirs[theirs.index('id="menunggu"') : theirs.index('id="semua"')]


def test_the_move_is_tried_on_the_page_and_begun_with_the_publication(client, town):
    draft(town, RENAMED)
    client.sign_in("owner")
    page = client.get(PLACE)
    tried = client.post(PLACE, page, act="try", running="migrate")
    assert 'id="coba"' in tried.text
    made = propose(client, running="migrate").location
    client.sign_in("second")
    client.post(made, client.get(made), act="publish")
    assert "/kelola/massal/" in client.get(made).text


def test_the_dry_run_names_each_matter_its_holder_and_the_verdict_on_both_pages_and_as_files(
    client, town
):
    draft(town, RENAMED)
    client.sign_in("owner")
    tried = client.post(PLACE, client.get(PLACE), act="try", running="migrate")
    told = tried.text[tried.text.index('id="coba"') :]
    assert "Cuti bulan Juni" in told
    assert "Sari Wulandari" in told
    assert "akan pindah" in told
    kept = client.post(f"{PLACE}?bentuk=csv&tabel=coba-pindah", tried, act="try", running="migrate")
    assert kept.mimetype == "text/csv"
    assert "Cuti bulan Juni;Sari Wulandari;akan pindah" in kept.text
    made = propose(client, running="migrate").location
    client.sign_in("second")
    assert "akan pindah" in client.get(made).text
    assert "Cuti bulan Juni" in client.get(f"{made}?bentuk=csv&tabel=coba-pindah").text


def test_what_cannot_move_stands_first_in_the_dry_run_with_its_reason(client, town):
    draft(town, RENAMED)
    client.sign_in("owner")
    choice = {"act": "try", "running": "migrate", "to.isi": "", "to.periksa": "periksa"}
    tried = client.post(PLACE, client.get(PLACE), **choice)
    kept = client.post(f"{PLACE}?bentuk=csv&tabel=coba-pindah", tried, **choice)
    assert "akan pindah" not in kept.text
    assert "Cuti bulan Juni;Sari Wulandari;" in kept.text


def test_only_some_units_take_it_when_they_are_chosen(client, town):
    draft(town, RENAMED)
    client.sign_in("owner")
    made = propose(client, who="some", units=town.ids["u1"]).location
    client.sign_in("second")
    client.post(made, client.get(made), act="publish")
    with town.house.reading() as uow:
        assert uow.processes.latest_definition("cuti").pilot_units == (town.ids["u1"],)


def test_an_earlier_version_is_brought_back_at_once_when_it_is_urgent(client, town, proposed):
    client.sign_in("second")
    client.post(proposed, client.get(proposed), act="publish")
    back = f"{PLACE}?kembali=1"
    page = client.get(back)
    assert 'value="urgent"' in page.text
    answer = client.post(PLACE, page, act="urgent", reason=WHY, kembali="1", items="process:cuti")
    assert answer.status_code == 303
    assert version(town) == 3
    assert "tag--bad" in client.get("/studio/cuti/versi").text
    assert client.get(f"{PLACE}?kembali=99").status_code == 404


def test_a_form_alone_is_proposed_on_its_own_page(client, town):
    with town.house.reading() as uow:
        form = uow.processes.latest_form("cuti")
    subject = Subject(DraftKind.FORM, "cuti")
    draft(town, ('"label": "', '"label": "Baru '), subject=subject, content=form.schema)
    client.sign_in("owner")
    assert "Baru " in client.get("/formulir/cuti/terbitkan").text
    made = propose(client, "/formulir/cuti/terbitkan").location
    client.sign_in("second")
    client.post(made, client.get(made), act="publish")
    with town.house.reading() as uow:
        assert uow.processes.latest_form("cuti").version == form.version + 1


def test_a_draft_that_was_saved_meanwhile_is_looked_at_again(client, town):
    draft(town, RENAMED)
    client.sign_in("owner")
    page = client.get(PLACE)
    seen = re.search(r'name="items" value="([^"]+)"', page.text)[1]
    draft(town, ("Periksa permohonan", "Teliti permohonan"))
    answer = client.post(PLACE, page, act="propose", reason=WHY, items=seen)
    assert answer.status_code == 422
    assert "Teliti permohonan" in answer.text


def test_words_and_names_never_run(client, town):
    draft(town, ("Periksa permohonan", "&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"))
    client.sign_in("owner")
    assert HOSTILE not in client.get(PLACE).text
    made = propose(client, reason=f"{WHY} {HOSTILE}").location
    for place in (made, "/tinjauan"):
        assert "<script>alert" not in client.get(place).text


@pytest.mark.parametrize(("login", "status"), [("sari", 404), ("kepala", 404), ("second", 200)])
def test_who_has_no_right_sees_nothing(client, proposed, login, status):
    client.sign_in(login)
    for place in (PLACE, "/tinjauan", "/studio/cuti/versi", proposed):
        assert client.get(place).status_code == status


def test_the_api_proposes_lists_and_decides_by_the_same_rules(client, town):
    draft(town, RENAMED)
    client.sign_in("owner")
    token = token_of(client.get("/studio/cuti"))
    body = {"subjectId": "cuti", "reason": WHY}
    headers = {"X-CSRF-Token": token}
    made = client.http.post("/api/releases", json=body, headers=headers)
    assert made.status_code == 201
    place = f"/api/releases/{made.json['id']}"
    assert client.get("/api/releases?state=in_review").json["items"] == [made.json]
    assert [one["kind"] for one in client.get(place).json["files"]] == ["process"]
    decide = {"json": {"act": "publish"}, "headers": headers}
    assert client.http.post(f"{place}/decision", **decide).status_code == 403
    client.sign_in("second")
    decide["headers"] = {"X-CSRF-Token": token_of(client.get("/studio/cuti"))}
    done = client.http.post(f"{place}/decision", **decide)
    assert (done.status_code, done.json["state"]) == (200, "published")
    assert version(town) == 2


LANE = (
    '<bpmn:laneSet id="ls"><bpmn:lane id="l" name="Auditor agung">'
    "<bpmn:flowNodeRef>periksa</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('candidateGroups="hr"', 'candidateGroups="admin"'), "<ins>Administrator</ins>"),
        (('isExecutable="true">', f'isExecutable="true">{LANE}'), "Auditor agung"),
        (('assignee="=person_id"', 'assignee="=chosen_by_the_drawer"'), "chosen_by_the_drawer"),
    ],
)
def test_whoever_reviews_is_shown_who_gets_tasks_by_the_change(client, town, change, told):
    """A drawing that hands tasks to others says so in a table of its own."""
    draft(town, change)
    client.sign_in("owner")
    page = client.get(PLACE).text
    place = page.index("Siapa mengerjakan apa")
    assert told in page[place : page.index("</table>", place)]


def test_a_first_version_says_who_gets_each_task(client, town):
    """There is nothing to compare it with; who does what is told all the same."""
    subject = Subject(DraftKind.PROCESS, "izin")
    draft(town, ('"cuti"', '"izin"'), ("Permohonan cuti", "Izin"), subject=subject)
    client.sign_in("owner")
    page = client.get("/studio/izin/terbitkan").text
    place = page.index("Siapa mengerjakan apa")
    told = page[place : page.index("</table>", place)]
    assert "Kepegawaian" in told
    assert "=person_id" in told

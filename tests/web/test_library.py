"""The library: what there is and where it stands; files that come in and go out."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from engine.usecases.library import Fate, bring_in, library
from engine.usecases.ports.drafts import DraftKind, Subject
from tests.persistence.counting import counted
from tests.web.conftest import token_of
from tests.web.looking import grave
from web.archives import ArchiveRefused, packed, unpacked

CUTI = Subject(DraftKind.PROCESS, "cuti")
FORM = b'{"type": "default", "id": "formulir_baru", "components": []}'


def drawing_of(town):
    with town.wired.house.reading() as uow:
        return uow.processes.latest_definition("cuti").xml


def decision_called(name):
    shipped = Path("workflows/contribution/protection.dmn").read_bytes()
    return shipped.replace(b'<decision id="protection"', b'<decision id="%s"' % name.encode())


def fates_of(town, *files):
    """What becomes of files for the process owner: by name, what it is of and its fate."""
    found = bring_in(town.house, town.actor("owner"), unpacked(files))
    return {one.resource_name: (one.subject, one.fate) for one in found}


def bring(visitor, *files):
    token = token_of(visitor.get("/studio"))
    sent = [(io.BytesIO(content), name) for name, content in files]
    return visitor.http.post("/studio/masuk", data={"csrf_token": token, "files": sent})


def drafted(town, subject):
    with town.wired.house.reading() as uow:
        found = uow.drafts.current(subject)
        return found and found.content


def test_everything_is_listed_with_its_state_and_what_runs(client):
    page = client.sign_in("owner").get("/studio").text
    assert 'href="/studio/cuti"' in page
    assert 'href="/proses?proses=cuti"' in page
    assert "terbit" in page or "published" in page


def test_the_list_is_sieved_by_words_kind_and_state(client):
    client.sign_in("owner")
    assert 'href="/studio/cuti"' in client.get("/studio?cari=CUTI&jenis=process").text
    assert 'href="/studio/cuti"' not in client.get("/studio?cari=cuti&jenis=form").text
    assert 'href="/studio/cuti"' not in client.get("/studio?keadaan=draft").text
    assert 'href="/studio/cuti"' in client.get("/studio?jenis=semua").text
    assert client.get("/studio?bentuk=csv").data.startswith(b"\xef\xbb\xbf")


def test_a_file_comes_in_as_a_draft_and_the_draft_before_is_kept_beside(client, town):
    client.sign_in("owner")
    first = drawing_of(town).replace(b"</bpmn:definitions>", b"<!-- one --></bpmn:definitions>")
    second = first.replace(b"one", b"two")
    assert bring(client, ("cuti.bpmn", drawing_of(town))).status_code == 200
    assert drafted(town, CUTI) is None
    bring(client, ("cuti.bpmn", first))
    bring(client, ("lain.bpmn", second))
    assert drafted(town, CUTI) == second
    with town.wired.house.reading() as uow:
        assert [row.content for row in uow.drafts.beside(CUTI)] == [first]


def test_a_zip_comes_in_file_by_file_and_what_cannot_be_read_is_told(client, town):
    client.sign_in("owner")
    content = packed([("a/formulir_baru.form", FORM), ("b/rusak.bpmn", b"<no"), ("c.txt", b"x")])
    page = bring(client, ("semua.zip", content)).text
    assert drafted(town, Subject(DraftKind.FORM, "formulir_baru")) == FORM
    assert "rusak.bpmn" in page
    assert "c.txt" in page


@pytest.mark.parametrize("zipped", [False, True])
def test_a_decision_comes_in_alone_and_in_a_zip(town, zipped):
    content = decision_called("perlindungan")
    told = fates_of(town, ("p.zip", packed([("p.dmn", content)])) if zipped else ("p.dmn", content))
    mine = Subject(DraftKind.DECISION, "perlindungan")
    assert told == {"p.dmn": (mine, Fate.BEGUN)}
    assert drafted(town, mine) == content


def test_endings_in_large_letters_are_read_alone_and_in_a_zip(town):
    drawn = drawing_of(town).replace(b'"cuti"', b'"cuti9"')
    inside = packed([("A/P.DMN", decision_called("p")), ("B/F.FORM", FORM), ("C/BACA.TXT", b"x")])
    told = fates_of(town, ("CUTI9.BPMN", drawn), ("SEMUA.ZIP", inside))
    assert told == {
        "CUTI9.BPMN": (Subject(DraftKind.PROCESS, "cuti9"), Fate.BEGUN),
        "P.DMN": (Subject(DraftKind.DECISION, "p"), Fate.BEGUN),
        "F.FORM": (Subject(DraftKind.FORM, "formulir_baru"), Fate.BEGUN),
        "BACA.TXT": (None, Fate.REFUSED),
    }


@pytest.mark.parametrize(
    "content",
    [
        b"<no",
        b'<!DOCTYPE d [<!ENTITY x "y">]>' + decision_called("x").partition(b"?>")[2],
        b'<definitions xmlns="urn:no-dmn"><decision id="x"/></definitions>',
    ],
    ids=["broken", "DOCTYPE", "another language"],
)
def test_what_is_no_decision_is_refused(town, content):
    assert fates_of(town, ("x.dmn", content)) == {"x.dmn": (None, Fate.REFUSED)}


def test_what_goes_out_is_known_again_file_by_file(client, town):
    client.sign_in("owner")
    told = fates_of(town, ("regu.zip", client.get("/studio/keluar").data))
    assert {fate for _subject, fate in told.values()} == {Fate.SAME}
    kinds = {subject.kind for subject, _fate in told.values()}
    assert kinds >= {DraftKind.PROCESS, DraftKind.DECISION, DraftKind.FORM}


def test_what_goes_out_comes_in_again_as_nothing_new(client, town):
    client.sign_in("owner")
    answer = client.get("/studio/keluar")
    names = zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert any(name.startswith("process/") for name in names)
    bring(client, ("regu.zip", answer.data))
    with town.wired.house.reading() as uow:
        assert list(uow.drafts.standing()) == []
    alone = client.get("/studio/keluar?apa=process:cuti")
    assert alone.data == drawing_of(town)
    assert client.get("/studio/keluar?apa=process:nobody").status_code == 404


def test_a_new_process_may_begin_as_a_copy(client, town):
    client.sign_in("owner")
    page = client.get("/studio-baru?contoh=cuti")
    form = {"csrf_token": token_of(page), "name": "Cuti besar", "template": "cuti"}
    assert client.http.post("/studio-baru", data=form).status_code == 303
    copy = drafted(town, Subject(DraftKind.PROCESS, "cuti_besar"))
    assert b'id="cuti_besar"' in copy
    assert b'name="Cuti besar"' in copy
    assert copy.count(b"userTask") == drawing_of(town).count(b"userTask")


def test_who_may_not_read_drawings_gets_nothing(client):
    client.sign_in("citra")
    assert client.get("/studio").status_code == 404
    assert client.get("/studio/keluar").status_code == 404


def test_the_list_asks_the_same_however_many_there_are(client, town):
    def asked():
        with counted(town.wired.database.reading) as found:
            assert client.get("/studio").status_code == 200
        return found.count

    client.sign_in("owner")
    asked()
    few = asked()
    forms = [(f"f{n}.form", FORM.replace(b"formulir_baru", b"f%d" % n)) for n in range(8)]
    bring(client, *forms)
    assert asked() == few


def begin(visitor, name, process_id):
    form = {"csrf_token": token_of(visitor.get("/studio-baru")), "name": name}
    return visitor.http.post("/studio-baru", data={**form, "process_id": process_id})


def test_what_is_not_published_is_called_and_found_by_its_name(client):
    client.sign_in("owner")
    begin(client, "Pinjam kendaraan dinas", "pkd")
    bring(client, ("d.dmn", decision_called("p").replace(b'name="protection"', b'name="Masa"')))
    assert "Pinjam kendaraan dinas" in client.get("/studio?cari=kendaraan").text
    assert ">Masa<" in client.get("/studio?jenis=decision&cari=masa").text


def test_a_form_is_called_and_found_by_its_first_step_or_as_its_author_says(client):
    client.sign_in("owner")
    assert ">Isi permohonan cuti<" in client.get("/studio?jenis=form&cari=permohonan").text
    own = FORM.replace(b'"components"', b'"properties": {"regu:name": "Surat"}, "components"')
    bring(client, ("f.form", own))
    assert ">Surat<" in client.get("/studio?jenis=form&cari=surat").text


def test_who_answers_for_each_is_shown_and_of_what_came_with_regu_the_group(client, town):
    client.sign_in("owner")
    page = client.get("/studio").text
    assert 'data-label="Penanggung jawab">Pemilik proses<' in page
    begin(client, "Pinjam kendaraan dinas", "pkd")
    books = {one.subject.id: one.owner for one in library(town.house, town.actor("owner"))}
    assert (books["cuti"], books["pkd"]) == ("", "owner")


def test_archives_are_not_trusted():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.bpmn", b"0" * (17 * 1024 * 1024))
    with pytest.raises(ArchiveRefused, match="large"):
        unpacked([("bomb.zip", bomb.getvalue())])
    with pytest.raises(ArchiveRefused, match="broken"):
        unpacked([("x.zip", b"PK\x03\x04 nothing of the kind")])
    with pytest.raises(ArchiveRefused, match="many"):
        unpacked([("x.zip", packed((f"{n}.form", b"{}") for n in range(301)))])
    climbing = packed([("../../etc/passwd.form", b"{}")])
    assert [one.name for one in unpacked([("x.zip", climbing)])] == ["passwd.form"]


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_the_library_is_clean_in_the_browser(browse, width):
    page = browse("owner", viewport={"width": width, "height": 900})
    page.goto("/studio")
    page.wait_for_selector("text=cuti")
    assert grave(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


DROPPED = """(selector) => {
  const files = new DataTransfer();
  files.items.add(new File(["<x/>"], "jatuh.bpmn"));
  const drop = new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true });
  document.querySelector(selector).dispatchEvent(drop);
  return drop.defaultPrevented;
}"""


@pytest.mark.browser
@pytest.mark.parametrize("place", ["h1", "footer", "#bring form"])
def test_a_file_dropped_anywhere_on_the_library_is_chosen_and_never_opened(browse, place):
    page = browse("owner")
    page.goto("/studio")
    assert page.evaluate(DROPPED, place)
    assert page.evaluate("document.getElementById('files').files[0].name") == "jatuh.bpmn"

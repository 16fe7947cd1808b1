"""The library: what there is and where it stands; files that come in and go out."""

from __future__ import annotations

import io
import zipfile

import pytest

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
    assert "c.txt" not in page


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
    assert client.get("/studio").status_code == 403
    assert client.get("/studio/keluar").status_code == 403


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

"""The guides stay true: their links open, their words stand on the pages, their pictures exist.

`pytest tests/web/test_guides.py --take-pictures` takes the pictures anew (`./run guide`).
"""

from __future__ import annotations

import re
from html import unescape

import pytest
from lxml import html

from app.demo.command import PASSWORD
from tests.web.looking import on_a_port, sign_in
from web import guides

#: guide -> who walks it
READERS = {
    "pegawai": "member",
    "ketua-tim": "lead",
    "penilai": "rater",
    "sdm": "hr",
    "pemilik-proses": "process_owner",
}
LINK = re.compile(r"\]\((/[^)\s]*)\)")
WORDS = re.compile(r"\*\*([^*]+)\*\*")
STEP = re.compile(r"^\d+\. ")
BYTES_MAX = 2_000_000
#: how wide and how high a picture is at most
WIDE, HIGH = 900, 620
COLOURS = 64


def steps(role):
    """(step, links, words) of every numbered step."""
    for line in guides.read(role).splitlines():
        if STEP.match(line):
            yield line, LINK.findall(line), WORDS.findall(line)


@pytest.mark.browser
def test_pictures_are_taken_anew(request, agency):
    if not request.config.getoption("--take-pictures"):
        pytest.skip("pictures are taken with --take-pictures")
    take(agency, request.getfixturevalue("chromium"))


@pytest.mark.parametrize("role", guides.ROLES)
def test_each_step_of_a_guide_can_be_walked(role, agency):
    http = agency.client(READERS[role])
    wrong, here = [], "/tugas"
    for step, links, words in steps(role):
        for link in links:
            answer = http.get(link, follow_redirects=True)
            if answer.status_code != 200:
                wrong.append((answer.status_code, link, step))
        here = links[0] if links else here
        said = spoken(http.get(here, follow_redirects=True).text)
        wrong += [(here, word) for word in words if word.lower() not in said]
    assert not wrong, "\n" + "\n".join(str(one) for one in wrong)


def spoken(text):
    return " ".join(unescape(html.fromstring(text).text_content()).split()).lower()


@pytest.mark.parametrize("role", guides.ROLES)
def test_every_picture_of_a_guide_is_there_and_says_what_it_shows(role):
    named = list(guides.pictures(role))
    assert named
    for picture in named:
        assert (guides.folder() / "gambar" / picture.file).is_file(), picture.file
        assert picture.page.startswith("/")


def test_pictures_are_small_and_none_is_left_over():
    named = {picture.file for role in guides.ROLES for picture in guides.pictures(role)}
    kept = {path.name: path.stat().st_size for path in (guides.folder() / "gambar").iterdir()}
    assert set(kept) == named
    assert sum(kept.values()) < BYTES_MAX


def test_the_help_of_every_page_leads_to_a_section_that_is_there(client):
    app = client.town.app
    for blueprint, (role, section) in guides.SECTIONS.items():
        assert section in guides.sections(role), (blueprint, section)
    silent = {"frame", "guide", "language", *guides.SECTIONS}
    rooms = {name for name, one in app.blueprints.items() if one.import_name.startswith("web.")}
    assert rooms <= silent


def test_a_guide_is_a_page_with_its_pictures(client):
    front = client.get("/bantuan")
    assert front.status_code == 200
    page = client.get("/bantuan/pegawai")
    assert 'id="klaim"' in page.text
    assert "/bantuan/gambar/pegawai-tugas.png" in page.text
    with client.get("/bantuan/gambar/pegawai-tugas.png") as picture:
        assert picture.mimetype == "image/png"
    assert client.get("/bantuan/gambar/../pegawai.md").status_code == 404
    assert client.get("/bantuan/siapa").status_code == 404
    assert "/bantuan/pegawai#tugas" in client.sign_in("sari").get("/tugas").text


def take(agency, chromium):
    folder = guides.folder() / "gambar"
    folder.mkdir(exist_ok=True)
    with on_a_port(agency.app) as address:
        for role, who in READERS.items():
            context = chromium.new_context(
                base_url=address, viewport={"width": WIDE, "height": HIGH}, locale="id-ID"
            )
            page = context.new_page()
            sign_in(page, agency.logins[who], PASSWORD)
            for picture in guides.pictures(role):
                path, *links = [one.strip() for one in picture.page.split(">")]
                page.goto(path)
                for words in links:
                    page.click(f"main a:has-text('{words}')")
                page.wait_for_load_state("networkidle")
                small(page.screenshot(), folder / picture.file)
            context.close()


def small(content, path):
    """Keep a picture with few colours."""
    from io import BytesIO  # noqa: PLC0415 - only when pictures are taken

    from PIL import Image  # noqa: PLC0415 - likewise

    Image.open(BytesIO(content)).convert("RGB").quantize(COLOURS).save(path, optimize=True)

"""What somebody stores is shown as words to everybody else. Row 4; ASVS 1.2.1, 1.3.1, 3.2.2.

Names, titles, notes and reasons on every page: tests/access/test_bad_input.py. Drawings, tables
and forms in a real browser: tests/web/test_studio_hostile.py, test_form_editor_browser.py,
test_decisions_browser.py, test_sandbox.py. Here: each form of the library with each of its fields
and words poisoned, and the little markdown.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from forms.markdown import render
from tests.access.test_bad_input import TEXTS, _assert_tame

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = sorted((ROOT / "forms" / "library").glob("*.form"))
ALL = " ".join(TEXTS)
#: words that an author of forms writes
WORDS = ("label", "description", "text", "suffixAdorner", "prefixAdorner")


def poisoned(part):
    """The same schema with every word of its author hostile; keys and types as they were."""
    if isinstance(part, list):
        return [poisoned(one) for one in part]
    if not isinstance(part, dict):
        return part
    made = {}
    for name, value in part.items():
        hostile = name in WORDS and isinstance(value, str) and not value.startswith("=")
        made[name] = ALL if hostile else poisoned(value)
    return made


def test_every_form_of_the_library_is_tame_whatever_its_author_writes(city):
    """Shown by the very page that authors look at, checked by a parser."""
    assert len(LIBRARY) > 60
    page, seen = city.page("rizky"), 0
    city.grant("rizky", "process_owner", "admin")
    for path in LIBRARY:
        schema = json.dumps(poisoned(json.loads(path.read_text(encoding="utf-8"))))
        answer = page.post(f"/formulir/{path.stem}/pratinjau", schema=schema)
        assert answer.status_code in {200, 422}, path.name
        _assert_tame(answer.text, path.name)
        seen += "&lt;script&gt;alert(1)" in answer.text
    assert seen > 50


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [*TEXTS, "**", "_", "`", "[a](https://x.example)", "[a](javascript:alert(1))", "\n\n",
             "# ", "- ", "![x](https://x.example)", "<", ">", '"', "&lt;", "[", "](", ")"]
        ),
        max_size=8,
    ).map("".join)
)  # fmt: skip
def test_the_little_markdown_never_passes_markup_of_its_author(text):
    made = str(render(text))
    if not made.strip():
        return
    page = html.fromstring(f"<div>{made}</div>")
    _assert_tame(f"<div>{made}</div>", text)
    tags = {one.tag for one in page.iter() if isinstance(one.tag, str)}
    assert not tags & {"script", "img", "svg", "iframe", "style", "object", "form", "input"}
    for link in page.xpath("//a/@href"):
        assert re.match(r"https://", link), link


@pytest.mark.parametrize("words", TEXTS)
def test_a_hostile_search_and_name_in_an_address_is_shown_as_words(city, words):
    page = city.page("nurul")
    for path, name in (("/studio", "cari"), ("/tugas", "cari"), ("/proses", "cari")):
        answer = page.http.get(path, query_string={name: words, "proses": words}, buffered=True)
        assert answer.status_code < 500
        if answer.mimetype == "text/html":
            _assert_tame(answer.text, path)

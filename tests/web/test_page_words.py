"""What every page says and how it is built, for every role of a played agency; no browser."""

from __future__ import annotations

import gzip
import re
from itertools import pairwise

import pytest
from lxml import html

from tests.web.played import ROLES

#: pages for those who look after drawings and logs: there ids and values are the matter
BEHIND = {
    "process.show", "process.everything", "library.show", "studio.table", "studio.blank",
    "admin_audit.show",
}  # fmt: skip
#: a day in a cell of a decision table is FEEL
FEEL_DAY = re.compile(r"date\(\"[0-9-]+\"\)")
UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
ENGINE = re.compile(
    r"\b(instance|token|payload|business key|element id|null|undefined)\b", re.IGNORECASE
)
#: 2026-06-19, 06/19/2026, June 19; 1,234.5 and 12.5%
FOREIGN = re.compile(
    r"\b20\d\d-\d\d-\d\d\b|\b\d\d?/\d\d?/20\d\d\b|\b\d{1,3}(,\d{3})+\.\d|\b\d+\.\d+\s?%"
    r"|\b(January|February|March|May|June|July|August|October|December)\b"
)
FIELDS = "//main//input[not(@type='hidden')]|//main//select|//main//textarea[not(@hidden)]"
#: the same statement again and again in one answer is a list that grows by a statement a row
AGAIN_MAX = 8
#: a form asks the questions that its drawing asks, about the people of one unit or squad
FORMS = {"start.form": 40, "task.show": 40}
#: one per drawing, however many people and cases there are
PER_DRAWING = ("FROM form_definition", "FROM decision_definition")
#: statements of one page, whatever it shows
STATEMENTS_MAX = 120
#: of a page as it travels, compressed
BYTES_MAX = 150_000


@pytest.fixture(scope="module", params=ROLES)
def role(request, agency):
    if request.param not in agency.logins:
        pytest.skip(f"nobody is {request.param}")
    return request.param


@pytest.fixture(scope="module")
def pages(agency, role):
    return agency.walk(role)


@pytest.fixture(scope="module")
def read(pages):
    """Page and its tree, of what is HTML."""
    found = [(page, html.fromstring(page.text)) for page in pages if page.html]
    return [(page, tree) for page, tree in found if tree.xpath("//header[@class='head']")]


def none(found):
    """Nothing was found; else everything that was, line by line."""
    assert not found, "\n" + "\n".join(str(one) for one in found)


def spoken(tree):
    """What people read: words on the page, not those marked as another language, nor code."""
    tree = html.fromstring(html.tostring(tree))
    for one in tree.xpath("//script|//style|//noscript|//*[@lang][not(self::html)]|//*[@data-raw]"):
        one.drop_tree()
    words = [" ".join(" ".join(tree.body.itertext()).split())]
    words += tree.xpath("//@aria-label|//@title|//@placeholder")
    return " | ".join(words)


def test_no_link_leads_to_nowhere_and_no_page_breaks(pages):
    broken = [
        (page.url, page.status, "linked from " + page.linked_from)
        for page in pages
        if page.status != 200
    ]
    none(broken)


def test_every_page_has_one_heading_of_the_first_level_and_a_language(read):
    wrong = [
        page.url
        for page, tree in read
        if len(tree.xpath("//h1")) != 1 or tree.get("lang") != "id" or not tree.xpath("//title")
    ]
    none(wrong)


def test_headings_go_down_one_level_at_a_time(read):
    wrong = []
    for page, tree in read:
        levels = [int(one.tag[1]) for one in tree.xpath("//main//*[re:test(name(), '^h[1-6]$')]",
                  namespaces={"re": "http://exslt.org/regular-expressions"})]  # fmt: skip
        if any(after > before + 1 for before, after in pairwise(levels)):
            wrong.append((page.url, levels))
    none(wrong)


def test_help_stands_in_the_same_place_on_every_page(read):
    """WCAG 3.2.6."""
    places = set()
    for _page, tree in read:
        tools = tree.xpath("//div[@class='head__tools']//*[self::a or self::button]")
        found = [one.get("href") or "button" for one in tools if one.get("class") != "bell"]
        places.add(next(i for i, href in enumerate(found) if href.startswith("/bantuan")))
    assert places == {0}


def test_nobody_is_asked_again_who_he_is(read):
    """WCAG 3.3.7: who is signed in types neither his NIP nor his password to go on."""
    wrong = [
        (page.url, one.get("name"))
        for page, tree in read
        # where the password itself is changed, and before another factor is tied to the account
        if page.endpoint not in {"account.form", "factor.show"}
        for one in tree.xpath("//input[@name='login' or @type='password' or @name='nip_saya']")
    ]
    none(wrong)


def test_what_can_be_dragged_can_be_moved_by_keys_too(read):
    """WCAG 2.5.7: a button, link or list stands in what can be dragged."""
    wrong = [
        page.url
        for page, tree in read
        for one in tree.xpath("//*[@draggable='true']")
        if not one.xpath(".//button|.//select|.//a") and one.tag not in {"a", "button"}
    ]
    none(wrong)


def test_no_page_speaks_of_the_engine_or_shows_ids(read):
    wrong = []
    for page, tree in read:
        if page.endpoint in BEHIND:
            continue
        words = spoken(tree)
        wrong += [(page.url, found.group()) for found in UUID.finditer(words)]
        wrong += [(page.url, found.group()) for found in ENGINE.finditer(words)]
    none(wrong)


def test_days_and_numbers_are_written_as_in_indonesia(read):
    wrong = [
        (page.url, words[max(0, found.start() - 30) : found.end() + 10])
        for page, tree in read
        if page.endpoint not in BEHIND
        for words in [FEEL_DAY.sub("", spoken(tree))]
        for found in FOREIGN.finditer(words)
    ]
    none(wrong)


def test_fields_have_labels_and_ids_stand_once(read):
    wrong = []
    for page, tree in read:
        ids = tree.xpath("//@id")
        wrong += [(page.url, "twice", one) for one in {i for i in ids if ids.count(i) > 1}]
        labelled = set(tree.xpath("//label/@for"))
        for one in tree.xpath(FIELDS):
            named = one.get("id") in labelled or one.get("aria-label") or one.get("aria-labelledby")
            if not named and not one.xpath("ancestor::label|ancestor::template"):
                wrong.append((page.url, "no label", one.get("name")))
    none(wrong)


def test_no_page_asks_the_database_row_by_row(pages):
    wrong = [
        (page.url, times, " ".join(text.split())[:160])
        for page in pages
        for text, times in page.statements.items()
        if times > FORMS.get(page.endpoint, AGAIN_MAX)
        and not any(table in text for table in PER_DRAWING)
    ]
    wrong += [
        (page.url, sum(page.statements.values()))
        for page in pages
        if sum(page.statements.values()) > STATEMENTS_MAX
    ]
    none(wrong)


def test_every_page_travels_light(pages):
    none(
        [
            (page.url, weight)
            for page in pages
            if (weight := len(gzip.compress(page.text.encode()))) >= BYTES_MAX
        ]
    )

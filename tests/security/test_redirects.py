"""Nobody is led away from here by a link of an attacker. Row 17; ASVS 3.7.2."""

from __future__ import annotations

import ast
import re
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.evidence import link_fault
from tests.access.city import PASSWORD
from tests.security.house_tree import dotted, programs
from web.context import safe_target

HOME = "https://regu.example/masuk"
ELSEWHERE = (
    "//evil.example", "///evil.example", "/\\evil.example", "\\/evil.example", "\\\\evil.example",
    "https:evil.example", "https://evil.example", "http:///evil.example", "javascript:alert(1)",
    "data:text/html,x", "/\t/evil.example", "/\n/evil.example", "\t//evil.example",
    " //evil.example",
    "/%5cevil.example/..//evil.example\\", "//evil.example%2f@regu.example", "@evil.example",
    "/.//evil.example\\@", "https://regu.example@evil.example", "\x00//evil.example",
    "/\u2028/evil.example", "//evil。example", "ftp://evil.example", "evil.example", "",
)  # fmt: skip


def stays(target):
    """As a browser reads it: tabs and line ends fall out, a backslash is a slash."""
    read = re.sub(r"[\t\r\n]", "", target.strip(" \x00")).replace("\\", "/")
    return urlsplit(urljoin(HOME, read)).netloc == "regu.example"


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_no_word_leads_elsewhere(wanted):
    assert stays(safe_target(wanted, "/tugas"))


PIECES = st.sampled_from(
    ["/", "\\", "//", ":", "@", "evil.example", "https", "\t", "\n", ".", "%2f"]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=8).map("".join), st.text(max_size=20)))
def test_nothing_made_of_such_pieces_does(wanted):
    found = safe_target(wanted, "/tugas")
    assert found.startswith("/")
    assert stays(found)


@pytest.mark.parametrize("wanted", ELSEWHERE[:12:3])
def test_signing_in_goes_on_at_home(city, wanted):
    visitor = type(city.page("sari"))(city, None)
    answer = visitor.post("/masuk", login=city.logins["sari"], password=PASSWORD, next=wanted)
    assert answer.status_code == 303
    assert stays(answer.location)
    assert answer.location.startswith("/")


#: (file, how its target is written) -> why it may; all others are url_for or safe_target
NAMED = {
    ("web/screens/evidence.py", "link"): "evidence that is a link, for those who may see it",
    ("web/screens/entrance.py", "address"): "the provider of single sign-on of the settings",
}
#: names and functions of screens that hold what url_for or safe_target gave
_KEPT = {"back", "here", "page", "place", "target"}
_MADE = {"url_for", "safe_target", "_back", "_onward", "_to_inbox"}


def test_each_redirect_is_made_of_our_own_addresses():
    strangers = []
    for name, program in programs().items():
        for node, called in program.calls:
            if called not in {"redirect", "flask.redirect"}:
                continue
            first = node.args[0]
            made = {dotted(one.func) for one in ast.walk(first) if isinstance(one, ast.Call)}
            kept = {one.id for one in ast.walk(first) if isinstance(one, ast.Name)}
            ours = made & _MADE or kept & _KEPT or dotted(first).isupper()
            if not (ours or (name, dotted(first)) in NAMED):
                strangers.append((name, node.lineno))
    assert strangers == []


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "data:text/html,x", "//evil", "file:///x", "https://a@b/", "/x", "x y"],
)
def test_evidence_that_is_a_link_is_an_address_of_the_web(link):
    assert link_fault(link) is not None
    assert link_fault("https://drive.example.go.id/laporan?id=1") is None

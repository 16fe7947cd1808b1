"""How long an answer takes tells nothing about secrets or about who is known. Rows 13 and 19."""

from __future__ import annotations

import ast
import re
import statistics
import time

import pytest

from app.passwords import Passwords
from tests.security.house_tree import dotted, programs, read

#: names of values that somebody might guess letter by letter
_SECRET = re.compile(
    r"(^|_|\.)(token|secret|password|passwd|csrf|nonce|signature|hmac|mac|otp|api_key|code_hash"
    r"|secret_hash|password_hash|verifier)s?$"
)
#: comparisons of such names that compare no secret -> why
NAMED = {
    ("engine/feel/lexer.py", "token"): "tokens of a text, no secrets",
}
WRONG = "not the right words"
#: where a token is a word or a place in a drawing; and SQL, which finds rows by a secret's hash
_LANGUAGE = (
    "engine/persistence/",
    "engine/feel/",
    "engine/runtime/",
    "engine/scenarios/",
    "engine/simulation/",
)


def guessable(program):
    """Comparisons by == or != of something with a secret's name with something unknown."""
    for node in program.compares:
        if not any(isinstance(one, ast.Eq | ast.NotEq) for one in node.ops):
            continue
        sides = [node.left, *node.comparators]
        if any(isinstance(side, ast.Constant) for side in sides):
            continue
        for side in sides:
            name = dotted(side.func) if isinstance(side, ast.Call) else dotted(side)
            if _SECRET.search(name):
                yield node.lineno, name


def test_secrets_are_compared_in_constant_time():
    """`hmac.compare_digest`, everywhere; a token of a BPMN runtime is no secret."""
    found = {
        (name, secret)
        for name, program in programs().items()
        if not name.startswith(_LANGUAGE)
        for _line, secret in guessable(program)
    }
    assert found - set(NAMED) == set()


def test_the_search_sees_a_comparison_that_can_be_guessed():
    """The positive control."""
    planted = read("if given.token == kept: pass\nif a != row.password_hash: pass\n")
    assert len(list(guessable(planted))) == 2


def test_an_unknown_account_costs_the_same_work():
    """Few tries, wide bound; the narrow one is measured by the long test."""
    known, unknown = _times(Passwords(memory_kib=4096, passes=2), tries=9)
    assert 0.7 < known / unknown < 1.4, (known, unknown)


@pytest.mark.long
def test_two_hundred_tries_tell_no_known_account_from_an_unknown_one():
    known, unknown = _times(Passwords(), tries=200)
    assert 0.9 < known / unknown < 1.1, (known, unknown)


def _times(passwords, tries):
    stored = passwords.hash("the right words of somebody")
    spent = {"known": [], "unknown": []}
    for _ in range(tries):
        for name, kept in (("known", stored), ("unknown", None)):
            began = time.process_time()
            assert not passwords.verify(kept, "wrong words")
            spent[name].append(time.process_time() - began)
    return statistics.median(spent["known"]), statistics.median(spent["unknown"])


def test_the_answer_is_the_same_for_known_and_unknown(city):
    def said(login):
        visitor = type(city.page("sari"))(city, None)
        answer = visitor.post("/masuk", login=login, password=WRONG)
        text = re.sub(r'value="[^"]*"|[0-9a-f]{16,}', "", answer.text)
        return answer.status_code, text.replace(login, ""), sorted(answer.headers.keys())

    assert said(city.logins["sari"]) == said("199001012015011999")

"""Single sign-on against a provider of our own: the right way in, and every wrong one."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from datetime import timedelta

import pytest
import requests

from app.oidc import Provider, ProviderRefused
from app.provider_http import ProviderAway, ProviderHttp
from app.setting_refused import SettingRefused
from app.settings_sign_in import Oidc, SignInSettings, sign_in_from
from tests.app.provider_there import CLIENT_ID, CLIENT_SECRET, ProviderThere
from tests.serving import Served

BACK = "https://regu.example/masuk/sso/kembali"


@pytest.fixture(scope="module")
def there():
    with ProviderThere() as one:
        yield one


@pytest.fixture(autouse=True)
def well(there):
    there.mood, there.algorithm, there.bend = "well", "RS256", lambda claims: claims
    there.who = {"sub": "s-1", "preferred_username": "employee"}


@pytest.fixture(scope="module")
def where(there, tmp_path_factory):
    secret = tmp_path_factory.mktemp("client") / "secret"
    secret.write_text(CLIENT_SECRET + "\n")
    return Oidc(
        issuer=there.url,
        client_id=CLIENT_ID,
        hosts=frozenset({there.host}),
        secret_file=secret,
    )


@pytest.fixture
def house(sqlite_template, tmp_path, where):
    made = Served(tmp_path / "house", sqlite_template, sign_in=SignInSettings(oidc=where))
    # the provider sends people back to where this house is served
    made.app.extensions["regu"]._sso._provider._redirect_uri = made.base + "/masuk/sso/kembali"
    made.start(worker=False)
    yield made
    made.close()


@pytest.fixture
def browser():
    with requests.Session() as one:
        yield one


def go(browser, house, **query):
    """To the provider and back: the last answer."""
    return browser.get(house.base + "/masuk/sso", params=query, timeout=10)


def who(browser, house):
    answer = browser.get(house.base + "/api/me", timeout=10)
    return answer.json()["login"] if answer.status_code == 200 else None


def bound(house):
    with house.house.reading() as uow:
        return uow.identities.find(house.settings.sign_in.oidc.issuer, "s-1")


def test_somebody_whom_the_provider_knows_comes_in_and_is_bound_once(browser, house, there):
    page = requests.get(house.base + "/masuk?next=/mulai", timeout=10).text
    assert "/masuk/sso?next=/mulai" in page

    answer = go(browser, house, next="/mulai")

    assert answer.status_code == 200
    assert answer.url == house.base + "/mulai"
    assert who(browser, house) == "employee"
    first = bound(house)
    assert first.login == "employee"
    # the subject counts from now on, whatever the claim says
    there.who = {"sub": "s-1", "preferred_username": "admin"}
    with requests.Session() as again:
        go(again, house)
        assert who(again, house) == "employee"
    assert bound(house) == first
    form = there.forms[-1]
    assert len(form["code_verifier"]) >= 43
    assert "client_secret" not in form


def test_who_signs_out_is_offered_to_sign_out_of_the_provider_too(browser, house, there):
    go(browser, house)
    token = (
        browser.get(house.base + "/akun", timeout=10)
        .text.partition('name="csrf_token" value="')[2]
        .partition('"')[0]
    )
    out = browser.post(house.base + "/keluar", data={"csrf_token": token}, timeout=10)
    assert "/masuk/sso/keluar" in out.text
    assert who(browser, house) is None
    left = browser.get(house.base + "/masuk/sso/keluar", allow_redirects=False, timeout=10)
    assert left.headers["Location"].startswith(there.url + "/end?client_id=regu&post_logout")


@pytest.mark.parametrize(
    ("name", "claim"),
    [
        ("nobody here", {"sub": "s-2", "preferred_username": "199001012015019999"}),
        ("no such claim", {"sub": "s-3"}),
        ("a claim that is no text", {"sub": "s-4", "preferred_username": ["employee"]}),
    ],
)
def test_a_stranger_is_refused_in_words_and_no_account_is_made(browser, house, there, name, claim):
    there.who = claim
    answer = go(browser, house)
    assert answer.status_code == 401
    assert "Regu" in answer.text
    assert who(browser, house) is None


def test_a_disabled_account_and_a_second_subject_are_refused(browser, house, there):
    there.who = {"sub": "s-8", "preferred_username": "colleague"}
    go(browser, house)
    there.who = {"sub": "s-9", "preferred_username": "colleague"}
    with requests.Session() as other:
        assert go(other, house).status_code == 401
    with house.house.writing() as uow:
        uow.accounts.put(replace(uow.accounts.account("colleague"), active=False))
        uow.commit()
    there.who = {"sub": "s-8", "preferred_username": "colleague"}
    assert go(browser, house).status_code == 401
    assert who(browser, house) is None


NOW = int(time.time())
BENT = {
    "another nonce": lambda c: {**c, "nonce": "another"},
    "no nonce": lambda c: {k: v for k, v in c.items() if k != "nonce"},
    "another audience": lambda c: {**c, "aud": "another"},
    "many audiences without azp": lambda c: {**c, "aud": [CLIENT_ID, "another"]},
    "another azp": lambda c: {**c, "azp": "another"},
    "another issuer": lambda c: {**c, "iss": "https://elsewhere.example"},
    "expired": lambda c: {**c, "exp": NOW - 3_600},
    "no end": lambda c: {k: v for k, v in c.items() if k != "exp"},
    "from the future": lambda c: {**c, "iat": NOW + 3_600, "exp": NOW + 7_200},
    "long ago": lambda c: {**c, "iat": NOW - 7_200},
    "not before later": lambda c: {**c, "nbf": NOW + 3_600},
    "no subject": lambda c: {**c, "sub": ""},
    "a subject that is no text": lambda c: {**c, "sub": 7},
    "a subject that is too long": lambda c: {**c, "sub": "s" * 256},
    "times that are text": lambda c: {**c, "exp": "tomorrow"},
    "amr that is no list": lambda c: {**c, "amr": "mfa"},
    "another at_hash": lambda c: {**c, "at_hash": "x"},
}


@pytest.fixture
def provider(where):
    return Provider(where, BACK, ProviderHttp(where.hosts, answer_s=0.5))


def back(provider, there, way=None):
    """The provider's answer to a way, as the browser brings it."""
    way = way or provider.way("/")
    asked = dict(
        one.partition("=")[::2] for one in provider.address(way).partition("?")[2].split("&")
    )
    assert asked["code_challenge_method"] == "S256"
    url = requests.get(provider.address(way), allow_redirects=False, timeout=5).headers["Location"]
    return way, dict(one.partition("=")[::2] for one in url.partition("?")[2].split("&"))


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_a_right_answer_stands_for_its_subject(provider, there, algorithm):
    there.algorithm = algorithm
    vouched = provider.vouched(*back(provider, there))
    assert (vouched.subject, vouched.login, vouched.strong) == ("s-1", "employee", False)


@pytest.mark.parametrize("how", BENT)
def test_a_token_with_a_wrong_claim_proves_nothing(provider, there, how):
    there.bend = BENT[how]
    with pytest.raises(ProviderRefused):
        provider.vouched(*back(provider, there))


def test_without_the_check_a_bent_token_would_come_in(provider, there, monkeypatch):
    """The bending reaches what is checked: with the check planted away it is not refused."""
    monkeypatch.setattr("app.oidc.CodeIDToken.validate", lambda *_args, **_named: None)
    for how in ("another nonce", "another audience", "another issuer", "expired"):
        there.bend = BENT[how]
        assert provider.vouched(*back(provider, there)).subject == "s-1"


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_without_a_private_key_proves_nothing(provider, there, algorithm):
    there.algorithm = algorithm
    with pytest.raises(ProviderRefused, match="signature"):
        provider.vouched(*back(provider, there))


def test_a_token_of_another_key_proves_nothing_and_a_new_key_is_looked_up(provider, there):
    provider.vouched(*back(provider, there))
    old, new = there.rsa, type(there.rsa).generate_key(2048, {"kid": "r2"})
    there.rsa = new
    try:
        with pytest.raises(ProviderRefused, match="signature"):
            provider.vouched(*back(provider, there))
        there.keys = [new, there.ec]
        provider._keys = (time.monotonic() - 60, provider._keys[1])
        assert provider.vouched(*back(provider, there)).subject == "s-1"
    finally:
        there.rsa, there.keys = old, [old, there.ec]


def test_another_state_another_issuer_and_a_refusal_prove_nothing(provider, there):
    way, answer = back(provider, there)
    for wrong in (
        {**answer, "state": "another"},
        {"code": answer["code"]},
        {**answer, "iss": "https://elsewhere.example"},
        {"state": way.state, "error": "access_denied"},
        {"state": way.state},
    ):
        with pytest.raises(ProviderRefused):
            provider.vouched(way, wrong)
    assert provider.vouched(way, answer).subject == "s-1"
    with pytest.raises(ProviderRefused, match="code"):  # a code counts once
        provider.vouched(way, answer)


def test_the_provider_refuses_a_code_without_its_verifier(provider, there):
    way, answer = back(provider, there)
    with pytest.raises(ProviderRefused, match="code"):
        provider.vouched(replace(way, verifier="another"), answer)


@pytest.mark.parametrize("mood", ["500", "wrong json", "slow"])
def test_a_provider_in_a_bad_mood_is_away(provider, there, mood):
    there.mood = mood
    with pytest.raises(ProviderAway):
        provider.address(provider.way("/"))


def test_what_was_learned_serves_while_the_provider_is_away(provider, there):
    provider.address(provider.way("/"))
    provider._about = (time.monotonic() - 7_200, provider._about[1])
    there.mood = "500"
    assert provider.address(provider.way("/")).startswith(there.url)


def test_no_address_outside_the_named_hosts_is_asked(where, there):
    there_too = replace(where, hosts=frozenset({"sso.example"}))
    with pytest.raises(ProviderAway, match="HOSTS"):
        Provider(there_too, BACK).address(Provider(there_too, BACK).way("/"))
    about = there.about()
    there.about = lambda: {**about, "token_endpoint": "http://169.254.169.254/token"}
    try:
        with pytest.raises(ProviderAway, match="HOSTS"):
            Provider(where, BACK).address(Provider(where, BACK).way("/"))
        there.about = lambda: {**about, "issuer": "https://elsewhere.example"}
        with pytest.raises(ProviderAway, match="issuer"):
            Provider(where, BACK).address(Provider(where, BACK).way("/"))
    finally:
        del there.about


def test_a_way_counts_once_and_only_with_its_cookie(browser, house, there, caplog):
    caplog.set_level(logging.INFO)
    start = browser.get(house.base + "/masuk/sso", allow_redirects=False, timeout=10)
    cookie = start.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    home = requests.get(start.headers["Location"], allow_redirects=False, timeout=10)
    ticket = browser.cookies["regu_way"]

    bare = requests.get(home.headers["Location"], allow_redirects=False, timeout=10)
    assert bare.status_code == 401
    first = browser.get(home.headers["Location"], allow_redirects=False, timeout=10)
    assert first.status_code == 303
    cookies = {"regu_way": ticket}
    second = requests.get(
        home.headers["Location"], cookies=cookies, allow_redirects=False, timeout=10
    )
    assert second.status_code == 401
    assert "state shown twice" in caplog.text
    forged = {"regu_way": ticket[:-3] + "AAA"}
    again = requests.get(home.headers["Location"], cookies=forged, timeout=10)
    assert again.status_code == 401


@pytest.mark.parametrize("mood", ["500", "wrong json", "token wrong json"])
def test_a_provider_that_is_away_is_a_page_in_words_and_a_log_line(
    browser, house, there, caplog, mood
):
    caplog.set_level(logging.INFO)
    there.mood = mood
    answer = go(browser, house)
    assert answer.status_code == 503
    assert 'name="password"' in answer.text
    assert "single sign-on is away" in caplog.text


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil"])
def test_nobody_is_sent_to_another_site_afterwards(browser, house, target):
    assert go(browser, house, next=target).url == house.base + "/tugas"


def test_without_a_provider_there_is_no_such_way(served):
    for path in ("/masuk/sso", "/masuk/sso/kembali?code=1&state=2", "/masuk/sso/keluar"):
        assert requests.get(served.base + path, timeout=10).status_code == 404
    assert "/masuk/sso" not in requests.get(served.base + "/masuk", timeout=10).text


def test_who_has_a_second_factor_is_asked_for_it_unless_the_provider_did(browser, house, there):
    now = house.house.clock.real_now()
    with house.house.writing() as uow:
        codes = house.app.extensions["regu"]._codes
        key_id, sealed = codes.seal(codes.new_secret(), "employee")
        from engine.usecases.ports.accounts import FactorRow  # noqa: PLC0415 - used once

        row = FactorRow(login="employee", sealed=sealed, key_id=key_id, made_at=now)
        uow.factors.put(replace(row, confirmed_at=now - timedelta(days=1), last_step=1))
        uow.commit()
    assert go(browser, house).url.startswith(house.base + "/masuk/kode")
    assert who(browser, house) is None
    there.who = {**there.who, "amr": ["pwd", "otp"]}
    go(browser, house)
    assert who(browser, house) == "employee"


def test_settings_of_a_provider_are_checked_at_the_start(tmp_path):
    right = {
        "REGU_OIDC_ISSUER": "https://sso.example/realm",
        "REGU_OIDC_CLIENT_ID": "regu",
        "REGU_OIDC_HOSTS": "sso.example",
    }
    assert sign_in_from(right).oidc.login_claim == "preferred_username"
    for wrong in (
        {"REGU_OIDC_HOSTS": "elsewhere.example"},
        {"REGU_OIDC_ISSUER": "http://sso.example/realm"},
        {"REGU_OIDC_CLIENT_ID": ""},
    ):
        with pytest.raises(SettingRefused):
            sign_in_from({**right, **wrong})
    missing = {**right, "REGU_OIDC_SECRET_FILE": str(tmp_path / "none")}
    with pytest.raises(SettingRefused):
        Provider(sign_in_from(missing).oidc, BACK)

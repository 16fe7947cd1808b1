"""Proxies, rates, passwords and secrets: what is believed, how often, how good, how kept."""

from __future__ import annotations

import ipaddress
import time
from dataclasses import replace

import pytest
import requests

from app.factory import create_app
from app.password_rule import PasswordRule
from app.passwords import Passwords
from app.proxies import Proxies
from app.secret_files import secrets_of
from app.setting_refused import SettingRefused
from app.settings import from_environment
from app.settings_sign_in import SignInSettings, sign_in_from
from engine.usecases import accounts
from engine.usecases.accounts import ADDRESS_FREE, SignInRefused, TooManyTries, check_password
from tests.app.test_sign_in import Browser
from tests.serving import PASSWORD, Served

OURS = (ipaddress.ip_network("10.0.0.0/24"), ipaddress.ip_network("127.0.0.1"))


def seen(remote, said, trusted=OURS, **more):
    """(address, scheme, what is left of what was said) as the application sees it."""
    found = {}

    def app(environ, _start):
        found.update(environ)
        return []

    environ = {"REMOTE_ADDR": remote, "wsgi.url_scheme": "http", **more}
    if said is not None:
        environ["HTTP_X_FORWARDED_FOR"] = said
    Proxies(app, trusted).answer(environ, None)
    left = [name for name in found if "FORWARD" in name or name == "HTTP_X_REAL_IP"]
    return found["REMOTE_ADDR"], found["wsgi.url_scheme"], left


@pytest.mark.parametrize(
    ("remote", "said", "wanted"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.7", "198.51.100.1"),
        ("127.0.0.1", "10.0.0.8, 10.0.0.7", "10.0.0.8"),
        ("127.0.0.1", "198.51.100.1, nonsense", "127.0.0.1"),
        ("127.0.0.1", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_only_our_own_proxies_name_a_client(remote, said, wanted):
    more = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_REAL_IP": "6.6.6.6"}
    address, scheme, left = seen(remote, said, **more)
    assert address == wanted
    assert scheme == ("https" if remote == "127.0.0.1" else "http")
    assert left == []
    assert seen(remote, said, trusted=())[0] == remote


@pytest.fixture
def tight(sqlite_template, tmp_path):
    rates = {"deploy": (2, 3_600), "sign-in": (3, 3_600), "public": (1, 3_600)}
    how = SignInSettings(rates=rates)
    made = Served(tmp_path / "tight", sqlite_template, sign_in=how).start(worker=False)
    yield made
    made.close()


def test_costly_routes_are_counted_per_account_and_answer_when_again(tight):
    answers = [tight.client("admin").ask("POST", "/v2/deployments") for _ in range(3)]
    assert [one.status_code for one in answers][:2] == [answers[0].status_code] * 2
    assert answers[0].status_code != 429
    assert answers[2].status_code == 429
    assert 0 < int(answers[2].headers["Retry-After"]) <= 3_601
    assert answers[2].json()["status"] == 429
    other = tight.client("process_owner").ask("POST", "/v2/deployments")
    assert other.status_code != 429


def test_signing_in_is_counted_per_address_that_cannot_be_forged(tight):
    with Browser(tight.base) as browser:
        token = browser.token()
        data = {"login": "nobody", "password": "x", "csrf_token": token}
        codes = []
        for n in range(4):
            browser.headers["X-Forwarded-For"] = f"198.51.100.{n}"
            codes.append(browser.post(tight.base + "/masuk", data=data, timeout=10).status_code)
    assert codes == [401, 401, 401, 429]


def test_wrong_tries_of_one_address_wait_on_all_processes(tight):
    """Two applications on one database: what one counts, the other knows."""
    for n in range(ADDRESS_FREE):
        accounts.note_refused(tight.house, f"somebody {n}", "198.51.100.7")
    twin = create_app(
        replace(tight.settings, sign_in=SignInSettings()), wired=tight.wired, hasher=tight.hasher
    )
    answer = twin.test_client().get(
        "/api/me", auth=("employee", PASSWORD), environ_base={"REMOTE_ADDR": "198.51.100.7"}
    )
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1
    elsewhere = twin.test_client().get(
        "/api/me", auth=("employee", PASSWORD), environ_base={"REMOTE_ADDR": "198.51.100.8"}
    )
    assert elsewhere.status_code == 200


def test_the_delay_of_an_account_grows_and_ends(tight):
    waits = []
    for _ in range(16):
        accounts.note_refused(tight.house, "employee")
        try:
            accounts.check_tries(tight.house, "employee")
            waits.append(0)
        except TooManyTries as error:
            waits.append(error.retry_after_s)
    assert waits[:4] == [0] * 4
    assert waits == sorted(waits)
    assert waits[4] == 1
    assert waits[-1] == 300


RULE = PasswordRule()


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Sh0rt!", "too_short"),
        ("onlysmallletters", "too_plain"),
        ("Capital123456", "too_plain"),
        ("Password123!", "too_common"),
        ("Rahasia12345!", "too_common"),
        ("Qwertyuiop12#", "too_common"),
        ("a" * 30, "too_common"),
        ("199001012015042001aB!", "too_common"),
        ("x" * 257, "too_long"),
        ("Tr4lala-hujan-turun", None),
        ("kuda besar lari pagi hari", None),
        ("Hujan turun di Bogor tiap sore, " * 2, None),
    ],
)
def test_a_password_has_length_and_classes_or_is_a_phrase_and_is_not_common(password, code):
    faults = RULE.faults(password, "199001012015042001", "Sari Wulandari")
    assert [one.code for one in faults] == ([code] if code else [])


def test_all_of_a_long_password_counts():
    hasher, long = Passwords(memory_kib=8, passes=1), "a phrase of words, " * 13
    assert len(long) > 240
    encoded = hasher.hash(long)
    assert hasher.verify(encoded, long)
    assert not hasher.verify(encoded, long[:-1])
    assert not hasher.verify(encoded, long[:72])


def test_a_hash_with_old_parameters_is_made_anew_at_the_next_sign_in(tight):
    weaker = Passwords(memory_kib=32, passes=1)
    with tight.house.writing() as uow:
        row = uow.accounts.account("employee")
        uow.accounts.put(replace(row, password_hash=weaker.hash(PASSWORD)))
        uow.commit()
    check_password(tight.house, tight.hasher, "employee", PASSWORD)
    with tight.house.reading() as uow:
        assert "m=64" in uow.accounts.account("employee").password_hash


def test_a_known_and_an_unknown_account_cost_the_same(tight):
    """By the processor's time of this thread, each the median of several, interleaved."""
    hasher = Passwords()
    with tight.house.writing() as uow:
        row = uow.accounts.account("employee")
        uow.accounts.put(replace(row, password_hash=hasher.hash(PASSWORD)))
        uow.commit()
    spent = {"employee": [], "nobody at all": []}
    for n in range(7):
        for login, found in spent.items():
            with tight.house.writing() as uow:
                uow.connection.exec_driver_sql("DELETE FROM sign_in_failure")
                uow.commit()
            begun = time.thread_time()
            with pytest.raises(SignInRefused):
                check_password(tight.house, hasher, login, f"wrong {n}")
            found.append(time.thread_time() - begun)
    known, unknown = (sorted(found)[len(found) // 2] for found in spent.values())
    assert 0.7 < known / unknown < 1.4


def settings_with(tmp_path, newest, *old, mode=0o600, **more):
    paths = []
    for n, content in enumerate((newest, *old)):
        path = tmp_path / f"secret {n}"
        path.write_bytes(content)
        path.chmod(mode)
        paths.append(str(path))
    return from_environment(
        {
            "REGU_DATA_DIR": str(tmp_path),
            "REGU_SECRET_FILE": paths[0],
            "REGU_SECRET_FILE_OLD": ",".join(paths[1:]),
            **more,
        }
    )


RANDOM, OLDER = b"0123456789abcdef0123456789abcdef", b"fedcba9876543210fedcba9876543210"


def test_over_https_a_secret_is_private_and_long(tmp_path):
    https = {"REGU_HTTPS": "1"}
    assert secrets_of(settings_with(tmp_path, RANDOM, OLDER, **https)) == (RANDOM, OLDER)
    with pytest.raises(SettingRefused, match="mode 600"):
        secrets_of(settings_with(tmp_path, RANDOM, mode=0o604, **https))
    for short in (b"secret", b"a" * 64, b""):
        with pytest.raises(SettingRefused, match="random bytes"):
            secrets_of(settings_with(tmp_path, short, **https))
    with pytest.raises(SettingRefused, match="random bytes"):
        secrets_of(settings_with(tmp_path, RANDOM, b"old", **https))
    with pytest.raises(SettingRefused, match="earlier"):
        secrets_of(from_environment({"REGU_SECRET_FILE_OLD": str(tmp_path / "none")}))


def test_what_an_earlier_secret_signed_is_still_understood(sqlite_template, tmp_path):
    made = Served(tmp_path / "house", sqlite_template).start(worker=False)
    try:
        secret = secrets_of(made.settings)[0]
        old_form = made.app.test_client()
        page = old_form.get("/masuk")
        token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
        cookie = old_form.get_cookie("regu_visit").value
        bearer = made.app.extensions["regu"].by_header.tokens
        row = account(made, "employee")
        issued = bearer.make("employee", row.password_hash)
        (tmp_path / "old").write_bytes(secret)
        (tmp_path / "new").write_bytes(RANDOM)
        for old, status in (((tmp_path / "old",), 303), ((), 400)):
            changed = replace(
                made.settings,
                secret_file=tmp_path / "new",
                sign_in=SignInSettings(secret_files_old=old),
            )
            client = create_app(changed, wired=made.wired, hasher=made.hasher).test_client()
            client.set_cookie("regu_visit", cookie)
            data = {"login": "employee", "password": PASSWORD, "csrf_token": token}
            assert client.post("/masuk", data=data).status_code == status
            headers = {"Authorization": f"Bearer {issued}"}
            known = create_app(changed, wired=made.wired, hasher=made.hasher).test_client()
            wanted = 200 if old else 401
            assert known.get("/api/me", headers=headers).status_code == wanted
    finally:
        made.close()


def account(house, login):
    with house.house.reading() as uow:
        return uow.accounts.account(login)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REGU_SECOND_FACTOR", "sometimes"),
        ("REGU_SESSION_HOURS", "0"),
        ("REGU_SESSION_IDLE_MINUTES", "-1"),
        ("REGU_PASSWORD_LENGTH", "4"),
        ("REGU_PROXIES_TRUSTED", "everybody"),
        ("REGU_RATES", "export=many"),
        ("REGU_RATES", "nothing=1/hour"),
        ("REGU_RATES", "export=0/hour"),
    ],
)
def test_a_setting_that_is_not_understood_stops_the_start(name, value):
    with pytest.raises(SettingRefused, match=name):
        sign_in_from({name: value})


def test_rates_are_set_one_by_one_or_off():
    assert sign_in_from({"REGU_RATES": "off"}).rates == {}
    some = sign_in_from({"REGU_RATES": "export=2/minute, public=9/day"}).rates
    assert some["export"] == (2, 60)
    assert some["public"] == (9, 86_400)
    assert some["upload"] == (600, 3_600)


def test_twenty_wrong_passwords_wait_and_the_right_one_works_later(tight):
    """With the header that a liar would send; by the API, which no page's limit guards."""
    codes = [
        requests.get(
            tight.base + "/api/me",
            auth=("colleague", f"wrong {n}"),
            headers={"X-Forwarded-For": f"198.51.100.{n}"},
            timeout=10,
        ).status_code
        for n in range(20)
    ]
    assert codes[-1] == 429
    assert set(codes) == {401, 429}
    with tight.wired.database.writing.begin() as connection:
        connection.exec_driver_sql("DELETE FROM sign_in_failure")
    assert tight.client("colleague").get("/api/me").status_code == 200

"""The second factor: set up, asked for, counted once, lost, taken away; and what it closes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
import requests

from app.factor_duty import duty_of
from app.one_time_codes import STEP_SECONDS, OneTimeCodes
from app.settings_sign_in import SignInSettings
from engine.usecases import second_factors
from engine.usecases.accounts import SignInRefused, TooManyTries, account_actor
from engine.usecases.errors import AccessRefused, NotFound
from tests.app.test_sign_in import Browser
from tests.serving import PASSWORD, Served

KEY = re.compile(r'id="key">([A-Z2-7 ]+)<')
CODE = re.compile(r"<li>([a-z2-7-]{29})</li>")


@pytest.fixture(scope="module")
def house(sqlite_template, tmp_path_factory):
    made = Served(tmp_path_factory.mktemp("factors"), sqlite_template).start(worker=False)
    yield made
    made.close()


@pytest.fixture
def login(house, request):
    """An account as fresh as the first day."""
    yield "employee"
    with house.house.writing() as uow:
        uow.factors.remove("employee")
        uow.connection.exec_driver_sql("DELETE FROM sign_in_failure")
        uow.commit()


def post(browser, path, where, **values):
    data = {"csrf_token": browser.token(where), **values}
    return browser.post(browser.base + path, data=data, timeout=10)


def set_up(browser):
    """Secret and recovery codes of who is signed in there."""
    page = post(browser, "/akun/faktor", "/akun/faktor", password=PASSWORD)
    secret = KEY.search(page.text).group(1).replace(" ", "")
    assert "<svg" in page.text
    made = post(browser, "/akun/faktor/kode", "/akun/faktor", code=pyotp.TOTP(secret).now())
    return secret, CODE.findall(made.text)


def forget_step(house, login):
    """As if no code of this half minute had been used."""
    with house.house.writing() as uow:
        uow.factors.put(replace(uow.factors.get(login), last_step=0))
        uow.commit()


def enter(browser, code):
    return post(browser, "/masuk/kode", "/masuk/kode", code=code)


def inside(browser):
    return browser.get(browser.base + "/api/me", timeout=10).status_code == 200


def test_who_sets_one_up_is_asked_for_a_code_and_each_code_counts_once(house, login):
    with Browser(house.base) as first, Browser(house.base) as second, Browser(house.base) as third:
        first.sign_in(login)
        old = first.cookies["regu_session"]
        with Browser(house.base) as elsewhere:
            elsewhere.sign_in(login)
            secret, recovery = set_up(first)
            assert not inside(elsewhere), "other sessions end with the change"
        assert len(recovery) == len(set(recovery)) == 10
        assert inside(first)
        assert first.cookies["regu_session"] != old, "the session has a new token"
        stolen = {"regu_session": old}
        assert requests.get(house.base + "/api/me", cookies=stolen, timeout=10).status_code == 401

        assert second.sign_in(login).headers["Location"].startswith("/masuk/kode")
        assert not inside(second)
        used = pyotp.TOTP(secret).now()
        assert enter(second, used).status_code == 401, "the code that confirmed it was used"
        forget_step(house, login)
        assert enter(second, used).url == house.base + "/tugas"
        assert inside(second)

        third.sign_in(login)
        assert enter(third, used).status_code == 401
        assert enter(third, recovery[0].upper()).status_code == 200
        assert inside(third)
    with Browser(house.base) as fourth:
        fourth.sign_in(login)
        assert enter(fourth, recovery[0]).status_code == 401, "a recovery code counts once"
        assert second_factors.state_of(house.house, login).codes_left == 9


def test_recovery_codes_are_long_enough_for_a_plain_hash(house, login):
    """ASVS 5 6.5.2: from 112 random bits on; each letter of these has five."""
    with Browser(house.base) as browser:
        browser.sign_in(login)
        _secret, recovery = set_up(browser)
    assert {len(code.replace("-", "")) * 5 for code in recovery} == {120}


def test_it_counts_only_after_its_first_right_code(house, login):
    with Browser(house.base) as browser, Browser(house.base) as other:
        browser.sign_in(login)
        refused = post(browser, "/akun/faktor", "/akun/faktor", password=f"not {PASSWORD}")
        assert refused.status_code == 422
        post(browser, "/akun/faktor", "/akun/faktor", password=PASSWORD)
        wrong = post(browser, "/akun/faktor/kode", "/akun/faktor", code="000000")
        assert wrong.status_code == 422
        other.sign_in(login)
        assert inside(other)


def test_a_password_alone_does_not_open_the_api_then(house, login):
    client = house.client(login)
    assert client.get("/api/me").status_code == 200
    with Browser(house.base) as browser:
        browser.sign_in(login)
        set_up(browser)
    answer = client.get("/api/me")
    assert answer.status_code == 401
    assert "service account" in answer.json()["detail"]
    wrong = requests.get(house.base + "/api/me", auth=(login, "wrong"), timeout=10)
    assert "service account" not in wrong.json()["detail"], "only who knows the password is told"


def test_wrong_codes_must_wait_as_wrong_passwords_do(house, login):
    with Browser(house.base) as browser:
        browser.sign_in(login)
        secret, _codes = set_up(browser)
    forget_step(house, login)
    with Browser(house.base) as guessing:
        guessing.sign_in(login)
        answers = [enter(guessing, f"{n:06}").status_code for n in range(8)]
        assert 429 in answers
        assert enter(guessing, pyotp.TOTP(secret).now()).status_code == 429
        with house.house.writing() as uow:
            uow.connection.exec_driver_sql("DELETE FROM sign_in_failure")
            uow.commit()
        assert enter(guessing, pyotp.TOTP(secret).now()).status_code == 200


def test_the_step_between_password_and_code_ends_with_the_password(house, login):
    with Browser(house.base) as browser:
        browser.sign_in(login)
        set_up(browser)
    with Browser(house.base) as waiting:
        waiting.sign_in(login)
        token = waiting.token("/masuk/kode")
        with house.house.writing() as uow:
            row = uow.accounts.account(login)
            uow.accounts.put(replace(row, password_hash=house.hasher.hash("quite another one")))
            uow.commit()
        data = {"csrf_token": token, "code": "123456"}
        answer = waiting.post(house.base + "/masuk/kode", data=data, timeout=10)
        assert answer.status_code == 401
        with house.house.writing() as uow:
            uow.accounts.put(row)
            uow.commit()


def test_an_administrator_resets_it_the_person_is_told_and_signs_in_without(house, login):
    with Browser(house.base) as browser, Browser(house.base) as admin:
        browser.sign_in(login)
        set_up(browser)
        admin.sign_in("admin")
        page = f"/kelola/pegawai/{login}"
        done = post(admin, page + "/faktor", page)
        assert done.status_code == 200
        assert not inside(browser)
        browser.sign_in(login)
        assert inside(browser)
        with house.house.reading() as uow:
            notices = uow.workplace.notices("p-employee", limit=5)
        assert "second_factor_reset" in {one.kind for one in notices}


def test_nobody_resets_his_own_or_one_of_another_agency(house):
    admin = account_actor(house.house, "admin").actor
    with pytest.raises(AccessRefused):
        second_factors.reset(house.house, admin, "admin")
    with pytest.raises(NotFound):
        second_factors.reset(house.house, admin, "stranger")
    with pytest.raises(AccessRefused):
        second_factors.reset(house.house, account_actor(house.house, "hr").actor, "employee")


def test_who_must_have_one_does_nothing_before(sqlite_template, tmp_path):
    must = SignInSettings(second_factor=duty_of("required_for_admins"))
    house = Served(tmp_path / "must", sqlite_template, sign_in=must).start(worker=False)
    try:
        assert house.client("admin").get("/api/me").status_code == 401
        assert house.client("employee").get("/api/me").status_code == 200
        with Browser(house.base) as admin:
            admin.sign_in("admin")
            page = admin.get(house.base + "/kelola", timeout=10)
            assert page.url == house.base + "/akun/faktor"
            assert admin.get(house.base + "/api/me", timeout=10).status_code == 403
            secret, _codes = set_up(admin)
            assert admin.get(house.base + "/kelola", timeout=10).url == house.base + "/kelola"
            forget_step(house, "admin")
            code = pyotp.TOTP(secret).now()
            kept = post(admin, "/akun/faktor/hapus", "/akun/faktor", code=code)
            assert kept.status_code == 422
    finally:
        house.close()


def test_one_step_early_or_late_is_taken_and_no_more(house):
    codes, now = OneTimeCodes([b"x" * 32]), house.house.clock.real_now()
    secret = codes.new_secret()
    step = int(now.timestamp()) // STEP_SECONDS
    for far in (-2, -1, 0, 1, 2):
        code = pyotp.TOTP(secret).generate_otp(step + far)
        assert codes.step_of(secret, code, now) == (step + far if abs(far) < 2 else None)
    for odd in ("", "12345", "1234567", "abcdef", "\uff11\uff12\uff13\uff14\uff15\uff16", " 12345"):
        assert codes.step_of(secret, odd, now) is None


def test_secrets_are_sealed_and_follow_the_newest_key(house, login):
    before, after = OneTimeCodes([b"a" * 32]), OneTimeCodes([b"b" * 32, b"a" * 32])
    signed_in = account_actor(house.house, login)
    second_factors.begin(house.house, before, signed_in)
    secret = second_factors.waiting_secret(house.house, before, login)
    second_factors.confirm(house.house, before, signed_in, pyotp.TOTP(secret).now())
    with house.house.reading() as uow:
        row = uow.factors.get(login)
    assert secret.encode() not in row.sealed
    assert before.unseal(row.key_id, row.sealed, "somebody else") is None
    assert before.unseal(row.key_id, row.sealed[:-1] + b"x", login) is None
    assert OneTimeCodes([b"b" * 32]).unseal(row.key_id, row.sealed, login) is None

    assert second_factors.reseal(house.house, after) == (1, 0)
    assert second_factors.reseal(house.house, after) == (0, 0)
    with house.house.reading() as uow:
        row = uow.factors.get(login)
    assert OneTimeCodes([b"b" * 32]).unseal(row.key_id, row.sealed, login) == secret
    assert second_factors.reseal(house.house, OneTimeCodes([b"c" * 32])) == (0, 1)


def test_failures_wait_on_every_way(house, login):
    """The counter is the account's: passwords and codes share it, in the database."""
    for _ in range(6):
        with pytest.raises((SignInRefused, TooManyTries)):
            second_factors.check(house.house, OneTimeCodes([b"a" * 32]), login, "000000")
    assert house.client(login).get("/api/me").status_code in (200, 429)
    with pytest.raises(TooManyTries) as waits:
        second_factors.check(house.house, OneTimeCodes([b"a" * 32]), login, "000000")
    assert timedelta(0) < timedelta(seconds=waits.value.retry_after_s) <= timedelta(minutes=5)

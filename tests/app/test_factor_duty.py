"""Who must have a second factor, as REGU_SECOND_FACTOR says it; until then he does nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.doctor.database import lacking_factors
from app.factor_duty import duty_of
from app.setting_refused import SettingRefused
from app.settings_sign_in import sign_in_from
from engine.usecases.rights import GROUPS
from tests.app.test_second_factor import set_up
from tests.app.test_sign_in import Browser
from tests.serving import Served

SOME = "groups:perf_admin, process_owner"


@pytest.fixture(scope="module", params=["required", SOME])
def house(request, sqlite_template, tmp_path_factory):
    how = sign_in_from({"REGU_SECOND_FACTOR": request.param})
    folder = tmp_path_factory.mktemp("duty")
    made = Served(folder, sqlite_template, sign_in=how).start(worker=False)
    made.asked = request.param
    yield made
    made.close()


@pytest.mark.parametrize(
    ("text", "offered", "bound", "free"),
    [
        ("off", False, [], [*GROUPS, ""]),
        ("offered", True, [], [*GROUPS, ""]),
        ("required_for_admins", True, ["admin"], ["hr", "perf_admin", ""]),
        (SOME, True, ["perf_admin", "process_owner"], ["admin", "hr", "auditor", ""]),
        ("groups:admin", True, ["admin"], ["perf_admin", ""]),
        ("required", True, [*GROUPS, ""], []),
    ],
)
def test_each_word_of_the_setting_obliges_whom_it_names(text, offered, bound, free):
    duty = duty_of(text)
    assert duty.offered is offered
    assert [one for one in bound if not duty.binds({one})] == []
    assert [one for one in free if duty.binds({one})] == []


@pytest.mark.parametrize("text", ["", "yes", "groups:", "groups:raters", "groups:admin,nobody"])
def test_a_setting_that_obliges_nobody_known_stops_the_start(text):
    with pytest.raises(SettingRefused, match="REGU_SECOND_FACTOR"):
        sign_in_from({"REGU_SECOND_FACTOR": text})


def test_who_is_named_does_nothing_before_he_has_set_one_up(house):
    with Browser(house.base) as bound:
        bound.sign_in("perf_admin")
        assert bound.get(house.base + "/tugas", timeout=10).url == house.base + "/akun/faktor"
        assert bound.get(house.base + "/api/me", timeout=10).status_code == 403
        set_up(bound)
        assert bound.get(house.base + "/api/me", timeout=10).status_code == 200
    with house.house.writing() as uow:
        uow.factors.remove("perf_admin")
        uow.commit()


def test_who_is_not_named_goes_on_with_a_password_and_everybody_is_named_by_required(house):
    wanted = 401 if house.asked == "required" else 200
    for login in ("employee", "hr"):
        assert house.client(login).get("/api/me").status_code == wanted
    assert house.client("perf_admin").get("/api/me").status_code == 401


def test_the_doctor_counts_who_must_have_one_and_has_none(house):
    with house.house.reading() as uow:
        connection = uow.connection
        everybody, some, none = (
            [one.words for one in lacking_factors(connection, duty_of(text))]
            for text in ("required", SOME, "offered")
        )
    assert none == []
    count = [int(words.split()[0]) for [words] in (everybody, some)]
    assert count[0] > count[1] > 0
    with Browser(house.base) as bound:
        bound.sign_in("perf_admin")
        set_up(bound)
    with house.house.reading() as uow:
        [after] = lacking_factors(uow.connection, duty_of(SOME))
    assert int(after.words.split()[0]) == count[1] - 1
    assert not replace(after).to_mend

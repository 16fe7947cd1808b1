"""The demo says whom to sign in as: one of each role."""

from __future__ import annotations

from app.demo.greeting import ROLES, roles_to_try
from app.demo.roster import GROUPS, Office, Roster, Team


def roster(**groups):
    people = {one for held in groups.values() for one in held} | {"s", "l", "h", "f"}
    return Roster(
        nips={one: f"nip-{one}" for one in people},
        groups=groups,
        teams=[Team(name="T", host_unit_id="u", sponsor="s", lead="l", members=["l"])],
        offices=[Office(unit_id="u", name="U", head="h", above="s", free=["f"], post_id="p")],
    )


def test_both_process_owners_come_first_and_every_role_once():
    told = roles_to_try(
        roster(perf_admin=["a", "b"], hr=["c"], auditor=["d"], process_owner=["x", "y", "z"])
    )
    assert told[:2] == [("nip-x", "pemilik proses"), ("nip-y", "pemilik proses")]
    roles = [role for _login, role in told[2:]]
    assert roles == [
        *("pengelola kinerja", "kepegawaian", "auditor"),
        *("sponsor tim kerja", "ketua tim kerja", "kepala unit", "pegawai"),
    ]


def test_who_has_two_roles_is_told_once_with_the_rarer():
    told = roles_to_try(roster(process_owner=["h"], perf_admin=["h"]))
    assert [role for login, role in told if login == "nip-h"] == ["pemilik proses"]


def test_every_group_of_the_demo_has_its_word():
    assert set(ROLES) == set(GROUPS)

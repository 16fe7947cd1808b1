"""What people start and is done at once: certificates, budgets, kinds of contribution."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.domain.outputs import Output
from engine.usecases.certificates import verify_certificate
from engine.usecases.errors import Conflict, InputRefused, NotFound
from tests.workflows.contributing import accepted, claim
from tests.workflows.crediting import SHARES, sealed


def certificate(town, who="sari"):
    town.ask("certificate_request", by=who, scope="cycle")
    with town.house.reading() as uow:
        return uow.credits.certificates_of(town.ids[who])[0]


def test_a_certificate_cites_what_is_sealed_and_anybody_verifies_it(town):
    with pytest.raises(InputRefused):
        town.ask("certificate_request", by="sari", scope="all")
    sealed(town, SHARES)
    made = certificate(town)
    (line,) = made.lines
    assert (line.share_bp, line.value_points, line.points_e4) == (1800, 40, 72_000)
    assert (line.squad, line.role, line.kind) == ("Tim Satu Data", "anggota", "Analisis")
    found = verify_certificate(town.house, made.code.lower())
    assert found.status.value == "valid"
    assert verify_certificate(town.house, made.code[:-1] + "2") is None or made.code[-1] == "2"
    with town.house.writing() as uow, pytest.raises(Conflict, match="append-only"):
        uow.credits.put(made)


def test_a_budget_bounds_the_outputs_of_a_period_and_covers_what_is_planned(town):
    budget = {"squad": town.ids["squad"], "period": town.ids["period 1"]}
    with pytest.raises(InputRefused):
        town.ask("point_budget", by="wati", **budget, points=39)
    with pytest.raises(InputRefused):
        town.ask("point_budget", by="wati", **budget, points=101)
    town.ask("point_budget", by="wati", **budget, points=50)
    town.ask("point_budget", by="wati", **budget, points=60)
    with town.house.reading() as uow:
        first, second = uow.credits.budget_use(town.ids["squad"], town.ids["cycle"])
        old = uow.contributions.get(Output, town.ids["output"])
    assert (first.points, first.used_points, first.left_points) == (60, 40, 20)
    assert (second.points, second.used_points) == (None, 0)
    for period, value in (("period 1", 21), ("period 2", 1)):
        more = replace(
            old, id=town.house.ids.uuid(), number=2,
            value_points=value, period_id=town.ids[period],
        )  # fmt: skip
        with town.house.writing() as uow, pytest.raises(Conflict, match="period_budget"):
            uow.contributions.add([more])


def test_an_agency_edits_its_kinds_and_claims_keep_theirs(town):
    accepted(town)
    claim(town, "sari", contribution_type="funding")
    with pytest.raises(NotFound):
        town.ask("contribution_types", by="wati", code="penyuluhan", label="Penyuluhan")
    town.ask("contribution_types", by="joko", code="penyuluhan", label="Penyuluhan", active=True)
    town.ask("contribution_types", by="joko", code="funding", label="Anggaran", active=False)
    with pytest.raises(InputRefused):
        claim(town, "eko", contribution_type="funding")
    claim(town, "eko", contribution_type="penyuluhan")
    with pytest.raises(InputRefused):
        town.ask("contribution_types", by="joko", code="Ärger", label="x", active=True)


@pytest.mark.parametrize("process", ["certificate_request", "point_budget", "contribution_types"])
def test_every_flow_of_what_is_done_at_once_is_walked(every_flow, process):
    every_flow(process)

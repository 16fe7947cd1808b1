"""Regu's own paths for credit by period, budgets and certificates."""

from __future__ import annotations

from typing import Any

from flask import g

from api import credit_cards as cards
from api import credit_shapes as shapes
from api.door import actor, house
from api.smorest import Paths
from api.work_shapes import CycleQuery
from engine.domain.certificates import read_code
from engine.usecases import certificates, credit_reports

paths = Paths("credits", "/api", "Credit by period, budgets, certificates.")


@paths.operation(
    "GET",
    "/cycles/<cycle_id>/periods",
    answer=shapes.PeriodsShape,
    query=shapes.ByQuery,
    errors=(404,),
)
def get_periods(query: dict[str, Any], cycle_id: str) -> dict[str, Any]:
    """Every period of a cycle from home, from host and its pool."""
    found = credit_reports.period_reports(house(), actor(), cycle_id, query["by"])
    return {"by": query["by"], "items": [cards.period(row) for row in found]}


@paths.operation(
    "GET",
    "/cycles/<cycle_id>/matrix",
    answer=shapes.CreditMatrixShape,
    query=shapes.UnitsQuery,
    errors=(404,),
)
def get_matrix(query: dict[str, Any], cycle_id: str) -> dict[str, Any]:
    """Credit that went out and came in, by unit or by agency."""
    found = credit_reports.flow_matrix(house(), actor(), cycle_id, units=query["units"])
    return cards.matrix(found)


@paths.operation(
    "GET",
    "/people/<person_id>/credit",
    answer=shapes.PersonCreditShape,
    query=CycleQuery,
    errors=(404,),
)
def get_person_credit(query: dict[str, Any], person_id: str) -> dict[str, Any]:
    """A person's credit by work and posting period, overlays and flags."""
    found = credit_reports.person_credit(house(), actor(), person_id, query.get("cycle"))
    return cards.person_credit(found)


@paths.operation("GET", "/squads/<squad_id>/budget", answer=shapes.SquadBudgetShape, errors=(404,))
def get_squad_budget(squad_id: str) -> dict[str, Any]:
    """A squad's points by period and what of them is used."""
    return cards.budget(credit_reports.squad_budget(house(), actor(), squad_id))


@paths.operation(
    "GET", "/people/<person_id>/certificates", answer=shapes.CertificatesShape, errors=(404,)
)
def get_person_certificates(person_id: str) -> dict[str, Any]:
    """A person's certificates, newest first."""
    found = certificates.certificates_of(house(), actor(), person_id)
    return {"items": [cards.certificate(row, public=False) for row in found]}


@paths.operation(
    "GET", "/certificates/<code>", answer=shapes.VerificationShape, public=True, errors=(429,)
)
def verify_certificate(code: str) -> dict[str, Any]:
    """What stands behind a certificate's code, for anybody."""
    found = certificates.verify_certificate(house(), code)
    if found is None:
        # counted: who tries codes must wait
        g.unknown_code = read_code(code) is not None
        return {"status": "unknown", "certificate": None}
    card = cards.certificate(found, public=True)
    return {"status": card["status"], "certificate": card}

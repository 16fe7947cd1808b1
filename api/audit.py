"""Regu's own paths for evidence, lending, and what internal audit reads."""

from __future__ import annotations

from typing import Any

from api import audit_cards as cards
from api import audit_shapes as shapes
from api.door import actor, house
from api.smorest import Paths
from api.work_shapes import CycleQuery
from engine.usecases import auditing, evidence, lending, overrides, protection

paths = Paths("audit", "/api", "Evidence, lending, and what internal audit reads.")


@paths.operation("GET", "/audit/lowering-acts", answer=shapes.GuardedActs)
def list_guarded_acts() -> dict[str, Any]:
    """Acts after a grievance that needed a second signature."""
    return cards.rows(protection.guarded_acts(house(), actor()))


@paths.operation(
    "GET", "/audit/cycles/<cycle_id>/mutual-attestations", answer=shapes.MutualPairs, errors=(404,)
)
def list_mutual_attestations(cycle_id: str) -> dict[str, Any]:
    """A signed lines of B while B signed lines of A."""
    return cards.rows(auditing.mutual_pairs(house(), actor(), cycle_id))


@paths.operation(
    "GET", "/audit/cycles/<cycle_id>/unshown", answer=shapes.UnshownList, errors=(404,)
)
def list_unshown(cycle_id: str) -> dict[str, Any]:
    """Attainments above 100 without verified evidence."""
    return cards.rows(auditing.unshown(house(), actor(), cycle_id))


@paths.operation("GET", "/audit/cycles/<cycle_id>/sponsors", answer=shapes.Sponsors, errors=(404,))
def list_sponsors(cycle_id: str) -> dict[str, Any]:
    """Sponsors and how they accept, beside all of them."""
    found = auditing.sponsors(house(), actor(), cycle_id)
    return {"items": [cards.sponsor(view) for view in found]}


@paths.operation(
    "GET", "/audit/cycles/<cycle_id>/split-outputs", answer=shapes.Splits, errors=(404,)
)
def list_split_outputs(cycle_id: str) -> dict[str, Any]:
    """Outputs split just under the limit."""
    return cards.rows(auditing.split_outputs(house(), actor(), cycle_id))


@paths.operation(
    "GET",
    "/audit/cycles/<cycle_id>/late-claims",
    answer=shapes.LateClaims,
    query=shapes.ReportPage,
    errors=(404,),
)
def list_late_claims(query: dict[str, Any], cycle_id: str) -> dict[str, Any]:
    """Claims handed in on the last days of their period, or after it."""
    after, limit = query.get("after"), query["limit"]
    found = auditing.late_claims(house(), actor(), cycle_id, after=after, limit=limit + 1)
    return cards.page(found, limit, "claim_id")


@paths.operation("GET", "/audit/cycles/<cycle_id>/consents", answer=shapes.Consents, errors=(404,))
def list_consents(cycle_id: str) -> dict[str, Any]:
    """Refusals and silences per unit head."""
    return cards.rows(auditing.consents(house(), actor(), cycle_id))


@paths.operation(
    "GET", "/audit/cycles/<cycle_id>/deviations", answer=shapes.DeviationCounts, errors=(404,)
)
def list_deviations(cycle_id: str) -> dict[str, Any]:
    """How often raters decided otherwise than was proposed."""
    return cards.rows(auditing.deviations(house(), actor(), cycle_id))


@paths.operation(
    "GET",
    "/audit/cycles/<cycle_id>/overrides",
    answer=shapes.Overrides,
    query=shapes.OverrideQuery,
    errors=(404,),
)
def list_overrides(query: dict[str, Any], cycle_id: str) -> dict[str, Any]:
    """Decisions against a proposal, those of election periods marked."""
    limit = query["limit"]
    found = overrides.overrides(
        house(),
        actor(),
        cycle_id,
        in_election=query.get("inElection"),
        after=query.get("after"),
        limit=limit + 1,
    )
    return cards.page(found, limit, "id")


@paths.operation("GET", "/audit/cycles/<cycle_id>/samples", answer=shapes.Samples, errors=(404,))
def list_samples(cycle_id: str) -> dict[str, Any]:
    """Audit samples with what was found."""
    found = auditing.samples(house(), actor(), cycle_id)
    return {"items": [cards.sample(view.sample, view.items, view.findings) for view in found]}


@paths.operation(
    "GET",
    "/people/<person_id>/evidence",
    answer=shapes.EvidenceList,
    query=CycleQuery,
    errors=(404,),
)
def list_evidence(query: dict[str, Any], person_id: str) -> dict[str, Any]:
    """A person's evidence with what was said about it."""
    found = evidence.read_evidence(house(), actor(), person_id, query.get("cycle"))
    return {
        "cycleId": found.cycle.id,
        "items": [cards.evidence(line) for line in found.lines],
        "unverifiedResults": list(found.unverified),
    }


@paths.operation(
    "GET",
    "/units/<unit_id>/lending",
    answer=shapes.LendingShape,
    query=CycleQuery,
    errors=(404,),
)
def get_lending(query: dict[str, Any], unit_id: str) -> dict[str, Any]:
    """What a unit lends to squads of other units."""
    return cards.lending(lending.lending(house(), actor(), unit_id, query.get("cycle")))

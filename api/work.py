"""Regu's own paths for the cycle, squads, credit, disputes, evidence and imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import current_app, request
from werkzeug.exceptions import BadRequest

from api import work_cards as cards
from api import work_shapes as shapes
from api.door import FILES, HASH, actor, house, idempotency_key
from api.smorest import Paths
from engine.domain.squads import Consent
from engine.usecases import agencies, books, cycles, disputes, evidence, proof, rights, squads

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.datastructures import FileStorage

    from engine.usecases.ports.files import EvidenceFiles

paths = Paths("work", "/api", "Cycles, squads, credit, disputes, evidence, imports.")

_FILE = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


@paths.operation(
    "POST",
    "/cycles/<cycle_id>/open",
    answer=shapes.CycleStarted,
    status=201,
    errors=(404, 409, 422),
    idempotent=True,
)
def open_cycle(cycle_id: str) -> Any:
    """Start the year's process."""
    command = cycles.OpenCycle(cycle_id=cycle_id, idempotency_key=idempotency_key())
    return cycles.open_cycle(house(), actor(), command)


@paths.operation(
    "GET", "/cycles/<cycle_id>/reconciliation", answer=shapes.ReconciliationShape, errors=(404,)
)
def get_reconciliation(cycle_id: str) -> dict[str, Any]:
    """Home and host views of a cycle's ledger."""
    return cards.reconciliation(cycles.reconcile(house(), actor(), cycle_id))


@paths.operation("GET", "/verify", answer=shapes.Proof)
def get_proof() -> dict[str, Any]:
    """Prove every audit chain and every ledger of the installation."""
    rights.require(actor(), "proof:read")
    faults = list(proof.prove(house()))
    return {"holds": not faults, "faults": faults}


@paths.operation(
    "GET",
    "/people/<person_id>/ledger",
    answer=shapes.PersonLedgerShape,
    query=shapes.CycleQuery,
    errors=(404,),
)
def get_person_ledger(query: dict[str, Any], person_id: str) -> dict[str, Any]:
    """A person's ledger rows in a cycle."""
    found = books.person_ledger(house(), actor(), person_id, query.get("cycle"))
    return {"cycleId": found.cycle.id, "items": [cards.transfer(*pair) for pair in found.rows]}


@paths.operation(
    "GET",
    "/units/<unit_id>/ledger",
    answer=shapes.UnitLedgerShape,
    query=shapes.CycleQuery,
    errors=(404,),
)
def get_unit_ledger(query: dict[str, Any], unit_id: str) -> dict[str, Any]:
    """A unit's ledger from home and from host."""
    return cards.unit_ledger(books.unit_ledger(house(), actor(), unit_id, query.get("cycle")))


@paths.operation(
    "GET",
    "/people/<person_id>/plan",
    answer=shapes.PlanShape,
    query=shapes.CycleQuery,
    errors=(404,),
)
def get_person_plan(query: dict[str, Any], person_id: str) -> dict[str, Any]:
    """A person's plan by role, with the advisory index."""
    return cards.plan(books.person_plan(house(), actor(), person_id, query.get("cycle")))


@paths.operation(
    "GET",
    "/people/<person_id>/rating",
    answer=shapes.RatingShape,
    query=shapes.CycleQuery,
    errors=(404,),
)
def get_person_rating(query: dict[str, Any], person_id: str) -> dict[str, Any]:
    """A person's levels and predikat."""
    return cards.rating(books.person_rating(house(), actor(), person_id, query.get("cycle")))


@paths.operation(
    "POST",
    "/outputs/<output_id>/disputes",
    answer=shapes.DisputeRaised,
    status=201,
    body=shapes.DisputeBody,
    errors=(404, 409),
    idempotent=True,
)
def raise_dispute(body: dict[str, Any], output_id: str) -> dict[str, Any]:
    """Contest a line of an output."""
    command = disputes.RaiseDispute(
        output_id=output_id,
        person_id=body.get("personId"),
        ground=body["ground"],
        evidence_link=body["evidenceLink"],
        idempotency_key=idempotency_key(),
    )
    return {"disputeId": disputes.raise_dispute(house(), actor(), command)["dispute_id"]}


@paths.operation(
    "POST",
    "/memberships/<membership_id>/consent",
    answer=shapes.ConsentGiven,
    body=shapes.ConsentBody,
    errors=(404, 409),
    idempotent=True,
)
def give_consent(body: dict[str, Any], membership_id: str) -> dict[str, Any]:
    """The home superior's answer to lending a person."""
    command = squads.GiveConsent(
        membership_id=membership_id,
        consent=Consent(body["consent"]),
        reason=body["reason"],
        idempotency_key=idempotency_key(),
    )
    done = squads.give_home_consent(house(), actor(), command)
    return {"consent": done["consent"], "postedBp": done["posted_bp"]}


@paths.operation(
    "POST",
    "/memberships/<membership_id>/answer",
    answer=shapes.AnswerKept,
    body=shapes.AnswerBody,
    errors=(404, 409),
    idempotent=True,
)
def answer_membership(body: dict[str, Any], membership_id: str) -> dict[str, Any]:
    """The member's own answer."""
    command = squads.AnswerMembership(
        membership_id=membership_id,
        accepts=body["accepts"],
        idempotency_key=idempotency_key(),
    )
    done = squads.answer_membership(house(), actor(), command)
    return {"loadBp": done["load_bp"], "flag": done["flag"]}


@paths.operation(
    "POST",
    "/evidence",
    answer=shapes.EvidenceKept,
    status=201,
    errors=(413, 415, 422),
    doc=_FILE,
)
def keep_evidence() -> dict[str, Any]:
    """Keep a file; its reference goes into a form's file field."""
    sent = _sent_file()
    files = cast("EvidenceFiles", current_app.extensions[FILES])
    kept = evidence.keep_file(
        house(), files, actor(), cast("Any", sent.stream), sent.filename or ""
    )
    return {
        "id": kept["id"],
        "sha256": kept["sha256"],
        "filename": kept["filename"],
        "mediaType": kept["media_type"],
        "sizeBytes": kept["size_bytes"],
    }


@paths.operation(
    "POST",
    "/imports",
    answer=shapes.ImportAnswer,
    query=shapes.ImportQuery,
    errors=(409, 413, 415, 422),
    idempotent=True,
    doc=_FILE,
)
def import_workbook(query: dict[str, Any]) -> dict[str, Any]:
    """Import an agency from a workbook; a dry run (the default) reports every flaw."""
    sent = _sent_file()
    content = sent.stream.read()
    found = agencies.examine_workbook(house(), actor(), content)
    if query["dryRun"]:
        return cards.examination(found, None)
    command = agencies.ImportAgency(
        content=content,
        filename=sent.filename or "",
        idempotency_key=idempotency_key(),
    )
    make_hash = cast("Callable[[str], str]", current_app.extensions[HASH])
    return cards.examination(found, agencies.import_agency(house(), actor(), command, make_hash))


def _sent_file() -> FileStorage:
    sent = request.files.get("file")
    if sent is None:
        raise BadRequest("send one file, in the field `file` of multipart/form-data")
    return sent

"""Operation that issues a certificate of contribution to the person himself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.domain import certificates as rules
from engine.domain.certificates import Certificate, CertificateLine
from engine.domain.contribution_types import merged
from engine.domain.cycles import Period
from engine.domain.ledger import LineClass
from engine.domain.units import Agency, Unit
from engine.usecases import audit_tags
from engine.usecases.errors import NotFound
from engine.usecases.operations.step import fault
from engine.usecases.ports.credits import CertificateRow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.domain.ledger import Transfer
    from engine.domain.outputs import Output
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json


def issue_certificate(step: Step) -> Mapping[str, Json]:
    """`regu.certificate.issue` (start form: scope cycle|all): at once, for oneself.

    It cites the live lines of sealed outputs and accepted overlays, in a snapshot that stays as
    it is; a row taken back later shows at verification. Returns certificate_id.
    """
    person = step.standing.person(step.person)
    if person is None:
        raise NotFound("person", step.person)
    scope = step.text("scope")
    if scope not in ("cycle", "all"):
        raise fault("scope", "unknown_word", "cycle or all")
    cycle_id = step.maybe("cycle_id") if scope == "cycle" else None
    if scope == "cycle" and cycle_id is None:
        raise fault("scope", "no_cycle", "no cycle is open")
    rows = step.uow.credits.sealed_lines(person.id, cycle_id)
    if not rows:
        raise fault("scope", "nothing_sealed", "no contribution of yours is sealed yet")
    lines = tuple(_line(step, row, output) for row, output in rows)
    made_id = step.means.ids.uuid()
    home = step.standing.home_unit(person.id)
    agency = step.uow.agency.get(Agency, person.agency_id)
    unit = step.uow.agency.get(Unit, home) if home else None
    made = Certificate(
        id=made_id,
        code=rules.code_of(made_id),
        person_id=person.id,
        agency_id=person.agency_id,
        name=person.name,
        nip=person.nip,
        unit=unit.name if unit else "",
        agency=agency.name if agency else "",
        starts_on=min(line.starts_on for line in lines),
        ends_on=max(line.ends_on for line in lines),
        lines=lines,
        ledger_hash=rules.ledger_hash([row.hash for row, _ in rows]),
        issued_at=step.now,
    )
    made = replace(made, content_hash=rules.content_hash(made))
    step.uow.credits.add([made])
    step.uow.credits.add(
        [CertificateRow(certificate_id=made.id, transfer_id=row.id) for row, _ in rows]
    )
    step.note(f"person:{person.id}", audit_tags.CERTIFICATE_ISSUED, certificate=made.id)
    return {"certificate_id": made.id, "code": rules.shown_code(made.code)}


def _line(step: Step, row: Transfer, output: Output) -> CertificateLine:
    squad = step.standing.squad(output.squad_id)
    host = step.uow.agency.get(Unit, squad.host_unit_id)
    period = step.uow.performance.get(Period, row.work_period_id)
    if period is None:
        raise NotFound("period", row.work_period_id)
    primary = row.line_class is LineClass.PRIMARY
    return CertificateLine(
        transfer_id=row.id,
        squad=squad.name,
        host=host.name if host else "",
        role=row.role,
        output=output.title,
        value_points=output.value_points if primary else 0,
        share_bp=row.amount_bp if primary else 0,
        points_e4=row.amount_bp * output.value_points if primary else 0,
        kind=_kind(step, row, squad.host_agency_id) if primary else "",
        starts_on=period.starts_on,
        ends_on=period.ends_on,
    )


def _kind(step: Step, row: Transfer, agency_id: str) -> str:
    claim = step.uow.contributions.claim_of(row.output_id, row.person_id or "")
    kinds = {kind.code: kind.label for kind in merged(step.uow.credits.types(agency_id))}
    return kinds.get(claim.contribution_type, "") if claim else ""


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.certificate.issue": issue_certificate,
}

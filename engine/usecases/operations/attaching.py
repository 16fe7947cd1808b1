"""Evidence laid beside a result in a period, a feedback or an incident: files and links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from engine.domain.claims import Evidence
from engine.domain.documentation import Attachment
from engine.usecases.operations.step import fault

if TYPE_CHECKING:
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

#: how an address begins
_SCHEMES: Final = ("https://", "http://")
#: letters of one address
_LINK_MAX: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Beside what the evidence is laid, and whose it is."""

    person_id: str
    cycle_id: str
    item_id: str | None = None
    period_id: str | None = None
    feedback_id: str | None = None
    incident_id: str | None = None


def links_of(text: Json, field: str) -> list[str]:
    """Addresses of a field, one a line, each once; `InputRefused` for what is none."""
    lines = str(text or "").split()
    for line in lines:
        if not line.startswith(_SCHEMES) or len(line) > _LINK_MAX:
            raise fault(field, "not_a_link", "a link begins with https://")
    return list(dict.fromkeys(lines))


def file_ids(value: Json) -> list[str]:
    """Ids of stored files that a file field names."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    found = (one.get("id") if isinstance(one, Mapping) else one for one in value)
    return [one for one in found if isinstance(one, str) and one]


def attach_links(step: Step, subject: Subject, links: Sequence[str]) -> None:
    """Lay addresses beside a thing; one that lies there already is not laid twice."""
    known = set()
    if subject.item_id is not None and subject.period_id is not None:
        near = step.uow.dialogues.attached(subject.item_id, subject.period_id)
        known = {one.link for one in near}
    for link in links:
        if link in known:
            continue
        proof = Evidence(
            id=step.means.ids.uuid(),
            plan_item_id=subject.item_id,
            link=link,
            uploaded_by=step.person,
            at=step.now,
        )
        step.uow.contributions.add([proof])
        _lay(step, subject, proof.id)


def attach_files(step: Step, subject: Subject, ids: Sequence[str], field: str) -> None:
    """Lay uploaded files beside a thing; `InputRefused` for files of others or used elsewhere."""
    for n, evidence_id in enumerate(ids):
        found = step.uow.contributions.get(Evidence, evidence_id)
        if found is None or found.uploaded_by != step.person:
            raise fault(f"{field}.{n}", "unknown_file", "upload the file first")
        beside = step.uow.dialogues.attachments_of(evidence_id)
        if found.claim_id is not None or any(one.person_id != subject.person_id for one in beside):
            raise fault(f"{field}.{n}", "used_elsewhere", "belongs to something else")
        if subject.item_id is not None and found.plan_item_id is None:
            step.uow.contributions.put(replace(found, plan_item_id=subject.item_id))
        _lay(step, subject, evidence_id)


def _lay(step: Step, subject: Subject, evidence_id: str) -> None:
    row = Attachment(
        id=step.means.ids.uuid(),
        evidence_id=evidence_id,
        person_id=subject.person_id,
        cycle_id=subject.cycle_id,
        item_id=subject.item_id,
        period_id=subject.period_id,
        feedback_id=subject.feedback_id,
        incident_id=subject.incident_id,
    )
    step.uow.dialogues.add([row])

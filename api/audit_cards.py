"""What internal audit reads, in the API's words."""

from __future__ import annotations

from dataclasses import fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.domain.sampling import AuditSample, Finding, SampleItem
    from engine.usecases.auditing import SponsorView
    from engine.usecases.lending import Lending
    from engine.usecases.verification import EvidenceLine


def row(found: Any) -> dict[str, Any]:
    """A flat row under the names of JSON: snake_case becomes camelCase, words their values."""
    return {_camel(field.name): _plain(getattr(found, field.name)) for field in fields(found)}


def rows(found: Iterable[Any]) -> dict[str, Any]:
    """A list of flat rows."""
    return {"items": [row(one) for one in found]}


def page(found: Sequence[Any], limit: int, key: str) -> dict[str, Any]:
    """The first `limit` of `limit` + 1 rows, and the key of the last where more are behind."""
    shown = found[:limit]
    more = getattr(shown[-1], key) if len(found) > limit else None
    return {**rows(shown), "next": more}


def sponsor(view: SponsorView) -> dict[str, Any]:
    """A sponsor's figures."""
    return {
        "sponsorId": view.figures.sponsor_id,
        "outputs": view.figures.outputs,
        "mean": view.mean,
        "abovePercent": view.above_percent,
        "allOutputs": view.figures.all_outputs,
        "allMean": view.all_mean,
        "allAbovePercent": view.all_above_percent,
        "lenient": view.lenient,
    }


def sample(
    found: AuditSample, items: Sequence[SampleItem], findings: Mapping[str, Finding]
) -> dict[str, Any]:
    """A sample with its pieces and what was found of them."""
    return {**row(found), "pieces": [_piece(item, findings.get(item.id)) for item in items]}


def evidence(line: EvidenceLine) -> dict[str, Any]:
    """A piece of evidence with what was said about it."""
    found = line.proof.evidence
    return {
        "id": found.id,
        "filename": found.filename,
        "link": found.link,
        "mediaType": found.media_type,
        "outputId": line.proof.output_id,
        "itemId": line.proof.item_id,
        "uploadedBy": found.uploaded_by,
        "at": found.at,
        "status": found.status.value,
        "verifiedBy": found.verified_by,
        "reason": line.check.reason if line.check else "",
        "replacedBy": line.replaced_by,
    }


def lending(found: Lending) -> dict[str, Any]:
    """What a unit lends."""
    return {
        "unitId": found.unit_id,
        "cycleId": found.cycle_id,
        "headId": found.head_id,
        "people": found.people,
        "hosts": found.hosts,
        "lentBp": found.lent_bp,
        "capacityBp": found.capacity_bp,
        "pointsE4": found.points_e4,
        "memberships": [row(one) for one in found.rows],
    }


def _piece(item: SampleItem, finding: Finding | None) -> dict[str, Any]:
    return {
        "itemId": item.id,
        "number": item.number,
        "stratum": item.stratum.value,
        "kind": item.kind.value,
        "subjectId": item.subject_id,
        "personId": item.person_id,
        "verdict": finding.verdict.value if finding else None,
        "note": finding.note if finding else None,
        "correction": finding.correction if finding else None,
        "auditorId": finding.auditor_id if finding else None,
    }


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, StrEnum) else value

"""Portfolios, allowances and referrals in the API's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.domain.recognition import Recognition
    from engine.usecases.allowances import AllowanceFeed
    from engine.usecases.portfolios import Portfolio
    from engine.usecases.ports.recognitions import Referred, UsedData


def portfolio(found: Portfolio) -> dict[str, Any]:
    """A person's portfolio."""
    cross, box, asn = found.cross, found.box, found.ip_asn
    return {
        "personId": found.person.id,
        "cycleId": found.cycle.id,
        "predikat": found.predikat.value if found.predikat else None,
        "recognitions": [
            _recognition(row, found.uses.get(row.id, ())) for row in found.recognitions
        ],
        "crossUnit": {
            "pointsE4": cross.points_e4,
            "allPointsE4": cross.all_points_e4,
            "shareBp": cross.share_bp,
            "hostUnits": len(cross.hosts),
            "transferIds": [row.id for row in cross.rows],
        },
        "ipAsn": {
            "parts": [
                {
                    "dimension": part.dimension.value,
                    "word": part.word,
                    "points": part.points,
                    "mark": part.mark,
                }
                for part in asn.parts
            ],
            "total": asn.sum.total,
            "band": asn.band,
            "missing": [one.value for one in asn.sum.missing],
        },
        "talentBox": {
            "performance": box.performance,
            "potential": box.potential.word if box.potential else None,
            "source": box.potential.source if box.potential else None,
            "box": box.box,
            "promotionPool": box.pool,
            "mark": box.mark,
        },
    }


def allowances(found: AllowanceFeed, limit: int) -> dict[str, Any]:
    """A page of the feed; one row more was asked for than is shown."""
    rows = found.rows[:limit]
    return {
        "cycleId": found.cycle.id,
        "items": [
            {
                "personId": row.person_id,
                "nip": row.nip,
                "name": row.name,
                "number": row.number,
                "period": row.period,
                "predikat": row.predikat.value,
                "percent": found.percents[row.predikat],
                "doubtful": row.flagged,
                "ratingId": row.source_id,
                "at": row.at,
            }
            for row in rows
        ],
        "next": rows[-1].mark if len(found.rows) > limit else None,
    }


def referrals(found: Sequence[Referred], limit: int) -> dict[str, Any]:
    """A page of referrals."""
    rows = found[:limit]
    return {
        "items": [
            {
                "id": row.referral.id,
                "nip": row.nip,
                "name": row.about,
                "ground": row.referral.ground.value,
                "words": row.referral.text,
                "source": row.referral.source,
                "referredBy": row.by,
                "handedTo": row.handed_to,
                "letterNo": row.letter_no,
                "at": row.referral.at,
                "handedAt": row.handed_at,
            }
            for row in rows
        ],
        "next": rows[-1].referral.id if len(found) > limit else None,
    }


def _recognition(row: Recognition, used: Sequence[UsedData]) -> dict[str, Any]:
    return {
        "id": row.id,
        "cycleId": row.cycle_id,
        "kind": row.kind.value,
        "outcome": row.outcome.value,
        "crossPointsE4": row.cross_points_e4,
        "hostUnits": row.host_units,
        "overlays": row.cross_overlays,
        "note": row.note,
        "confirmedBy": row.confirmed_by,
        "at": row.at,
        "used": [_used(one) for one in used],
    }


def _used(one: UsedData) -> dict[str, Any]:
    return {
        "data": one.use.data.value,
        "dataId": one.use.data_id,
        "version": one.use.data_version,
        "sha256": one.use.data_hash,
        "changedSince": one.changed,
        "pointsE4": one.points_e4,
        "outputId": one.output_id or None,
        "output": one.output,
        "squad": one.squad,
        "hostUnit": one.host,
        "at": one.use.at,
    }

"""What the sample agency sets itself for the year, and how its units take it on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

#: outcome and what leads to it, of the whole agency
OBJECTIVES: Final[tuple[Mapping[str, Any], ...]] = (
    {
        "code": "S1",
        "title": "Layanan publik digital memuaskan penggunanya",
        "level": "outcome",
        "perspective": "recipient",
        "indicator": "Indeks kepuasan masyarakat",
        "target": 85,
        "unit": "indeks",
        "direction": "higher",
    },
    {
        "code": "S2",
        "title": "Layanan terpadu dan andal",
        "level": "intermediate",
        "perspective": "process",
        "leads_to": "S1",
        "indicator": "Layanan yang tersedia sepanjang waktu",
        "target": 95,
        "unit": "%",
        "direction": "higher",
    },
)


def of_agency(_task: Mapping[str, Any]) -> dict[str, Any]:
    """The objectives of the agency."""
    return {"objectives": [dict(row) for row in OBJECTIVES], "note": "Sesuai Perjanjian Kinerja."}


def approved(task: Mapping[str, Any]) -> dict[str, Any]:
    """The head of the agency agrees to what he reads."""
    return {"objectives": task["variables"].get("objectives") or [], "decision": "accept"}


def of_unit(task: Mapping[str, Any]) -> dict[str, Any]:
    """A unit's own objective under the agency's."""
    unit = task["variables"]["unit"]
    own = {
        "code": f"U-{unit['id'][-6:]}",
        "title": f"Keluaran {unit['name']} mendukung layanan terpadu",
        "level": "output",
        "perspective": "internal",
        "leads_to": "S2",
        "indicator": "Keluaran selesai tepat waktu",
        "target": 100,
        "unit": "%",
        "direction": "higher",
    }
    return {"objectives": [*(task["variables"].get("objectives") or []), own]}


def matrix(task: Mapping[str, Any]) -> dict[str, Any]:
    """The matrix as it was proposed."""
    return {"cells": task["variables"].get("cells") or []}

"""Agencies, their unit trees and posts (instansi, unit kerja, jabatan)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.domain.errors import Violation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class JobClass(StrEnum):
    """Class of a post (jenis jabatan)."""

    #: top executive, jabatan pimpinan tinggi
    JPT = "JPT"
    #: administrative, jabatan administrasi (administrator, pengawas)
    JA = "JA"
    #: functional, jabatan fungsional
    JF = "JF"
    #: implementing staff, pelaksana
    PELAKSANA = "PELAKSANA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """An agency (instansi)."""

    #: UUIDv7 text
    id: str
    #: short code, unique
    code: str
    #: full name
    name: str
    #: IANA zone of its seat: Asia/Jakarta, Asia/Makassar, Asia/Jayapura
    timezone: str = "Asia/Jakarta"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit of an agency (unit kerja)."""

    #: UUIDv7 text
    id: str
    #: agency it belongs to
    agency_id: str
    #: code, unique inside the agency
    code: str
    #: full name
    name: str
    #: unit above, None at the top
    parent_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post in a unit (jabatan)."""

    #: UUIDv7 text
    id: str
    #: unit it belongs to
    unit_id: str
    #: title as on the appointment letter
    title: str
    #: class of the post
    job_class: JobClass
    #: whether its holder heads the unit
    is_head: bool = False


def ancestors(unit_id: str, units: Mapping[str, Unit]) -> tuple[str, ...]:
    """Promise: the units above, nearest first; a circle ends where it closes."""
    found: list[str] = []
    unit = units.get(unit_id)
    while unit is not None and unit.parent_id is not None and unit.parent_id not in found:
        if unit.parent_id == unit_id:
            break
        found.append(unit.parent_id)
        unit = units.get(unit.parent_id)
    return tuple(found)


def within(unit_id: str, top_id: str, units: Mapping[str, Unit]) -> bool:
    """Promise: whether the unit is `top_id` or lies below it."""
    return unit_id == top_id or top_id in ancestors(unit_id, units)


def check_tree(units: Iterable[Unit]) -> tuple[Violation, ...]:
    """Promise: every unit whose parent is unknown, of another agency, or itself in a circle."""
    by_id = {unit.id: unit for unit in units}
    found: list[Violation] = []
    for unit in by_id.values():
        if unit.parent_id is None:
            continue
        parent = by_id.get(unit.parent_id)
        if parent is None:
            found.append(_fault("parent_unknown", unit, f"parent {unit.parent_id} unknown"))
        elif parent.agency_id != unit.agency_id:
            found.append(_fault("parent_foreign", unit, "parent belongs to another agency"))
        elif _in_circle(unit, by_id):
            found.append(_fault("unit_circle", unit, "the unit lies above itself"))
    return tuple(found)


def _in_circle(unit: Unit, by_id: Mapping[str, Unit]) -> bool:
    seen: set[str] = set()
    step: Unit | None = unit
    while step is not None and step.parent_id is not None and step.id not in seen:
        seen.add(step.id)
        if step.parent_id == unit.id:
            return True
        step = by_id.get(step.parent_id)
    return False


def _fault(code: str, unit: Unit, message: str) -> Violation:
    return Violation(code=code, subject=unit.id, message=message)

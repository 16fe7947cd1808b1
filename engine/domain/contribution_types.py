"""Kinds of contribution (jenis kontribusi): CRediT-like roles that an agency edits.

The fourteen that ship follow the roles of ANSI/NISO Z39.104-2022 in words of our own. They explain
a share; they are no numbers. An agency's row of the same code takes the place of a shipped one; a
row that is not active is offered no more, while claims that name it keep it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.errors import Violation

if TYPE_CHECKING:
    from collections.abc import Iterable

_CODE: Final = re.compile(r"[a-z][a-z0-9_]{1,23}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionType:
    """One kind of contribution."""

    #: agency and code, or "shipped" and code
    id: str
    #: whose it is; None: it ships with Regu
    agency_id: str | None = None
    #: word that claims refer to
    code: str
    #: shown name, Bahasa Indonesia
    label: str
    #: shown name, English
    label_en: str
    #: order in lists
    position: int
    #: whether new claims may name it
    active: bool = True


def _shipped(position: int, code: str, label: str, label_en: str) -> ContributionType:
    return ContributionType(
        id=f"shipped:{code}", code=code, label=label, label_en=label_en, position=position
    )


SHIPPED: Final = (
    _shipped(1, "conceptualisation", "Gagasan dan tujuan", "Ideas and goals"),
    _shipped(2, "methodology", "Cara kerja dan rancangan", "Method and design"),
    _shipped(3, "software", "Pengembangan sistem", "Software"),
    _shipped(4, "validation", "Pemeriksaan hasil", "Checking of results"),
    _shipped(5, "analysis", "Analisis", "Analysis"),
    _shipped(6, "investigation", "Pengumpulan data", "Collecting data"),
    _shipped(7, "resources", "Penyediaan sarana", "Providing means"),
    _shipped(8, "data_curation", "Pengelolaan data", "Keeping of data"),
    _shipped(9, "drafting", "Penulisan", "Writing"),
    _shipped(10, "review", "Telaah dan penyuntingan", "Review and editing"),
    _shipped(11, "visualisation", "Bagan dan paparan", "Figures and presentation"),
    _shipped(12, "supervision", "Pembinaan", "Guidance"),
    _shipped(13, "administration", "Koordinasi pekerjaan", "Running the work"),
    _shipped(14, "funding", "Anggaran", "Budget"),
)


def merged(rows: Iterable[ContributionType]) -> tuple[ContributionType, ...]:
    """Promise: every kind an agency knows, its own rows in place of shipped ones, in order."""
    found: dict[str, ContributionType] = {}
    for row in sorted(rows, key=lambda r: r.agency_id is not None):
        found[row.code] = row
    return tuple(sorted(found.values(), key=lambda r: (r.position, r.code)))


def offered(rows: Iterable[ContributionType]) -> tuple[ContributionType, ...]:
    """Promise: the kinds that a new claim may name."""
    return tuple(row for row in merged(rows) if row.active)


def check_type(row: ContributionType, rows: Iterable[ContributionType]) -> tuple[Violation, ...]:
    """Promise: every fault of a row an agency wants to keep; one kind at least stays active."""
    found = []
    if not _CODE.fullmatch(row.code):
        found.append(_fault("code", "small letters, digits and _, two to twenty-four of them"))
    if not row.label.strip() or not row.label_en.strip():
        found.append(_fault("label", "a kind has a name in both languages"))
    others = [other for other in offered(rows) if other.code != row.code]
    if not row.active and not others:
        found.append(_fault("active", "one kind at least stays"))
    return tuple(found)


def _fault(code: str, message: str) -> Violation:
    return Violation(code=code, subject="contribution_type", message=message)

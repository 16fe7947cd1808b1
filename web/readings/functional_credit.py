"""Functional credit as its pages and papers show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from babel.numbers import format_decimal
from flask import url_for

from engine.domain.certificates import shown_code
from engine.domain.credit_doubts import DoubtReason
from engine.domain.credit_papers import PaperKind, line_facts
from engine.domain.functional import Employment, rounded
from web.formats import NOTHING, day, month, predikat
from web.tables import Column, Kind, Table
from web.wording import gettext as _
from web.wording import lazy_gettext as _l
from web.wording import reader_locale

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from fractions import Fraction

    from engine.domain.credit_papers import CreditPaper, PaperFlag
    from engine.domain.functional import FunctionalStanding
    from engine.usecases.functional_credit import CreditBook, OfficialCredit, Officials, PaperView

#: words of the decision `contract_renewal`
RENEWALS: Final[Mapping[str, object]] = {
    "dapat_dipertimbangkan": _l("A renewal can be considered."),
    "dengan_pembinaan": _l("A renewal can be considered together with guidance."),
    "perlu_ditelaah": _l("A renewal needs a closer look."),
}
#: what changed after a paper was issued
REASONS: Final[Mapping[DoubtReason, object]] = {
    DoubtReason.PREDIKAT: _l("Predikat"),
    DoubtReason.LEVEL: _l("Functional level"),
    DoubtReason.GRADE: _l("Grade (golongan)"),
    DoubtReason.BROUGHT: _l("Points brought"),
    DoubtReason.MONTHS: _l("Months that count"),
    DoubtReason.TABLE: _l("Percentage, coefficient or threshold"),
}
_YEAR_DECIMALS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditDocument:
    """A conversion, an accumulation or a PAK, ready to print."""

    title: str
    facts: Mapping[str, Any]
    kind: str
    #: None: an accumulation as it stands now
    view: PaperView | None
    code: str
    decimals: int
    printed_at: datetime

    def points(self, units: str) -> str:
        """Points for print."""
        return points(Decimal(units), self.decimals)

    def changed(self, flag: PaperFlag) -> str:
        """What changed after the paper was issued."""
        return changed_on_paper(flag)

    def exact(self, text: str) -> Decimal:
        """A number that the paper keeps as text."""
        return Decimal(text)


def points(units: Decimal | Fraction, decimals: int) -> str:
    """Twelve-hundredths as points like "20,83", rounded once."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(rounded(units, decimals), pattern, locale=reader_locale())


def years(value: Fraction | None) -> str:
    """Years like "2,67"."""
    return NOTHING if value is None else points(value * 1200, _YEAR_DECIMALS)


def level_of(held: FunctionalStanding | None) -> str:
    """Level and grade, or what stands in their place."""
    if held is None:
        return NOTHING
    name = predikat(held.level) if held.level else _("not a functional post")
    return " · ".join(part for part in (name, held.grade) if part)


def employment(held: FunctionalStanding | None) -> str:
    """PNS or PPPK."""
    return NOTHING if held is None else held.employment.value.upper()


def month_table(book: CreditBook) -> Table:
    """Every month with the arithmetic of its credit."""
    return Table(
        name="angka-kredit",
        title=_("Functional credit of %(name)s by month", name=book.person.name),
        columns=(
            Column(_("Month")),
            Column(_("Functional level")),
            Column(_("Coefficient a year"), Kind.NUMBER),
            Column(_("Predikat")),
            Column(_("Percentage"), Kind.NUMBER),
            Column(_("Credit"), Kind.TEXT),
            Column(_("Counts now")),
        ),
        rows=[
            (
                month(row.first_day),
                predikat(row.level),
                row.coefficient.normalize(),
                predikat(row.predikat),
                row.percent,
                points(row.units, book.decimals + 2),
                book.found is not None
                and row.level is book.found.level
                and row.first_day >= book.found.since,
            )
            for row in book.months
        ],
    )


def official_table(found: Officials, rows: Sequence[OfficialCredit]) -> Table:
    """People with their credit."""
    return Table(
        name="pejabat-fungsional",
        title=_("Functional officials"),
        columns=(
            Column(_("Name")),
            Column("NIP", Kind.NIP),
            Column(_("Unit")),
            Column(_("Employment")),
            Column(_("Functional level")),
            Column(_("Credit of the level")),
            Column(_("Missing to the next rank")),
            Column(_("Missing to the next level")),
            Column(_("Note")),
        ),
        rows=[_official(found, row) for row in rows],
        links=[
            url_for("functional_credit.person", person_id=row.official.person_id) for row in rows
        ],
    )


def _official(found: Officials, row: OfficialCredit) -> tuple[str, ...]:
    def left(target: Any) -> str:
        return points(target.missing_units, found.decimals) if target else NOTHING

    return (
        row.official.name,
        row.official.nip,
        found.names.get(row.official.unit_id, NOTHING),
        employment(row.held),
        level_of(row.held),
        points(row.found.units, found.decimals) if row.found else NOTHING,
        left(row.rank),
        left(row.next_level),
        _note(row),
    )


def _note(row: OfficialCredit) -> str:
    if row.flagged:
        return _("Something changed since: look at the papers")
    if row.held and row.held.employment is Employment.PPPK and row.held.contract_until:
        return _("Contract until %(day)s", day=day(row.held.contract_until, "medium"))
    if row.rank and row.rank.met:
        return _("Enough for the next rank")
    return ""


def document(view: PaperView, printed_at: datetime) -> CreditDocument:
    """A paper as it was issued."""
    paper = view.paper
    return CreditDocument(
        title=_TITLES[paper.kind],
        facts=paper.content,
        kind=paper.kind.value,
        view=view,
        code=shown_code(paper.code),
        decimals=int(paper.content.get("decimals", 2)),
        printed_at=printed_at,
    )


def accumulation(book: CreditBook, printed_at: datetime) -> CreditDocument:
    """The sum as it stands now."""
    found = book.found
    facts: dict[str, Any] = {
        "name": book.person.name,
        "nip": book.person.nip,
        "rank": book.person.rank,
        "level": found.level.value if found else "",
        "grade": found.grade if found else "",
        "since": found.since.isoformat() if found else "",
        "brought": str(found.brought) if found else "0",
        "lines": [line_facts(line) for line in found.lines] if found else [],
        "units": str(found.units) if found else "0",
    }
    return CreditDocument(
        title="Akumulasi angka kredit",
        facts=facts,
        kind="accumulation",
        view=None,
        code="",
        decimals=book.decimals,
        printed_at=printed_at,
    )


def paper_name(paper: CreditPaper) -> str:
    """What a list calls a paper."""
    if paper.kind is PaperKind.PAK:
        return _("PAK %(number)s", number=paper.number)
    if paper.kind is PaperKind.ACCUMULATION:
        return _("Accumulation through %(month)s", month=month(date(paper.year, paper.month, 1)))
    return _("Conversion of %(year)s", year=paper.year)


def changed(flag: PaperFlag) -> str:
    """What changed after a paper was issued, from what to what."""
    words = {"what": str(REASONS[flag.reason]), "before": _told(flag.before)}
    return _("%(what)s: %(before)s became %(after)s", **words, after=_told(flag.after))


def changed_on_paper(flag: PaperFlag) -> str:
    """The same in Indonesian, whatever the reader's language."""
    what = _REASONS_ON_PAPER[flag.reason]
    return f"{what} {_told(flag.before)} menjadi {_told(flag.after)}"


def _told(value: str) -> str:
    """A word as the regulation writes it; grades, numbers and months as they are."""
    if not value:
        return NOTHING
    return predikat(value) if value.islower() and value[0].isalpha() else value


_REASONS_ON_PAPER: Final = {
    DoubtReason.PREDIKAT: "predikat",
    DoubtReason.LEVEL: "jenjang",
    DoubtReason.GRADE: "golongan",
    DoubtReason.BROUGHT: "angka kredit yang dibawa",
    DoubtReason.MONTHS: "bulan yang dihitung",
    DoubtReason.TABLE: "persentase, koefisien, atau ambang",
}
#: titles on paper, Indonesian whatever the reader's language
_TITLES: Final = {
    PaperKind.CONVERSION: "Konversi predikat kinerja ke angka kredit",
    PaperKind.PAK: "Penetapan angka kredit",
    PaperKind.ACCUMULATION: "Akumulasi angka kredit",
}

"""What results are used for, in words: recognitions, IP ASN, the talent box, allowances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from web.tables import Column, Kind, Table
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.allowances import AllowanceFeed
    from engine.usecases.portfolios import Portfolio
    from engine.usecases.ports.recognitions import AllowanceRow, Referred

KINDS: Final[Mapping[str, object]] = {
    "award_nomination": _l("Nominated for an award"),
    "succession_priority": _l("Priority in succession planning"),
    "development_priority": _l("Priority in development of competence"),
    "talent_attribute": _l("Talent attribute: contributed to other units"),
}
OUTCOMES: Final[Mapping[str, object]] = {
    "confirmed": _l("confirmed"),
    "set_aside": _l("set aside"),
}
DATA: Final[Mapping[str, object]] = {
    "ledger_line": _l("Ledger row"),
    "rating": _l("Rating"),
    "decision_table": _l("Decision table"),
}
DIMENSIONS: Final[Mapping[str, object]] = {
    "qualification": _l("Qualification"),
    "competence": _l("Competence"),
    "performance": _l("Performance"),
    "discipline": _l("Discipline"),
}
BANDS: Final[Mapping[str, object]] = {
    "sangat_tinggi": _l("Very high"),
    "tinggi": _l("High"),
    "sedang": _l("Middle"),
    "rendah": _l("Low"),
    "sangat_rendah": _l("Very low"),
}
FACTS: Final[Mapping[str, object]] = {
    "potential": _l("Potential"),
    "education": _l("Highest education"),
    "discipline": _l("Disciplinary penalty that still counts"),
    "leadership": _l("Leadership training"),
    "functional": _l("Functional training"),
    "technical": _l("Technical training"),
    "seminar": _l("Seminar and the like"),
}
VALUES: Final[Mapping[str, object]] = {
    "tinggi": _l("high"),
    "menengah": _l("middle"),
    "rendah": _l("low"),
    "s3": "S3",
    "s2": "S2",
    "s1_d4": "S1/D4",
    "d3": "D3",
    "d2_slta": "D2/D1/SLTA",
    "below": _l("below senior high school"),
    "none": _l("none"),
    "light": _l("light"),
    "medium": _l("medium"),
    "heavy": _l("heavy"),
    "done": _l("taken"),
    "not_done": _l("not taken"),
    "leadership": _l("Leadership training"),
    "functional": _l("Functional training"),
    "technical": _l("Technical training"),
    "seminar": _l("Seminar and the like"),
    "sangat_baik": _l("Sangat Baik"),
    "baik": _l("Baik"),
    "butuh_perbaikan": _l("Butuh Perbaikan"),
    "kurang": _l("Kurang"),
    "sangat_kurang": _l("Sangat Kurang"),
    "di_bawah": _l("below expectations"),
    "sesuai": _l("as expected"),
    "di_atas": _l("above expectations"),
}
#: how sure a row of a table is
MARKS: Final[Mapping[str, object]] = {
    "secondary": _l("read as an excerpt"),
    "unconfirmed": _l("from memory, not confirmed"),
    "design": _l("Regu's own design"),
    "agency": _l("set by the agency"),
}
#: what the box advises (PermenPANRB 3/2020, from memory)
ADVICE: Final[Mapping[int, object]] = {
    1: _l("handled under the rules"),
    2: _l("guidance and development"),
    3: _l("guidance, counselling and development"),
    4: _l("rotation and development"),
    5: _l("guidance and development"),
    6: _l("guidance, counselling and a fitting place"),
    7: _l("keep, succession pool, enrich"),
    8: _l("keep, succession pool, rotate"),
    9: _l("promote, succession pool, reward"),
}
#: rows of the box from the top: potential -> boxes by performance
GRID: Final = (
    ("tinggi", (6, 8, 9)),
    ("menengah", (3, 5, 7)),
    ("rendah", (1, 2, 4)),
)
GROUNDS: Final[Mapping[str, object]] = {
    "absence": _l("Absence without a valid reason"),
    "misconduct": _l("Suspected disciplinary offence"),
    "ethics": _l("Code of ethics and conduct"),
}


def lines_table(found: Portfolio) -> Table:
    """Every ledger row behind every recognition."""
    return Table(
        name="pengakuan",
        title=_("Recognitions and the ledger rows they stand on"),
        columns=(
            Column(_("Recognition")),
            Column(_("Ledger row"), Kind.NUMBER),
            Column(_("Output")),
            Column(_("Squad")),
            Column(_("Host unit")),
            Column(_("Points"), Kind.POINTS),
            Column("SHA-256"),
            Column(_("Changed since")),
        ),
        rows=[
            (
                str(KINDS[row.kind.value]),
                one.use.transfer_id,
                one.output,
                one.squad,
                one.host,
                one.points_e4,
                one.use.data_hash,
                one.changed,
            )
            for row in found.recognitions
            for one in found.uses.get(row.id, ())
            if one.use.transfer_id is not None
        ],
    )


def allowance_table(found: AllowanceFeed, rows: Sequence[AllowanceRow]) -> Table:
    """Predikat and percent per person and period."""
    return Table(
        name="tunjangan",
        title=_("Predikat for performance allowances"),
        columns=(
            Column(_("NIP"), Kind.NIP),
            Column(_("Name")),
            Column(_("Period")),
            Column(_("Predikat")),
            Column(_("Percent"), Kind.NUMBER),
            Column(_("Doubtful after a correction")),
            Column(_("As of"), Kind.MOMENT),
        ),
        rows=[
            (
                row.nip,
                row.name,
                row.period or _("Whole year"),
                str(VALUES[row.predikat.value]),
                found.percents[row.predikat],
                row.flagged,
                row.at,
            )
            for row in rows
        ],
    )


def referral_table(rows: Sequence[Referred]) -> Table:
    """Referrals without what was seen: that is read on the page."""
    return Table(
        name="rujukan",
        title=_("Referrals"),
        columns=(
            Column(_("Day"), Kind.DAY),
            Column(_("Name")),
            Column(_("NIP"), Kind.NIP),
            Column(_("About")),
            Column(_("Referred by")),
            Column(_("Handed to")),
            Column(_("Letter")),
        ),
        rows=[
            (
                row.referral.at.date(),
                row.about,
                row.nip,
                str(GROUNDS[row.referral.ground.value]),
                row.by,
                row.handed_to,
                row.letter_no,
            )
            for row in rows
        ],
    )

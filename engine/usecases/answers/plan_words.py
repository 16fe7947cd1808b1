"""Sentences about plans in Indonesian and English: hints, last year, load, what a revision changes.

Texts that forms show; a form asks for them in the language of its reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain.smart import HintCode, plan_hints
from engine.usecases.operations.measuring import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.domain.plans import Indicator, PlanItem, Progress
    from engine.domain.revisions import PlanRevision

    Side = tuple[Sequence[PlanItem], Sequence[Indicator]]

#: hint -> sentence in Indonesian and in English
HINTS: Final[Mapping[HintCode, tuple[str, str]]] = {
    HintCode.NO_NUMBER: (
        "belum terlihat seberapa banyak atau seberapa baik; tuliskan angka atau ukuran mutunya.",
        "it does not say how much or how good; give a number or a measure of quality.",
    ),
    HintCode.NO_DATE: (
        "belum ada batas waktu; tuliskan tanggal, bulan, atau triwulan selesainya.",
        "it does not say by when; give a date, a month or a quarter.",
    ),
    HintCode.NO_UNIT: (
        "angka target belum bersatuan; tuliskan misalnya dokumen, persen, atau hari.",
        "the number has no unit; write for example documents, percent or days.",
    ),
    HintCode.VAGUE_VERB: (
        "kata awalnya menyebut kegiatan; tuliskan hasil yang dapat dilihat setelah selesai.",
        "it begins with an activity; write the result that can be seen afterwards.",
    ),
    HintCode.TOO_MANY_RESULTS: (
        "Hasil kerja dalam satu peran lebih dari tujuh; gabungkan yang sejenis agar dapat diikuti.",
        "One role has more than seven results; join similar ones so that they can be followed.",
    ),
}
_HEADS: Final = {
    "hints": ("Saran, boleh diabaikan:", "Suggestions that you may ignore:"),
    "last_year": ("Capaian tahun lalu:", "What was reached last year:"),
    "nothing": (
        "Belum ada capaian tahun lalu di Regu.",
        "There is nothing of last year in Regu yet.",
    ),
    "load": ("Beban yang direncanakan:", "Planned load:"),
    "home": ("jabatan", "home post"),
    "sum": ("jumlah", "sum"),
    "changes": ("Yang berubah:", "What changes:"),
    "none": ("Tidak ada hasil kerja yang berubah.", "No result changes."),
    "added": ("baru", "new"),
    "removed": ("dihapus", "removed"),
    "holds": ("Berlaku mulai", "Holds from"),
}


def hint_sentence(code: HintCode, language: str) -> str:
    """The sentence of a hint."""
    return HINTS[code][language == "en"]


def hints_text(items: Sequence[PlanItem], indicators: Sequence[Indicator], language: str) -> str:
    """Every hint as a line; "" when there is none."""
    titles = {item.id: item.title for item in items}
    lines = [
        f"**{titles[hint.item_id]}**: {hint_sentence(hint.code, language)}"
        if hint.item_id
        else hint_sentence(hint.code, language)
        for hint in plan_hints(items, indicators)
    ]
    return _listed("hints", lines, language) if lines else ""


def last_year_text(
    rows: Iterable[tuple[PlanItem, Indicator | None, Progress | None]], language: str
) -> str:
    """What was reached on each result of last year beside its target."""
    lines = []
    for item, target, reached in rows:
        if reached is None:
            continue
        number = "" if reached.actual is None else f"{reached.actual:f} / "
        aim = words_of(target) if target else ""
        lines.append(f"{item.title}: {number}{aim} ({reached.attainment:f} %)")
    return _listed("last_year", lines, language) if lines else _head("nothing", language)


def load_text(home_bp: int, squads: Mapping[str, int], language: str) -> str:
    """Parts of full time by role, and their sum."""
    lines = [f"{_head('home', language)}: {_percent(home_bp)}"]
    lines += [f"{name}: {_percent(bp)}" for name, bp in squads.items()]
    lines.append(f"{_head('sum', language)}: {_percent(home_bp + sum(squads.values()))}")
    return _listed("load", lines, language)


def changes_text(row: PlanRevision, before: Side, after: Side, language: str) -> str:
    """What a revision changes, result by result, with its reason and its day."""
    earlier = {item.id: _said(item, before[1]) for item in before[0]}
    lines = []
    kept = set()
    for item in after[0]:
        said = _said(item, after[1])
        origin = item.origin_item_id or ""
        kept.add(origin)
        if origin not in earlier:
            lines.append(f"{_head('added', language)}: {said}")
        elif earlier[origin] != said:
            lines.append(f"{earlier[origin]} → {said}")
    gone = [said for key, said in earlier.items() if key not in kept]
    lines += [f"{_head('removed', language)}: {said}" for said in gone]
    told = _listed("changes", lines, language) if lines else _head("none", language)
    day = f"{_head('holds', language)} {row.valid_from.isoformat()}."
    return "\n\n".join([f"{row.summary}: {row.reason}", told, day])


def _said(item: PlanItem, indicators: Sequence[Indicator]) -> str:
    mine = [one for one in indicators if one.item_id == item.id]
    own = [f"{one.text}: {words_of(one)}".rstrip(": ") for one in mine]
    return f"{item.title} ({_percent(item.weight_bp)}; {'; '.join(own)})"


def _percent(bp: int) -> str:
    whole, rest = divmod(bp, 100)
    return f"{whole},{rest:02} %" if rest else f"{whole} %"


def _head(name: str, language: str) -> str:
    return _HEADS[name][language == "en"]


def _listed(name: str, lines: Sequence[str], language: str) -> str:
    return "\n".join([_head(name, language), "", *(f"- {line}" for line in lines)])

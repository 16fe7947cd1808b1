"""Questions about what follows from results that drawings and forms ask: FEEL functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.domain.cycles import Cycle
from engine.domain.recognition import RecognitionKind, cross_unit
from engine.domain.referrals import ReferralGround

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.organisation import Standing

#: name -> parameters
SIGNATURES: Final[Mapping[str, tuple[str, ...]]] = {
    "proposal words": ("person", "cycle", "recognitions"),
    "fact words": ("fact",),
    "referral words": ("referral",),
}
_KINDS: Final = {
    RecognitionKind.AWARD_NOMINATION: "Nominasi penghargaan",
    RecognitionKind.SUCCESSION_PRIORITY: "Prioritas rencana suksesi (aturan belum dicocokkan)",
    RecognitionKind.DEVELOPMENT_PRIORITY: "Prioritas pengembangan kompetensi",
    RecognitionKind.TALENT_ATTRIBUTE: "Atribut talenta: kontribusi lintas unit",
}
_GROUNDS: Final = {
    ReferralGround.ABSENCE: "Tidak masuk kerja tanpa alasan yang sah",
    ReferralGround.MISCONDUCT: "Dugaan pelanggaran disiplin",
    ReferralGround.ETHICS: "Kode etik dan kode perilaku",
}
_FACTS: Final = {
    "potential": "Potensi",
    "education": "Pendidikan tertinggi",
    "discipline": "Hukuman disiplin yang masih diperhitungkan",
    "leadership": "Pelatihan kepemimpinan",
    "functional": "Pelatihan fungsional",
    "technical": "Pelatihan teknis",
    "seminar": "Seminar dan sejenisnya",
    "tinggi": "tinggi",
    "menengah": "menengah",
    "rendah": "rendah",
    "s3": "S3",
    "s2": "S2",
    "s1_d4": "S1 atau D4",
    "d3": "D3",
    "d2_slta": "D2, D1 atau SLTA",
    "below": "di bawah SLTA",
    "none": "tidak ada",
    "light": "ringan",
    "medium": "sedang",
    "heavy": "berat",
    "done": "diikuti",
    "not_done": "tidak jadi atau salah catat",
}


class Answers:
    """One method per function, in the words of forms."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._uow = standing.uow

    def proposal_words(self, person: str, cycle: str, recognitions: Any) -> str:
        """What is proposed, and the sealed lines for other units that it stands on."""
        words = _kinds(recognitions)
        if not words:
            return "Tidak ada usulan pengakuan."
        found = self._uow.performance.get(Cycle, cycle)
        lines = self._uow.credits.sealed_lines(person, cycle) if found else ()
        away = {row.id for row in cross_unit((row, out.value_points) for row, out in lines).rows}
        shown = [
            f"#{row.id} {out.title}: {_points(row.amount_bp * out.value_points)} poin"
            for row, out in lines
            if row.id in away
        ]
        return "\n".join([*words, *shown])

    def fact_words(self, fact: str) -> str:
        """What was recorded, from which document and by whom."""
        found = self._uow.recognitions.fact(fact)
        if found is None:
            return ""
        head = f"{_FACTS[found.kind]}: {_FACTS[found.word]} ({found.on_day})"
        return f"{head}\n{found.source}\n{self._name(found.recorded_by)}"

    def referral_words(self, referral: str) -> str:
        """What a superior saw and where it is shown."""
        found = self._uow.recognitions.referral(referral)
        if found is None:
            return ""
        about, by = self._name(found.person_id), self._name(found.referred_by)
        return f"{about}: {_GROUNDS[found.ground]}\n{found.text}\n{found.source}\n{by}"

    def _name(self, person_id: str) -> str:
        found = self._standing.person(person_id)
        return found.name if found else ""


def _kinds(recognitions: Any) -> Sequence[str]:
    named = [recognitions] if isinstance(recognitions, str) else recognitions
    known = set(RecognitionKind)
    kinds = dict.fromkeys(RecognitionKind(word) for word in named or () if word in known)
    return [_KINDS[kind] for kind in kinds]


def _points(points_e4: int) -> str:
    whole, rest = divmod(points_e4, 10_000)
    return f"{whole},{rest:04d}".rstrip("0").rstrip(",")

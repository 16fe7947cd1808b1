"""Questions that screens of evaluation, calibration and objection ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.domain.behaviour import Value, statements_of, value_name
from engine.domain.calibration import Calibration
from engine.domain.cycles import Cycle
from engine.domain.ratings import Level, Rating
from engine.domain.signing import code
from engine.usecases import rating_sheets
from engine.usecases.answers.rating_words import (
    LEVEL_NAMES,
    SOURCE_NAMES,
    arithmetic,
    collaboration_words,
    evidence_words,
    load_words,
    percent,
    result_words,
    risk_words,
    words_of,
)
from engine.usecases.errors import NotFound
from engine.usecases.unit_patterns import PREDIKAT_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.domain.incidents import Incident
    from engine.domain.organisation import Official
    from engine.domain.voices import VoiceCount
    from engine.usecases.organisation import Standing
    from engine.usecases.ports.judging import UnitRating
    from engine.usecases.rating_sheets import RoleSeen

#: name -> parameters
SIGNATURES: Final[Mapping[str, tuple[str, ...]]] = {
    "self rows": ("rating",),
    "role rows": ("rating",),
    "behaviour rows": ("rating",),
    "voice rows": ("person",),
    "rating arithmetic": ("rating",),
    "evidence state": ("rating",),
    "load per month": ("rating",),
    "risks of rating": ("rating",),
    "rating result": ("rating",),
    "rating document": ("rating",),
    "rating code": ("rating",),
    "recommended levels": ("membership", "cycle"),
    "countersigner": ("rating",),
    "competent authority": ("rating",),
    "objection facts": ("rating",),
    "calibration rows": ("calibration", "whose"),
}
#: `whose` of the leader above, who sees everybody of the session
EVERYBODY: Final = "all"
#: what stands for a figure that cannot be counted yet
NO_FIGURE: Final = "belum terhitung"
_NUMBERED: Final = ("first", "second", "third")


class Answers:
    """One method per function; people are answered by their ids."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._uow = standing.uow

    def self_rows(self, rating: str) -> list[dict[str, Any]]:
        """Roles of the index as rows of the self-evaluation."""
        found = self._rating(rating)
        said = {
            row.role: row
            for row in self._uow.judging.self_evaluations(found.person_id, found.cycle_id)
        }
        return [
            {
                "role": one.role,
                "role_name": one.name,
                "attainment_text": f"{one.line.attainment:f}" if one.line else NO_FIGURE,
                "level": said[one.role].level if one.role in said else None,
                "words": said[one.role].words if one.role in said else "",
            }
            for one in rating_sheets.roles_of(self._uow, found)
        ]

    def role_rows(self, rating: str) -> list[dict[str, Any]]:
        """Roles as rows of the rater's screen: index, recommendation, self-evaluation."""
        found = self._rating(rating)
        store, about = self._uow.judging, (found.person_id, found.cycle_id)
        own = {row.role: row.words for row in store.self_evaluations(*about)}
        said = {row.membership_id: row for row in store.recommendations(*about)}
        rows = []
        for one in rating_sheets.roles_of(self._uow, found):
            lead = said.get(one.role)
            word = lead.level if lead else None
            rows.append(
                {
                    "role": one.role,
                    "role_name": _role_name(one),
                    "index_text": _role_index(one),
                    "recommendation": words_of(lead),
                    "self_words": own.get(one.role, found.self_note or ""),
                    "level": (word or (one.line.level if one.line else Level.SESUAI)).value,
                    "reason": "",
                }
            )
        return rows

    def behaviour_rows(self, rating: str) -> list[dict[str, Any]]:
        """The seven values with their statements, incidents and what others say."""
        found = self._rating(rating)
        voices, incidents = self._voices(found), self._incidents(found)
        helped = collaboration_words(self._standing, found.person_id, self._cycle(found))
        incidents.setdefault(Value.KOLABORATIF, []).extend(helped)
        wanted = {
            row.value: row.text
            for row in self._uow.agreements.expectations(found.person_id, found.cycle_id)
        }
        return [
            {
                "value": value.value,
                "value_name": value_name(value),
                "statements": "\n".join(f"{s.number}. {s.text}" for s in statements_of(value)),
                "expectation": wanted.get(value, ""),
                "seen": "\n".join([*incidents.get(value, ()), *voices.get(value, ())]),
                **dict.fromkeys(_NUMBERED, "sesuai"),
            }
            for value in Value
        ]

    def objection_facts(self, rating: str) -> dict[str, str] | None:
        """Why the employee objects, and what both sides explained."""
        found = self._uow.performance.objection_to(rating)
        if found is None:
            return None
        return {
            "ground": found.ground,
            "employee": found.employee_statement or "",
            "rater": found.rater_statement or "",
        }

    def voice_rows(self, person: str) -> list[dict[str, Any]]:
        """The seven values as rows of an answer; every one may be left open."""
        del person
        return [
            {
                "value": value.value,
                "value_name": value_name(value),
                "statements": "\n".join(f"{s.number}. {s.text}" for s in statements_of(value)),
                "level": None,
            }
            for value in Value
        ]

    def rating_arithmetic(self, rating: str) -> str:
        """The index line by line."""
        return arithmetic(self._rating(rating))

    def evidence_state(self, rating: str) -> str:
        """Results that no verified evidence stands behind."""
        found = self._rating(rating)
        return evidence_words(self._uow, found.person_id, found.cycle_id)

    def load_per_month(self, rating: str) -> str:
        """Load of each month, as verified."""
        found = self._rating(rating)
        return load_words(self._standing, found.person_id, self._cycle(found))

    def risks_of_rating(self, rating: str) -> str:
        """Risks on the person's results."""
        found = self._rating(rating)
        return risk_words(self._uow, found.person_id, found.cycle_id)

    def rating_result(self, rating: str) -> str:
        """Levels, predikat and every reason, as the employee reads them."""
        return result_words(self._uow, self._rating(rating))

    def rating_document(self, rating: str) -> str:
        """SHA-256 of what is signed."""
        return rating_sheets.sheet(self._uow, self._rating(rating)).digest

    def rating_code(self, rating: str) -> str:
        """What a signer types again."""
        return code(self.rating_document(rating))

    def recommended_levels(self, membership: str, cycle: str) -> str:
        """What a lead recommended, what the rater decided for the role, and why."""
        found = next(
            (
                row
                for row in self._uow.judging.deviations(cycle)
                if row.role == membership and row.kind == "recommendation"
            ),
            None,
        )
        if found is None:
            return ""
        return (
            f"Rekomendasi: {LEVEL_NAMES[found.proposed]}\n"
            f"Penilaian: {LEVEL_NAMES[found.decided]}\nAlasan: {found.reason}"
        )

    def countersigner(self, rating: str) -> str | None:
        """The next superior, for a second signature."""
        return _name(rating_sheets.countersigner(self._standing, self._rating(rating)))

    def competent_authority(self, rating: str) -> str | None:
        """Pejabat yang Berwenang for a late objection."""
        return _name(rating_sheets.authority(self._standing, self._rating(rating)))

    def calibration_rows(self, calibration: str, whose: str) -> list[dict[str, Any]]:
        """Ratings of a session: those of one rater, or everybody's."""
        session = self._uow.judging.get(Calibration, calibration)
        cycle = self._uow.performance.get(Cycle, session.cycle_id) if session else None
        if session is None or cycle is None:
            raise NotFound("calibration", calibration)
        units = self._uow.judging.calibration_units(session.id)
        today = self._standing.today(cycle.agency_id)
        rows = self._uow.judging.ratings_of(units, cycle.id, today)
        return [
            self._row(row, cycle)
            for row in rows
            if row.rating.predikat is not None
            and whose in (EVERYBODY, row.rating.rater_id, row.rating.on_behalf_of)
        ]

    def _row(self, row: UnitRating, cycle: Cycle) -> dict[str, Any]:
        found = row.rating
        load = load_words(self._standing, found.person_id, cycle)
        index = f"{found.ihk:f}: {LEVEL_NAMES[found.proposed_level]}"
        return {
            "person_id": found.person_id,
            "rater_id": found.rater_id,
            "index_text": f"{index}\n{load}",
            "predikat_text": PREDIKAT_NAMES[found.predikat] if found.predikat else "",
            "result_level": found.result_level.value if found.result_level else None,
            "behaviour_level": found.behaviour_level.value if found.behaviour_level else None,
            "reason": "",
        }

    def _voices(self, rating: Rating) -> dict[Value, list[str]]:
        """What others say about each value, from enough answers, once the round is closed."""
        round_ = self._uow.judging.round_of(rating.person_id, rating.cycle_id)
        counts = self._uow.judging.voices(round_.id) if round_ else ()
        found: dict[Value, list[str]] = {}
        for row in counts:
            found.setdefault(row.value, []).append(_voice(row))
        return found

    def _incidents(self, rating: Rating) -> dict[Value, list[str]]:
        found: dict[Value, list[str]] = {}
        for row in self._uow.dialogues.incidents_about(rating.person_id, rating.cycle_id):
            found.setdefault(row.value, []).append(_incident(row))
        return found

    def _rating(self, rating_id: str) -> Rating:
        found = self._uow.performance.get(Rating, rating_id)
        if found is None:
            raise NotFound("rating", rating_id)
        return found

    def _cycle(self, rating: Rating) -> Cycle:
        found = self._uow.performance.get(Cycle, rating.cycle_id)
        if found is None:
            raise NotFound("cycle", rating.cycle_id)
        return found


def _role_name(one: RoleSeen) -> str:
    return f"{one.name} ({percent(one.line.weight_bp)} %)" if one.line else one.name


def _role_index(one: RoleSeen) -> str:
    if one.line is None:
        return NO_FIGURE
    return f"{one.line.attainment:f}: {LEVEL_NAMES[one.line.level]}"


def _voice(row: VoiceCount) -> str:
    mean = f"{row.mean:f}".replace(".", ",")
    return f"{SOURCE_NAMES[row.source]}: rata-rata {mean} dari 3 ({row.people} jawaban)"


def _incident(row: Incident) -> str:
    sign = "+" if row.kind == "positive" else "−"  # noqa: RUF001 - a minus sign people read
    answer = f" — tanggapan: {row.answer}" if row.answer else ""
    return f"{sign} {row.happened_on:%d.%m.%Y}: {row.text}{answer}"


def _name(official: Official | None) -> str | None:
    return None if official is None else official.person_id

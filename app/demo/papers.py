"""Papers and facts: potential, a lesson taken up, the sum of functional credit (PAK)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.demo.stage import Stage


def record_potential(stage: Stage) -> str:
    """HR records what an assessment found of somebody's potential."""
    who = stage.office(0).free[0]
    stage.start(
        stage.hr(),
        "talent_record",
        nip=stage.nip(who),
        kind="potential",
        potential="tinggi",
        on_day=stage.day(-3),
        source="Hasil asesmen BA-0601/BLDN/2026",
    )
    return f"Potensi {stage.name(who)} dicatat dari hasil asesmen"


def take_up_lesson(stage: Stage) -> str:
    """Somebody takes up in a result of his own what another squad learned."""
    who = stage.office(1).free[0]
    lesson = stage.choices(who, "lesson_use", "lesson choices(agency_id)")[0]
    place = stage.choices(who, "lesson_use", "lesson places(starter_id, cycle_id)")[0]
    stage.start(
        who,
        "lesson_use",
        lesson_id=lesson["value"],
        place=place["value"],
        note="Data diminta sejak minggu pertama.",
    )
    return f"{stage.name(who)} memakai pelajaran {lesson['label']}"


def propose_pak(stage: Stage) -> str:
    """The manager proposes the sum of somebody's functional credit; HR establishes it."""
    who = next(one for one in stage.office(0).free if _earned(stage, one))
    stage.start(
        stage.manager(),
        "credit_paper",
        nip=stage.nip(who),
        year=2026,
        month=12,
        number="PAK-001/BLDN/2027",
    )
    return f"PAK {stage.name(who)} diusulkan; kepegawaian menetapkannya"


def _earned(stage: Stage, who: str) -> bool:
    """Whether months of functional credit stand for somebody."""
    return bool(stage.read(who, f"/api/people/{who}/functional-credit")["months"])

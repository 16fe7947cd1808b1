"""What citizens say about a service in the year: a survey by its public link, and a complaint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.demo.answers import chance
from engine.domain.surveys import ELEMENT_TEXTS

if TYPE_CHECKING:
    from app.demo.stage import Stage

SERVICE: Final = "Layanan konsultasi teknis"
#: everybody comes from this machine: more of them in a day would look like one person
ANSWERS: Final = 3
_COMMENTS: Final = ("Petugas ramah.", "Antrean pagi terlalu panjang.", "Syaratnya jelas.")


def plan_survey(stage: Stage) -> str:
    """The performance manager plans a survey about a head's result, until the middle of June."""
    who = stage.manager()
    asked = "survey subjects(agency_id, cycle_id)"
    subjects = stage.choices(who, "stakeholder_voice", asked)
    items = [one for one in subjects if one["value"].startswith("item:")]
    subject = next(one for one in items if one["label"].startswith(stage.office(4).name))
    stage.start(
        who,
        "stakeholder_voice",
        kind="service",
        subject=subject["value"],
        title=SERVICE,
        opens_on=stage.day(3),
        closes_on="2026-06-13",
        weighing="equal",
        open_link=True,
        questions=[
            {"element": element.value, "text": text, "text_en": english}
            for element, (_, text, english) in ELEMENT_TEXTS.items()
        ],
    )
    return f"Survei kepuasan direncanakan atas {subject['label']}"


def open_page(stage: Stage) -> str:
    """A citizen opens the page of the survey; he answers it when he has used the service."""
    citizen, link = stage.citizen()
    stage.page = citizen.open(f"/survei/{link}")
    return f"Survei {SERVICE} dibuka untuk umum"


def answer_survey(stage: Stage) -> str:
    """Some citizens answer."""
    if stage.page is None:
        raise LookupError("nobody opened the page of the survey")
    citizen, _ = stage.citizen()
    comments = {0: _COMMENTS[stage.now.day % len(_COMMENTS)]}
    for n in range(ANSWERS):
        words = f"survey {stage.day()} {n}"
        scores = {one: str(_score(f"{words} {one}")) for one in stage.page.questions}
        citizen.send(stage.page, {**scores, "comment": comments.get(n, "")})
    return f"{ANSWERS} warga menjawab survei {SERVICE}"


def _score(words: str) -> int:
    """Mostly good; one in ten is less than that."""
    drawn = chance(words)
    return 2 if drawn < 10 else 4 if drawn >= 65 else 3  # noqa: PLR2004 - parts of a hundred


def complain(stage: Stage) -> str:
    """A citizen complains by the same link; the head of the unit answers."""
    citizen, link = stage.citizen()
    page = citizen.open(f"/survei/{link}/pengaduan")
    code = citizen.send(page, {"text": "Saya antre tiga jam, loket hanya satu yang buka."})
    return f"Seorang warga mengadu tentang {SERVICE}; jawabannya di {code}"

"""Parts of the follow-up: the basis of recognition, the rows made of it, the data they used."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from engine.domain.recognition import (
    DataKind,
    DataUse,
    Outcome,
    Recognition,
    RecognitionKind,
    UseSubject,
    check_recognition,
    fingerprint,
)
from engine.usecases import audit_tags
from engine.usecases.decision_validity import choose
from engine.usecases.operations.step import refuse
from engine.usecases.recognised import cross_unit_credit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.domain.ratings import Rating
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import UnitOfWork

#: points in variables are whole points
_SCALE: Final = Decimal(10_000)


def basis_of(uow: UnitOfWork, person_id: str, cycle_id: str) -> Mapping[str, Json]:
    """What the table of recognition reads: points and units elsewhere, and the very rows."""
    found = cross_unit_credit(uow, person_id, cycle_id)
    return {
        "cross_points": Decimal(found.points_e4) / _SCALE,
        "host_units": len(found.hosts),
        "cross_overlays": found.overlays,
        "cross_rows": [row.id for row in found.rows],
    }


def record(step: Step, rating: Rating, *, set_aside: bool, note: str) -> None:
    """One row per proposed recognition, with the ledger rows it was proposed on.

    A follow-up that began with an older drawing proposed none.
    """
    kept = {
        row.kind
        for row in step.uow.recognitions.recognitions(rating.person_id)
        if row.rating_id == rating.id
    }
    for kind in _proposed(step):
        if kind in kept:
            continue
        made = Recognition(
            id=step.means.ids.uuid(),
            person_id=rating.person_id,
            cycle_id=rating.cycle_id,
            rating_id=rating.id,
            kind=kind,
            cross_points_e4=_cross_points(step),
            host_units=int(step.call.variables.get("host_units") or 0),
            cross_overlays=int(step.call.variables.get("cross_overlays") or 0),
            outcome=Outcome.SET_ASIDE if set_aside else Outcome.CONFIRMED,
            note=note,
            confirmed_by=step.ref("confirmed_by"),
            at=step.now,
        )
        refuse(check_recognition(made))
        step.uow.recognitions.add([made])
        _log(step, rating, UseSubject.RECOGNITION, made.id, "recognition")
        step.uow.recognitions.add(_lines(step, rating, made))
        stream = f"rating:{rating.id}"
        step.note(stream, audit_tags.RECOGNITION_RECORDED, recognition=made.id)


def log_follow_up(step: Step, rating: Rating, follow_up_id: str) -> None:
    """What a follow-up used: the rating as it stood, and the table."""
    _log(step, rating, UseSubject.FOLLOW_UP, follow_up_id, "follow_up")


def _log(
    step: Step, rating: Rating, subject: UseSubject, subject_id: str, decision_id: str
) -> None:
    used = [(DataKind.RATING, rating.id, str(rating.version), fingerprint(rating))]
    used += _table(step, rating, decision_id)
    step.uow.recognitions.add(
        [
            DataUse(
                id=step.means.ids.uuid(),
                subject=subject,
                subject_id=subject_id,
                person_id=rating.person_id,
                data=data,
                data_id=data_id,
                data_version=version,
                data_hash=digest,
                at=step.now,
            )
            for data, data_id, version, digest in used
        ]
    )


def _table(step: Step, rating: Rating, decision_id: str) -> list[tuple[DataKind, str, str, str]]:
    person = step.standing.person(rating.person_id)
    agency_id = person.agency_id if person else None
    rows = step.uow.processes.decisions(decision_id)
    row = choose(rows, step.standing.today(agency_id), agency_id)
    if row is None:
        return []
    return [(DataKind.DECISION_TABLE, decision_id, str(row.version), row.sha256)]


def _lines(step: Step, rating: Rating, made: Recognition) -> list[DataUse]:
    """The ledger rows that lay before the table, taken back since or not."""
    named = step.call.variables.get("cross_rows")
    wanted = {int(one) for one in named} if isinstance(named, Sequence) else set()
    rows = step.uow.contributions.ledger_of_person(rating.person_id, rating.cycle_id)
    return [
        DataUse(
            id=step.means.ids.uuid(),
            subject=UseSubject.RECOGNITION,
            subject_id=made.id,
            person_id=rating.person_id,
            data=DataKind.LEDGER_LINE,
            data_id=str(row.id),
            transfer_id=row.id,
            data_hash=row.hash,
            at=step.now,
        )
        for row, _ in rows
        if row.id in wanted
    ]


def _proposed(step: Step) -> tuple[RecognitionKind, ...]:
    words = step.call.variables.get("recognitions")
    if isinstance(words, str):
        words = [words]
    known = set(RecognitionKind)
    found = [RecognitionKind(word) for word in words or () if word in known]
    return tuple(dict.fromkeys(found))


def _cross_points(step: Step) -> int:
    value = step.call.variables.get("cross_points")
    return int(Decimal(str(value or 0)) * _SCALE)

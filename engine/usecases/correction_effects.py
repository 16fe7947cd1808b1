"""What a correction changes: level words and predikat before and after, and who is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.domain.corrections import Snapshot, SnapshotFlag
from engine.domain.cycles import Cycle
from engine.usecases.index import person_index

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.domain.corrections import Correction
    from engine.domain.outputs import Output
    from engine.usecases.operations.step import Step


def words_of(step: Step, output: Output, people: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Person to his own agency's cycle of the year and his words: "home=sesuai indeks=sesuai"."""
    found: dict[str, tuple[str, str]] = {}
    for person_id in sorted(set(people)):
        cycle = cycle_for(step, output, person_id)
        if cycle is not None:
            found[person_id] = (cycle.id, _words(step, person_id, cycle))
    return found


def raise_flags(
    step: Step,
    correction: Correction,
    before: Mapping[str, tuple[str, str]],
    after: Mapping[str, tuple[str, str]],
) -> list[SnapshotFlag]:
    """Flag what was decided on numbers that changed: rating, certificates, allowance feed."""
    raised: list[SnapshotFlag] = []
    for person_id, (cycle_id, words) in after.items():
        earlier = before[person_id][1]
        if words != earlier:
            raised += [
                _flag(step, correction, (person_id, cycle_id), subject, (earlier, words))
                for subject in (Snapshot.RATING, Snapshot.ALLOWANCE)
            ]
    cycle_of = {person: cycle for person, (cycle, _) in after.items()}
    for certificate in step.uow.credits.citing(_taken_back(step, correction)):
        if certificate.person_id in cycle_of:
            whose = (certificate.person_id, cycle_of[certificate.person_id])
            raised.append(
                _flag(step, correction, whose, Snapshot.CERTIFICATE, (certificate.code, ""))
            )
    return raised


def cycle_for(step: Step, output: Output, person_id: str) -> Cycle | None:
    """The cycle of the person's own agency in the year of the output."""
    host = step.uow.performance.get(Cycle, output.cycle_id)
    person = step.standing.person(person_id)
    if host is None or person is None:
        return None
    if person.agency_id == host.agency_id:
        return host
    return step.uow.performance.cycle_of(person.agency_id, host.year)


def _words(step: Step, person_id: str, cycle: Cycle) -> str:
    tables = step.tables(cycle.agency_id)
    index = person_index(step.standing, tables, person_id, cycle).index
    if index is None:
        return ""
    words = [f"{line.role}={line.level.value}" for line in index.lines]
    words.append(f"indeks={index.proposed_level.value}")
    rating = step.uow.performance.rating_of(person_id, cycle.id)
    if rating is not None and rating.behaviour_level is not None:
        found = tables.decide(
            "predikat",
            result_level=index.proposed_level.value,
            behaviour_level=rating.behaviour_level.value,
        )
        words.append(f"predikat={found}")
    return " ".join(words)


def _taken_back(step: Step, correction: Correction) -> list[int]:
    rows = step.uow.contributions.ledger(correction.output_id)
    return [row.reverses_id for row in rows if row.reverses_id is not None]


def _flag(
    step: Step,
    correction: Correction,
    whose: tuple[str, str],
    subject: Snapshot,
    words: tuple[str, str],
) -> SnapshotFlag:
    person_id, cycle_id = whose
    known = step.uow.credits.flags(person_id=person_id, correction_id=correction.id)
    old = next((row for row in known if row.subject is subject), None)
    if old is not None:
        changed = replace(old, after=words[1])
        step.uow.credits.put(changed)
        return changed
    row = SnapshotFlag(
        id=step.means.ids.uuid(),
        person_id=person_id,
        cycle_id=cycle_id,
        subject=subject,
        correction_id=correction.id,
        before=words[0],
        after=words[1],
        raised_at=step.now,
    )
    step.uow.credits.add([row])
    return row

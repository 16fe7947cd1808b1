"""Operations of critical incidents: somebody saw it, the person is told and may answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain import incidents
from engine.domain.behaviour import Value
from engine.domain.incidents import Incident, IncidentKind
from engine.usecases import audit_tags
from engine.usecases.errors import NotFound
from engine.usecases.operations.attaching import (
    Subject,
    attach_files,
    attach_links,
    file_ids,
    links_of,
)
from engine.usecases.operations.step import date_of, fault, refuse, refused
from engine.usecases.voices import stands_for, voice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json


def record_incident(step: Step) -> Mapping[str, Json]:
    """`regu.incident.record` -> incident_id, person_id.

    Start form: about_id, happened_on, value, kind, text, link, evidence_files.
    """
    me, about, cycle = step.person, step.text("about_id"), step.cycle()
    speaks = voice(step.standing, me, about)
    if speaks is None:
        raise fault("about_id", "stranger", "you do not work with this person")
    happened_on = date_of(step.call.form.get("happened_on"), "happened_on")
    if not cycle.starts_on <= happened_on <= cycle.ends_on:
        raise fault("happened_on", "outside_cycle", "lies outside this cycle")
    made = Incident(
        id=step.means.ids.uuid(),
        person_id=about,
        cycle_id=cycle.id,
        recorded_by=me,
        on_behalf_of=stands_for(step.standing, me, about),
        voice=speaks,
        value=step.word("value", Value),
        kind=step.word("kind", IncidentKind),
        happened_on=happened_on,
        text=step.text("text"),
        link=next(iter(links_of(step.text("link"), "link")), ""),
        at=step.now,
    )
    wrong = incidents.check_incident(made, step.standing.today(cycle.agency_id))
    refuse(wrong, future="happened_on", text="text", other="about_id")
    step.uow.dialogues.add([made])
    beside = Subject(person_id=about, cycle_id=cycle.id, incident_id=made.id)
    attach_links(step, beside, [made.link] if made.link else [])
    attach_files(step, beside, file_ids(step.call.form.get("evidence_files")), "evidence_files")
    _note(step, made, audit_tags.INCIDENT_RECORDED)
    return {"incident_id": made.id, "person_id": about}


def answer_incident(step: Step) -> Mapping[str, Json]:
    """`regu.incident.answer` (form: answer): the person's own words, "" when he has none."""
    found = _incident(step)
    with refused():
        heard = incidents.answer_incident(found, step.person, step.text("answer"), step.now)
    step.uow.dialogues.put(heard)
    _note(step, found, audit_tags.INCIDENT_ANSWERED)
    return {}


def lapse_incident(step: Step) -> Mapping[str, Json]:
    """`regu.incident.lapse`: the person let it stand without words."""
    found = _incident(step)
    if found.state is incidents.IncidentState.TOLD:
        step.uow.dialogues.put(incidents.lapse_incident(found))
        _note(step, found, audit_tags.SILENCE_NOTED)
    return {}


def _incident(step: Step) -> Incident:
    found = step.uow.dialogues.get(Incident, step.ref("incident_id"))
    if found is None:
        raise NotFound("incident", step.ref("incident_id"))
    return found


def _note(step: Step, found: Incident, act: str) -> None:
    step.note(f"dialogue:{found.person_id}", act, incident=found.id)


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.incident.record": record_incident,
    "regu.incident.answer": answer_incident,
    "regu.incident.lapse": lapse_incident,
}

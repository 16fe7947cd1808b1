"""Processes that people start themselves: which ones, with which form, and starting them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.cycles import CycleStatus
from engine.usecases import audit_tags, piloting
from engine.usecases.audit import note
from engine.usecases.errors import NotFound
from engine.usecases.form_context import begun
from engine.usecases.once import recall, remember, repeated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import FormRow, Json
    from engine.usecases.ports.runner import Entrance
    from engine.usecases.ports.work import House, UnitOfWork

#: among the starters of a drawing: everybody who is a person
ANY_PERSON: Final = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartByForm:
    """Start a process as the person one is, with what its form asks."""

    process_id: str
    values: Mapping[str, Json]
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartView:
    """One process that the actor may start, with its form."""

    entrance: Entrance
    form: FormRow | None
    #: what the form sees: who starts, his agency, its cycle, and what the fields begin with
    variables: Mapping[str, Json]


def startable(house: House, actor: Actor) -> Sequence[Entrance]:
    """The processes that the actor may start, by name."""
    with house.reading() as uow:
        found = [e for e in _entrances(house, uow, actor) if _may(actor, e)]
    return sorted(found, key=lambda entrance: (entrance.name, entrance.process_id))


def start_view(house: House, actor: Actor, process_id: str) -> StartView:
    """One of them with its form; `NotFound` for the processes of others."""
    with house.reading() as uow:
        entrance = _entrance(house, uow, actor, process_id)
        form = uow.processes.form(entrance.form_key) if entrance.form_key else None
        variables = begun(house, uow, _scope(uow, actor), form)
        return StartView(entrance=entrance, form=form, variables=variables)


@repeated
def start_by_form(house: House, actor: Actor, command: StartByForm) -> Mapping[str, Json]:
    """Start one of them; returns instanceKey, processId and version.

    `InputRefused` with every fault of the form or of the rules, `AccessRefused` when the start's
    own operation refuses the person, `NotFound` for the processes of others.
    """
    with house.writing() as uow:
        earlier = recall(uow, actor, command.idempotency_key, command)
        if earlier is not None:
            return earlier
        entrance = _entrance(house, uow, actor, command.process_id)
        scope = _scope(uow, actor)
        form = _form_values(house, uow, entrance, scope, command.values)
        key = house.runner.enter(uow, entrance, scope, form, actor)
        note(
            house,
            uow,
            actor,
            stream=f"instance:{key}",
            act=audit_tags.INSTANCE_STARTED,
            facts={"process": entrance.process_id, "definition": str(entrance.definition_key)},
        )
        answer: dict[str, Json] = {
            "instanceKey": str(key),
            "processId": entrance.process_id,
            "version": entrance.version,
        }
        remember(uow, house, actor, command.idempotency_key, command, answer)
        uow.commit()
        return answer


def _form_values(
    house: House,
    uow: UnitOfWork,
    entrance: Entrance,
    scope: Mapping[str, Json],
    given: Mapping[str, Json],
) -> Mapping[str, Json]:
    form = uow.processes.form(entrance.form_key) if entrance.form_key else None
    if form is None:
        return {}
    return house.forms.validate(form.schema, given, begun(house, uow, scope, form))


def _entrance(house: House, uow: UnitOfWork, actor: Actor, process_id: str) -> Entrance:
    for entrance in _entrances(house, uow, actor):
        if entrance.process_id == process_id and _may(actor, entrance):
            return entrance
    raise NotFound("process", process_id)


def _entrances(house: House, uow: UnitOfWork, actor: Actor) -> Sequence[Entrance]:
    """Of the newest versions, or of pilots in the units of who starts."""
    on = house.clock.now().date()
    return house.runner.entrances(uow, lambda: piloting.units_around(uow, {}, actor.person_id, on))


def _may(actor: Actor, entrance: Entrance) -> bool:
    if ANY_PERSON in entrance.starters and actor.person_id is not None:
        return True
    return bool(entrance.starters & actor.groups)


def _scope(uow: UnitOfWork, actor: Actor) -> Mapping[str, Json]:
    """Who starts, his agency, and its newest cycle that is not closed ("" without one)."""
    cycles = uow.performance.cycles(actor.agency_id) if actor.agency_id else ()
    running = next((c for c in cycles if c.status is not CycleStatus.CLOSED), None)
    return {
        "starter_id": actor.person_id or "",
        "agency_id": actor.agency_id or "",
        "cycle_id": running.id if running else "",
    }

"""Deployed files as clients ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.usecases.errors import NotFound
from engine.usecases.rights import require, same_agency

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import DecisionRow, DefinitionRow, FormRow
    from engine.usecases.ports.runner import Deployed
    from engine.usecases.ports.work import House


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployedRows:
    """The versions that a deployment made or found."""

    processes: Sequence[DefinitionRow]
    decisions: Sequence[DecisionRow]
    forms: Sequence[FormRow]


def deployed(house: House, actor: Actor, done: Deployed) -> DeployedRows:
    """The rows behind a deployment's answer."""
    require(actor, "definition:deploy")
    with house.reading() as uow:
        store = uow.processes
        processes = [store.definition(key) for _, _, key, _ in done.processes]
        decisions = [store.decision(key) for _, _, key, _ in done.decisions]
        forms = [store.form(key) for _, _, key, _ in done.forms]
        return DeployedRows(
            processes=[row for row in processes if row is not None],
            decisions=[row for row in decisions if row is not None],
            forms=[row for row in forms if row is not None],
        )


def content(house: House, actor: Actor, key: int) -> bytes:
    """A file exactly as it was deployed, by the key of anything in it; `NotFound`."""
    require(actor, "definition:read", key)
    with house.reading() as uow:
        process = uow.processes.definition(key)
        if process is not None:
            return process.xml
        decision = uow.processes.decision(key)
        if decision is not None:
            if decision.agency_id is None or same_agency(actor, decision.agency_id):
                return decision.xml
            raise NotFound("resource", key)
        form = uow.processes.form(key)
        if form is None:
            raise NotFound("resource", key)
        return form.schema


def form(house: House, actor: Actor, key: int) -> FormRow:
    """A version of a form; `NotFound`."""
    require(actor, "definition:read", key)
    with house.reading() as uow:
        found = uow.processes.form(key)
    if found is None:
        raise NotFound("form", key)
    return found

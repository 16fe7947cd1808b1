"""Before an attestation is sent: who would have what, and what the decision would still need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.claims import ClaimState
from engine.domain.effects import Effect, Expectation, effect
from engine.domain.errors import DomainError
from engine.domain.ledger import COLLECTIVE, account_person
from engine.domain.shares import band_bp
from engine.usecases.decisions import Tables
from engine.usecases.earmarks import earmarks
from engine.usecases.errors import UseCaseError
from engine.usecases.means import Means, means_of
from engine.usecases.operations.attestations import foresee
from engine.usecases.operations.step import Step, as_bp
from engine.usecases.organisation import Standing
from engine.usecases.ports.runner import OperationCall

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.domain.shares import Needs
    from engine.usecases.actor import Actor
    from engine.usecases.attesting import Waiting
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House, UnitOfWork

#: a claim in one of these has ended without a share
_GONE = frozenset({ClaimState.WITHDRAWN, ClaimState.LAPSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What one decision would do."""

    #: the share it gives, None for a return or while none is stated
    share_bp: int | None
    effect: Effect
    #: names by person id
    names: Mapping[str, str]
    #: how far one signature may move the line; None where the agency has no such table
    band_bp: int | None
    #: second signature, answer, reason; None while the decision cannot be weighed
    needs: Needs | None
    #: codes of what is missing
    lacking: tuple[str, ...]


def preview(house: House, actor: Actor, waiting: Waiting, form: Mapping[str, Json]) -> Preview:
    """The effect of a decision on an open attestation of the actor; reads only.

    `form`: what is filled in so far (decision, share_percent, commitment …).
    """
    row = waiting.row
    with house.reading() as uow:
        means = means_of(house)
        squad = Standing(uow, house.clock.now()).squad(row.squad_id)
        tables = Tables(means, uow, house.clock.now(), squad.host_agency_id)
        share = _share(waiting, form)
        needs, lacking = _weighed(means, uow, actor, waiting, form)
        lines = _lines(uow, waiting)
        collective = uow.contributions.balances(row.output.id).get(COLLECTIVE, 0)
        return Preview(
            share_bp=share,
            effect=effect(
                lines,
                person_id=row.claim.person_id,
                share_bp=row.expected_bp if share is None else share,
                collective_bp=collective,
            ),
            names=uow.agency.names([line.person_id for line in lines]),
            band_bp=_band(tables, row.expected_bp),
            needs=needs,
            lacking=lacking,
        )


def _band(tables: Tables, expected_bp: int) -> int | None:
    try:
        return band_bp(expected_bp, tables.band_rules())
    except UseCaseError:
        return None


def _share(waiting: Waiting, form: Mapping[str, Json]) -> int | None:
    decision = form.get("decision")
    if decision == "return":
        return None
    if decision != "adjust":
        return waiting.row.claim.claimed_bp
    try:
        return as_bp(form.get("share_percent"), "share_percent")
    except UseCaseError:
        return None


def _weighed(
    means: Means, uow: UnitOfWork, actor: Actor, waiting: Waiting, form: Mapping[str, Json]
) -> tuple[Needs | None, tuple[str, ...]]:
    row = waiting.row
    assignee = waiting.task.assignee
    acting = actor if assignee in (None, actor.person_id) else actor.acting_for(str(assignee))
    call = OperationCall(
        uow=uow,
        actor=acting,
        now=means.clock.now(),
        instance_key=waiting.task.instance_key,
        element_id=waiting.task.element_id,
        variables={"output_id": row.output.id, "person_id": row.claim.person_id},
        form={**form, "commitment": form.get("commitment") or "met"},
    )
    try:
        needs, lacking = foresee(Step(means, call))
    except (UseCaseError, DomainError):
        return None, ()
    return needs, tuple(dict.fromkeys(one.code for one in lacking))


def _lines(uow: UnitOfWork, waiting: Waiting) -> list[Expectation]:
    """Every member of the output: what he has, or that nothing is decided yet."""
    output_id = waiting.row.output.id
    store = uow.contributions
    held = {
        person_id: bp
        for account, bp in store.balances(output_id).items()
        if (person_id := account_person(account)) is not None and bp
    } | earmarks(uow, output_id)
    gone = {one.person_id for one in store.claims_in([output_id]) if one.state in _GONE}
    return [
        Expectation(
            person_id=line.person_id,
            expected_bp=line.expected_bp,
            held_bp=held.get(line.person_id, 0 if line.person_id in gone else None),
        )
        for line in store.share_lines(output_id)
    ]

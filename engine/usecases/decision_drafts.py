"""Decisions on the table: what is wrong with them, what they say, their versions, who asks them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from engine.dmn import (
    Advice,
    DmnError,
    DmnEvaluationError,
    DmnInvalid,
    Flaw,
    Outline,
    advise,
    enclose,
    explain,
    memory_rules,
    outline,
    read_inputs,
    read_model,
)
from engine.feel import FeelError, FeelWarning
from engine.usecases.drafting import RIGHT
from engine.usecases.errors import Finding
from engine.usecases.organisation import Standing
from engine.usecases.ports.drafts import DraftKind
from engine.usecases.ports.process import Resource
from engine.usecases.rights import may, require

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.confirmations import RuleConfirmation
    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import DecisionRow, Json
    from engine.usecases.ports.work import House, UnitOfWork

READ: Final = "definition:read"
#: codes of findings that `Examined.advice` tells
_ADVICE: Final = frozenset(f"decision-{flaw.value}" for flaw in Flaw)
#: decisions that Regu's own operations ask by name, whatever drawings name
ASKED_BY_OPERATIONS: Final = frozenset(
    {
        "allowance_percent", "attainment_rules", "audit_limits", "behaviour_level",
        "contract_renewal", "credit_percent", "credit_print", "cycle_dates", "dialogue_cadence",
        "distribution", "ej_class", "election_periods", "evaluation_dates", "forecast_rules",
        "functional_level", "ikm_band", "index_band", "ip_band", "level_band", "nine_box",
        "planning_dates", "pooling", "predikat", "protection", "qualitative_attainment",
        "risk_level", "share_coefficients", "siasn_coefficient", "squad_limits",
        "survey_rules", "talent_performance", "workload_flag", "workload_hours",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A decision file as far as it goes."""

    #: but for what `advice` says
    findings: Sequence[Finding]
    #: gaps, overlaps and rules that never count; of a file that was read without errors
    advice: Sequence[Advice]
    outlines: Sequence[Outline]
    #: rule id -> the word of the actor's agency on a row from memory, as it stands in this file
    confirmed: Mapping[str, RuleConfirmation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a decision said, or why it has no answer."""

    #: `engine.dmn.explain`; None without an answer
    explained: Mapping[str, Any] | None = None
    #: "" or "invalid", "several" rules match, a value is "refused", "limit"
    trouble: str = ""
    #: the engine's own words about it
    detail: str = ""
    #: ids of the rules that are to blame
    rules: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A process that asks a decision, in its newest version or in its draft."""

    process_id: str
    name: str
    #: only what is drafted asks it
    drafted: bool


def examine(house: House, actor: Actor, decision_id: str, content: bytes) -> Examined:
    """What is found in a file, its decisions with their rules, and what the agency confirmed.

    Never refuses what is in the file; `AccessRefused`.
    """
    require(actor, READ, decision_id)
    with house.reading() as uow:
        whole = _whole(uow, content)
        found = house.runner.check((Resource(name=f"{decision_id}.dmn", content=whole),), uow)
        confirmed = _confirmed(uow, actor.agency_id, content)
    names = house.host.function_names
    outlines = outline(whole, names)
    read = all(one.severity != "error" for one in found)
    findings = [one for one in found if one.code not in _ADVICE]
    return Examined(
        findings=(*_lost(decision_id, outlines, found), *findings),
        advice=advise(whole, names) if read else (),
        outlines=outlines,
        confirmed=confirmed,
    )


def try_out(
    house: House,
    actor: Actor,
    decision_id: str,
    content: bytes,
    scope: Mapping[str, Json],
    *,
    unconfirmed: bool = False,
) -> Tried:
    """What a decision of a file says; nothing is written, no stored version is asked.

    Rows from memory count when the agency confirmed them, or all of them if `unconfirmed`.
    """
    require(actor, RIGHT, decision_id)
    with house.reading() as uow:
        now = house.clock.now()
        zone = ZoneInfo(Standing(uow, now).zone(actor.agency_id))
        known = frozenset(_confirmed(uow, actor.agency_id, content))
        whole = _whole(uow, content)
    values = {"$now": now.astimezone(zone), **scope}
    warnings: list[FeelWarning] = []
    try:
        model = read_model(whole, names=house.host.function_names)
        outcome = model.evaluate(
            decision_id,
            read_inputs(model, values),
            warnings,
            confirmed_rules=known,
            draft=unconfirmed,
        )
    except DmnInvalid as wrong:
        return Tried(trouble="invalid", detail=wrong.findings[0].message)
    except DmnEvaluationError as wrong:
        trouble = "several" if wrong.rules else "refused"
        return Tried(trouble=trouble, detail=str(wrong), rules=_ids(wrong.rules))
    except DmnError as wrong:
        return Tried(trouble="invalid", detail=str(wrong))
    except FeelError as wrong:
        return Tried(trouble="limit", detail=str(wrong))
    return Tried(explained=explain(outcome, warnings))


def decision_versions(house: House, actor: Actor, decision_id: str) -> Sequence[DecisionRow]:
    """All versions that concern the actor's agency, newest first; none of what was never there."""
    require(actor, READ, decision_id)
    with house.reading() as uow:
        rows = uow.processes.decisions(decision_id)
    return [row for row in rows if row.agency_id in {None, actor.agency_id}]


def askers(house: House, actor: Actor, decision_id: str) -> Sequence[Asking]:
    """Processes whose newest version, or whose draft, names a decision; by name."""
    require(actor, READ, decision_id)
    mark = f'decisionId="{decision_id}"'.encode()
    found: dict[str, Asking] = {}
    with house.reading() as uow:
        rows = uow.processes.definitions()
        names = {row.process_id: row.name for row in rows}
        drafts = uow.drafts.standing() if may(actor, RIGHT) else ()
        for row in rows:
            if mark in row.xml:
                found[row.process_id] = Asking(
                    process_id=row.process_id, name=row.name or row.process_id, drafted=False
                )
        for draft in drafts:
            if draft.kind is not DraftKind.PROCESS or draft.subject_id in found:
                continue
            drawn = uow.drafts.current(draft.subject)
            if drawn is not None and mark in drawn.content:
                name = names.get(draft.subject_id) or draft.subject_id
                found[draft.subject_id] = Asking(
                    process_id=draft.subject_id, name=name, drafted=True
                )
    return sorted(found.values(), key=lambda one: (one.name, one.process_id))


def _ids(labels: Sequence[str]) -> Sequence[str]:
    """Ids of rules that an error calls "2 (rule_b)"."""
    return [label.partition(" (")[2].removesuffix(")") for label in labels]


def _whole(uow: UnitOfWork, content: bytes) -> bytes:
    """The file with what it imports, from the newest published versions."""
    if b"import" not in content:
        return content
    heads = (next(iter(uow.processes.decisions(one)), None) for one in uow.processes.decision_ids())
    return enclose(content, [row.xml for row in heads if row is not None])


def _lost(
    decision_id: str, outlines: Sequence[Outline], findings: Sequence[Finding]
) -> Sequence[Finding]:
    """The decision that the file is about is not in it any more."""
    unread = not outlines and any(one.severity == "error" for one in findings)
    if unread or any(one.id == decision_id for one in outlines):
        return ()
    text = f"The file holds no decision with the id '{decision_id}'."
    return (Finding(severity="error", code="decision-lost", message=text),)


def _confirmed(
    uow: UnitOfWork, agency_id: str | None, content: bytes
) -> Mapping[str, RuleConfirmation]:
    try:
        rows = memory_rules(content, carried=True)
    except DmnInvalid:
        return {}
    if agency_id is None or not rows:
        return {}
    said = {
        (word.decision_id, word.rule_id, word.rule_hash): word
        for word in uow.confirmations.standing(agency_id, {row.owner_id for row in rows})
    }
    return {row.rule_id: said[row.key] for row in rows if row.key in said}

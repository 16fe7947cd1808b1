"""Two compiled versions side by side: drawings, and the forms and decisions that they bind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.runtime import worklist
from engine.runtime.drawing.difference import changes
from engine.runtime.drawing.model import Binding
from engine.runtime.faults import Fault
from engine.usecases.ports.versions import Change, Detail, Difference

if TYPE_CHECKING:
    from engine.runtime.drawing.model import CalledDecision, FormRef, Node
    from engine.runtime.program import Program
    from engine.usecases.ports.work import UnitOfWork


def difference(uow: UnitOfWork, source: Program, target: Program) -> Difference:
    """What changed; a form or decision that is bound to its deployment counts by its content."""
    found, same = changes(source.process, target.process)
    bound: dict[str, tuple[Detail, ...]] = {}
    for node in target.process.nodes.values():
        before = source.process.nodes.get(node.id)
        if before is not None:
            details = (
                *_form(uow, source, target, _form_of(before), _form_of(node)),
                *_decision(uow, source, target, before.decision, node.decision),
            )
            if details:
                bound[node.id] = details
    merged = [
        replace(one, details=one.details + bound.pop(one.id))
        if one.how == "changed" and one.what == "element" and one.id in bound
        else one
        for one in found
    ]
    merged += [_changed(target.process.nodes[name], told) for name, told in bound.items()]
    return Difference(
        source_key=source.definition.key,
        target_key=target.definition.key,
        changes=tuple(merged),
        same=tuple(name for name in same if name not in {one.id for one in merged}),
    )


def _changed(node: Node, details: tuple[Detail, ...]) -> Change:
    return Change(
        how="changed",
        what="element",
        id=node.id,
        name=node.name,
        type=node.kind.value,
        details=details,
    )


def _form_of(node: Node) -> FormRef | None:
    return node.user_task.form if node.user_task is not None else node.form


def _form(
    uow: UnitOfWork, source: Program, target: Program, old: FormRef | None, new: FormRef | None
) -> tuple[Detail, ...]:
    if old is None or new is None or old.form_id != new.form_id:
        return ()  # the drawing itself says so
    return _versions(
        "form.version", _form_version(uow, source, old), _form_version(uow, target, new)
    )


def _form_version(uow: UnitOfWork, program: Program, ref: FormRef) -> str | None:
    try:
        row = worklist.form_of(uow, program.definition.deployment_key, ref)
    except Fault:
        return None
    return None if row is None else str(row.version)


def _decision(
    uow: UnitOfWork,
    source: Program,
    target: Program,
    old: CalledDecision | None,
    new: CalledDecision | None,
) -> tuple[Detail, ...]:
    if old is None or new is None or old.decision_id != new.decision_id:
        return ()
    return _versions(
        "decision.version", _table_version(uow, source, old), _table_version(uow, target, new)
    )


def _table_version(uow: UnitOfWork, program: Program, called: CalledDecision) -> str | None:
    """The version of a decision that is bound to a deployment; latest ones are the same."""
    if called.binding is not Binding.DEPLOYMENT or called.decision_id.startswith("="):
        return None
    own = program.definition.deployment_key
    rows = uow.processes.decisions(called.decision_id)
    return next((str(row.version) for row in rows if row.deployment_key <= own), None)


def _versions(field: str, before: str | None, after: str | None) -> tuple[Detail, ...]:
    return (Detail(field=field, before=before, after=after),) if before != after else ()

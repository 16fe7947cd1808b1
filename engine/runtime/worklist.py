"""Rows for what waits outside: user tasks with their people and dates, and jobs for workers."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from engine.runtime.bearing import bearing
from engine.runtime.drawing.model import Binding
from engine.runtime.faults import Fault
from engine.runtime.timing import read_moment, read_span
from engine.usecases.ports.process import UserTaskRow, WorkerJobRow
from engine.usecases.ports.runner import Assignment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from engine.runtime.drawing.model import FormRef
    from engine.runtime.expressions import Text
    from engine.runtime.specs.tasks import Service, User
    from engine.runtime.token import Token
    from engine.usecases.ports.process import FormRow
    from engine.usecases.ports.work import UnitOfWork

_FALLBACK_GROUP: Final = "perf_admin"
_PRIORITY: Final = 50
_PRIORITY_MAX: Final = 100
_END_OF_DAY: Final = time(23, 59, 59)
_TEXT_MAX: Final = 500


def open_task(token: Token, spec: User) -> None:
    """Evaluate who does it by when, and put it on the work list; may raise `Fault`."""
    instance, node = token.workflow, spec.node
    command, row = instance.command, instance.row
    view = instance.view(token.reading)
    zone = command.zone(row)
    found = assigned(spec, view)
    form = form_of(command.uow, instance.program.definition.deployment_key, spec.form)
    concerns = bearing(view)
    task = UserTaskRow(
        key=command.ids.key(),
        instance_key=row.key,
        root_key=row.root_key,
        token=token.id,
        process_id=row.process_id,
        definition_key=row.definition_key,
        element_id=node.id,
        name=node.label,
        assignee=found.assignee,
        candidates=found.candidates,
        form_key=form.key if form is not None else None,
        form_id=spec.form.form_id or spec.form.form_key if spec.form is not None else None,
        priority=_priority(spec.priority, view),
        due_at=moment(spec.due_date, view, command.now, zone),
        follow_up_at=moment(spec.follow_up_date, view, command.now, zone, at=time.min),
        created_at=command.now,
        orphaned=found.orphaned,
        agency_id=row.agency_id,
        subject=_subject(spec.subject, view),
        about_id=concerns.about_id,
        squad_id=concerns.squad_id,
        output_id=concerns.output_id,
    )
    token.internal_data["task"] = task.key
    instance.effects.append(lambda: command.rows.open_task(task))


def assigned(spec: User, view: Mapping[str, Any]) -> Assignment:
    """Who does it by the drawing, asked now; nobody found: the fallback group, orphaned."""
    node = spec.node
    assignee = _name(spec.assignee, view, "the assignee")
    candidates = _candidates(spec, view)
    if node.group and _names_nobody(spec):
        candidates = (("group", node.group),)
    if assignee is None and not candidates:
        nobody = (("group", node.fallback or _FALLBACK_GROUP),)
        return Assignment(assignee=None, candidates=nobody, orphaned=True)
    return Assignment(assignee=assignee, candidates=candidates)


def standing(row: UserTaskRow) -> Assignment:
    """Who has a task by its row."""
    return Assignment(assignee=row.assignee, candidates=row.candidates, orphaned=row.orphaned)


def _names_nobody(spec: User) -> bool:
    """Whether the drawing leaves it to the lane; a question answered by null does not."""
    return (spec.assignee, spec.candidate_groups, spec.candidate_users) == (None, None, None)


def _name(text: Text | None, view: Mapping[str, Any], what: str) -> str | None:
    value = None if text is None else text.value(view)
    if value is None or value == "":
        return None
    if isinstance(value, (list, dict, bool)):
        raise Fault("expression", f"{what} is no text")
    return str(value)


def _candidates(spec: User, view: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    found: dict[tuple[str, str], None] = {}
    for kind, text in (("group", spec.candidate_groups), ("user", spec.candidate_users)):
        for name in _names(text, view):
            found[kind, name] = None
    return tuple(found)


def _names(text: Text | None, view: Mapping[str, Any]) -> list[str]:
    value = None if text is None else text.value(view)
    if value is None:
        return []
    items = value if isinstance(value, list) else str(value).split(",")
    return [name for item in items if item is not None and (name := str(item).strip())]


def _priority(text: Text | None, view: Mapping[str, Any]) -> int:
    value = None if text is None else text.value(view)
    if value is None:
        return _PRIORITY
    try:
        number = int(Decimal(str(value)))
    except ArithmeticError:
        raise Fault("expression", f"the priority {value!r} is no number") from None
    if not 0 <= number <= _PRIORITY_MAX:
        raise Fault("expression", f"the priority {number} is not between 0 and {_PRIORITY_MAX}")
    return number


def moment(
    text: Text | None,
    view: Mapping[str, Any],
    now: datetime,
    zone: tzinfo,
    *,
    at: time = _END_OF_DAY,
) -> datetime | None:
    """A due or follow-up date: a moment, a day (its end or its beginning), or a time from now."""
    value = None if text is None else text.value(view)
    if value is None or value == "":
        return None
    written = str(value)
    if written.startswith("P"):
        return read_span(written).after(now, zone)
    return read_moment(written, zone, "the date", at=at)


def _subject(text: Text | None, view: Mapping[str, Any]) -> str | None:
    value = None if text is None else text.value(view)
    return None if value is None else str(value)[:_TEXT_MAX]


def form_of(uow: UnitOfWork, deployment_key: int, ref: FormRef | None) -> FormRow | None:
    """The version of a form that a drawing of that deployment means; `Fault` without one."""
    if ref is None or not ref.form_id:
        return None
    if ref.binding is Binding.LATEST:
        form = uow.processes.latest_form(ref.form_id)
    else:
        tag = ref.version_tag if ref.binding is Binding.VERSION_TAG else None
        form = uow.processes.deployed_form(ref.form_id, deployment_key, tag)
    if form is None:
        raise Fault("form", f"form '{ref.form_id}' is not deployed")
    return form


def open_job(token: Token, kind: str, retries: int) -> None:
    """Offer work to external workers; the token waits."""
    instance = token.workflow
    command, row = instance.command, instance.row
    spec: Service = token.task_spec
    job = WorkerJobRow(
        key=command.ids.key(),
        instance_key=row.key,
        root_key=row.root_key,
        token=token.id,
        process_id=row.process_id,
        definition_key=row.definition_key,
        element_id=spec.node.id,
        type=kind,
        headers=dict(spec.node.headers),
        retries=retries,
    )
    token.internal_data["job"] = 1
    instance.effects.append(lambda: command.rows.open_job(job))

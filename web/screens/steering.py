"""One instance in the hands of a process owner: hold, move, change, end, begin anew."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.usecases import steering as acts
from engine.usecases.errors import Conflict, InputRefused
from engine.usecases.ports.steering import Shift, Where
from web.context import actor, house, key_of
from web.drawing_words import kind_words
from web.drawings import element_kinds, element_labels
from web.readings.names import matters
from web.steering_words import conflict_words, fault_words
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug import Response

    from engine.usecases.ports.process import InstanceView
    from engine.usecases.ports.steering import Consequences

pages = Blueprint("steering", __name__)

_ENDS = ("Task", "Event", "Gateway", "subProcess", "callActivity", "task")


@pages.get("/proses/<int:key>/kendali")
def show(key: int) -> str:
    """What can be done to an instance."""
    return _page(acts.steering_view(house(), actor(), key))


@pages.post("/proses/<int:key>/kendali")
def change(key: int) -> Response | tuple[str, int]:
    """Do one act, or tell what it would do."""
    view = acts.steering_view(house(), actor(), key)
    act = request.form.get("act", "")
    try:
        if act == "preview":
            told = acts.preview_changes(house(), actor(), key, (_shift(),))
            return _page(view, told=told), 200
        if act not in _ACTS:
            return _page(view), 422
        answer = _ACTS[act](key)
    except InputRefused as refused:
        faults = {fault.field: fault_words(fault) for fault in refused.faults}
        return _page(view, faults=faults), 422
    except Conflict as refused:
        return _page(view, faults={"": conflict_words(refused)}), 409
    flash(_("It is done; the reason is kept in the audit."), "good")
    shown = key_of(str(answer.get("startedKey", ""))) or key
    return redirect(url_for("process.show", key=shown), code=303)


def _reason() -> str:
    return request.form.get("reason", "")


def _shift() -> Shift:
    form = request.form
    where = Where.AFTER if form.get("where") == Where.AFTER else Where.BEFORE
    return Shift(
        ends_element=form.get("ends") or None, begins=form.get("begins") or None, where=where
    )


def _steer(act: Callable[..., Any]) -> Callable[[int], Any]:
    return lambda key: act(house(), actor(), acts.Steer(key=key, reason=_reason()))


def _modify(key: int) -> Any:
    command = acts.ModifyInstance(key=key, shifts=(_shift(),), reason=_reason())
    return acts.modify_instance(house(), actor(), command)


def _restart(key: int) -> Any:
    command = acts.RestartInstance(key=key, shifts=(_shift(),), reason=_reason())
    return acts.restart_instance(house(), actor(), command)


def _variables(key: int) -> Any:
    name = request.form.get("name", "").strip()
    given = {name: _value(request.form.get("value", ""))} if name else {}
    command = acts.ChangeVariables(key=key, variables=given, reason=_reason())
    return acts.change_variables(house(), actor(), command)


def _retry(key: int) -> Any:
    return acts.retry_incidents(house(), actor(), acts.RetryIncidents(key=key, reason=_reason()))


def _value(text: str) -> Any:
    """JSON, or else the text itself; an empty field is nothing."""
    if not text.strip():
        return None
    try:
        return json.loads(text, parse_float=Decimal)
    except ValueError:
        return text


_ACTS: dict[str, Callable[[int], Any]] = {
    "suspend": _steer(acts.suspend_instance),
    "resume": _steer(acts.resume_instance),
    "end": _steer(acts.end_instance),
    "retry": _retry,
    "modify": _modify,
    "restart": _restart,
    "variables": _variables,
}


def _page(
    view: InstanceView,
    *,
    told: Consequences | None = None,
    faults: dict[str, str] | None = None,
) -> str:
    labels = element_labels(view.definition.xml)
    kinds = element_kinds(view.definition.xml)
    with house().reading() as uow:
        matter = matters(uow, [view.row]).get(view.row.key, "")
    return render_template(
        "pages/steering.html",
        view=view,
        matter=matter,
        row=view.row,
        elements=[
            (one, f"{labels[one]} · {kind_words(kind)}")
            for one, kind in kinds.items()
            if kind.endswith(_ENDS) and kind != "boundaryEvent"
        ],
        waiting=[(one, labels.get(one, one)) for one in view.tokens],
        labels=labels,
        told=told,
        faults=faults or {},
        typed=request.form,
    )

"""Who catches an error or an escalation: exact code before catch-all, innermost scope first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.runtime import arming
from engine.runtime.drawing.model import EventKind
from engine.runtime.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.runtime.instance import Instance
    from engine.runtime.token import Token
    from engine.usecases.ports.process import Json


def throw_error(token: Token, code: str, text: str, variables: Mapping[str, Json]) -> None:
    """Interrupt the innermost catcher's host; uncaught is a `Fault`."""
    found = find_catcher(token.workflow, token, "error", code)
    if found is None:
        raise Fault("uncaught-error", f"nobody catches error '{code}'", text)
    _catch(token.workflow, found, variables)


def throw_escalation(token: Token, code: str, variables: Mapping[str, Json]) -> None:
    """Tell the innermost catcher; uncaught goes on, with a word in history."""
    found = find_catcher(token.workflow, token, "escalation", code)
    if found is None:
        token.workflow.note(token, "escalation", code)
        return
    _catch(token.workflow, found, variables)


def throw_cancel(token: Token) -> None:
    """Leave the transaction around a token by its cancel boundary event."""
    found = find_catcher(token.workflow, token, "cancel", "")
    if found is None:
        raise Fault("operation", "no cancel boundary event catches the cancellation")
    _catch(token.workflow, found, {})


def _catch(
    thrower: Instance, found: tuple[Instance, Token, str], variables: Mapping[str, Json]
) -> None:
    other, host, event = found
    if other is not thrower:
        other.begin_step()
        # one step in two rows: a fault in either undoes both
        thrower.journal.append((other.undo, ()))
        thrower.effects.append(other.publish)
        thrower.effects.append(lambda: thrower.command.wake(other))
    arming.fire(host, event, variables)


def find_catcher(
    instance: Instance, token: Token, kind: str, code: str
) -> tuple[Instance, Token, str] | None:
    """The instance, the token and the event that catch what a token throws.

    A boundary event of the token, an event sub-process of its scope, then the same around it.
    """
    wanted = EventKind(kind)
    at: tuple[Instance, Token] | None = (instance, token)
    while at is not None:
        boundary = _boundary(at[1], wanted, code)
        if boundary is not None:
            return (*at, boundary)
        beside = _beside(*at, wanted, code)
        if beside is not None:
            return (at[0], *beside)
        at = _around(*at)
    return None


def _boundary(host: Token, kind: EventKind, code: str) -> str | None:
    return _catching(host.workflow, host.task_spec.node.boundary, kind, code)


def _beside(
    instance: Instance, token: Token, kind: EventKind, code: str
) -> tuple[Token, str] | None:
    """The event sub-process in a token's scope that catches, and its start event.

    One does not catch what it throws itself: it would run without end.
    """
    if not instance.spec.watched:
        return None
    watching = {
        other.task_spec.node.entry or "": other
        for other in instance.tokens()
        if "watch" in other.internal_data
        and other.scope == token.scope
        and other.task_spec is not token.task_spec
    }
    found = _catching(instance, watching, kind, code)
    return None if found is None else (watching[found], found)


def _catching(instance: Instance, names: Iterable[str], kind: EventKind, code: str) -> str | None:
    catch_all = None
    specs = instance.spec.task_specs
    for name in names:
        event = specs[name].event
        for part in () if event is None else event.each:
            if part.kind is not kind:
                continue
            if part.code is None:
                catch_all = catch_all or name
            elif part.code.source == code:
                return name
    return catch_all


def _around(instance: Instance, token: Token) -> tuple[Instance, Token] | None:
    """The token of the sub-process around a token, or the one in the parent's row."""
    owner = instance.scopes[token.scope].owner
    if owner is not None:
        return instance, instance.tasks[owner]
    if instance.row.parent_key is None:
        return None
    parent = instance.command.instance(instance.row.parent_key)
    host = parent.tasks.get(instance.row.parent_token)
    return None if host is None else (parent, host)

"""Acts on running processes in the words of process owners: kinds, obstacles, refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.usecases.ports.batches import BatchKind, BatchState
from web.faults import text_of
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.errors import Conflict, FieldFault

KINDS: Final[Mapping[str, object]] = {
    BatchKind.MIGRATE: _l("Move to another version"),
    BatchKind.MIGRATION_CHECK: _l("Dry run of a move"),
    BatchKind.MIGRATION_UNDO: _l("Taking a move back"),
    BatchKind.SUSPEND: _l("Hold"),
    BatchKind.RESUME: _l("Go on"),
    BatchKind.CANCEL: _l("End"),
    BatchKind.RETRY: _l("Try failed steps again"),
    BatchKind.MODIFY: _l("Move what waits"),
}
#: words and tone of the tag
STATES: Final[Mapping[str, tuple[object, str]]] = {
    BatchState.CREATED: (_l("waiting"), "wait"),
    BatchState.ACTIVE: (_l("under way"), "note"),
    BatchState.SUSPENDED: (_l("held"), "wait"),
    BatchState.COMPLETED: (_l("done"), "good"),
    BatchState.CANCELLED: (_l("cancelled"), ""),
    BatchState.FAILED: (_l("failed"), "bad"),
}

#: how the reason of an act begins that a program gave none for
_UNSAID: Final = "asked by a client of /v2"

#: obstacles that name a step
_AT_STEP: Final[Mapping[str, object]] = {
    "unknown-element": _l("“%(step)s” is not where the plan looks for it; choose another step."),
    "kind": _l("“%(step)s” and its new step are of different kinds."),
    "scope": _l("The new step of “%(step)s” stands inside another step than before."),
    "boundary": _l("“%(step)s” stays at the edge of its step: choose both together."),
    "twice": _l("“%(step)s” and another step cannot both become the same step."),
    "multi-instance": _l("“%(step)s” and its new step are not repeated in the same way."),
    "unmapped": _l("Something waits at “%(step)s”, which has no new step yet."),
    "flow": _l("The arrow on which it came to “%(step)s” is not in the new version."),
    "event": _l("What “%(step)s” waits for cannot be carried over."),
    "form": _l("The form of “%(step)s” is not to be found."),
}
#: obstacles of the whole process
_WHOLE: Final[Mapping[str, object]] = {
    "state": _l("What was kept of it cannot be read; tell the administrator."),
    "ended": _l("It has ended meanwhile."),
    "version": _l("It runs on another version, or moves together with its process."),
    "moved": _l("It went on since then, so it stays where it is."),
    "own-matter": _l("It is about yourself; somebody else must do it."),
    "gone": _l("It is not there any more."),
    "expression": _l("A formula of the new version cannot be worked out with its values."),
    "lookup": _l("The new version asks for somebody who is not found."),
    "limit": _l("A limit was reached."),
}
#: why an act on a process is refused, by the engine's reason
_CONFLICTS: Final[Mapping[str, object]] = {
    "nothing waits there any more": _l("Nothing waits at that step any more; look again."),
    "nothing would remain: cancel the instance instead": _l(
        "Nothing would be left waiting; choose where it goes on, or end the process."
    ),
    "what called it decides: name the outermost one": _l(
        "Another process called this one; do it there."
    ),
    "an instance with this key lives": _l("A process for the same matter is running already."),
    "the instance is active": _l("The process is running."),
    "the instance is suspended": _l("The process is held; nothing goes on until it is released."),
    "the instance is completed": _l("The process has ended."),
    "the instance is cancelled": _l("The process was ended."),
    "it was undone already": _l("This was taken back already."),
    "the version is suspended already": _l("Nobody may start this version already."),
    "the version is active already": _l("This version may be started already."),
    "a pilot needs another version that all the others take": _l(
        "A trial needs another version that all other units take."
    ),
    "the operation is completed": _l("It is done already."),
    "the operation is cancelled": _l("It was stopped already."),
    "the operation is failed": _l("It failed; begin it anew."),
    "the operation is suspended": _l("It is held already."),
    "the operation is active": _l("It is under way already."),
    "the operation is created": _l("It waits for its turn already."),
}
#: faults by field and code, where the code alone says something else elsewhere
_FIELDS: Final[Mapping[tuple[str, str], object]] = {
    ("reason", "required"): _l("Say why; it is kept in the audit."),
    ("reason", "too_long"): _l("The reason is too long."),
    ("shifts", "size"): _l("Choose at least one step, and not more than a hundred."),
    ("shifts", "empty"): _l("Choose where it ends, where it begins, or both."),
    ("shifts", "required"): _l("Choose where it ends, where it begins, or both."),
    ("begins", "unknown_element"): _l("This step is not in the drawing."),
    ("begins", "boundary"): _l("An event at the edge of a step begins together with that step."),
    ("begins", "triggered"): _l("This step begins by its own event only."),
    ("begins", "closed"): _l("The step around it is not under way; begin there."),
    ("begins", "inside-multi-instance"): _l(
        "This step is done once for each of several; change one of those."
    ),
    ("within", "ambiguous"): _l("Several of these are under way: choose what ends, to say which."),
    ("keys", "too_many"): _l("Too many processes at once."),
    ("plan", "required"): _l("Say which step becomes which."),
    ("units", "unknown"): _l("Choose a unit of this agency."),
}
#: what cannot be kept as a value
_VALUES: Final[Mapping[str, object]] = {
    "limit": _l("The value is too large."),
    "expression": _l("This cannot be kept as a value."),
}

#: codes that only acts on instances use, all of them said here
STEERED: Final = frozenset(_AT_STEP) | {code for _, code in _FIELDS}


def fault_words(fault: FieldFault) -> str:
    """A fault of an act on a process."""
    known = _FIELDS.get((fault.field, fault.code)) or _VALUES.get(fault.code)
    if known is not None:
        return str(known)
    words = text_of(None, fault)
    return words if words != fault.message else _refused()


def conflict_words(refused: Conflict) -> str:
    """Why things as they stand do not allow an act."""
    return str(_CONFLICTS.get(refused.reason) or _refused())


def obstacle_words(code: str, step: str, message: str = "") -> str:
    """Why an instance or a plan cannot move, or an item of an operation failed."""
    if code in _AT_STEP and step:
        return str(_AT_STEP[code]) % {"step": step}
    known = _WHOLE.get(code) or _CONFLICTS.get(message)
    known = known or next((words for (_f, one), words in _FIELDS.items() if one == code), None)
    return str(known or _refused())


def reason_words(reason: str) -> str:
    """Why an operation was begun; what programs leave out is said in the reader's words."""
    if not reason.startswith(_UNSAID):
        return reason
    rest = reason.removeprefix(_UNSAID).removesuffix(" without a reason")
    reference = rest.removeprefix(", reference ")
    told = _("A program asked for it.")
    return f"{told} ({reference})" if reference else told


def _refused() -> str:
    return _("This is not possible as things stand; nothing was changed.")

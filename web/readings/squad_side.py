"""What stands beside a task of a squad: shares as they sum, the effect of a place, the pack."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from engine.domain.squads import Membership, SquadRole
from engine.usecases.errors import NotFound
from engine.usecases.places import PlaceAsk, place_effect
from web.pictures.shares import ShareBar, share_bar
from web.readings.names import person_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.places import PlaceEffect
    from engine.usecases.ports.work import House
    from web.taskform import TaskForm

#: the form in which shares are stated, its list and its number
SHARE_FORM: Final = "settle_shares"
_LIST: Final = "lines"
_SHARE: Final = "share_percent"
#: user tasks in which somebody says yes to a place, or lets another one take it
_SIGNING: Final = "sign_membership"
_WEIGHING: Final = frozenset(
    {_SIGNING, "give_consent", "decide_consent", "sign_load", "settle_load"}
)


@dataclass(frozen=True, slots=True)
class OutputSum:
    """The shares of one output as they stand in the form."""

    title: str
    #: number of the row in the form, and the member
    rows: Sequence[tuple[int, str]]
    bar: ShareBar


@dataclass(frozen=True, slots=True, kw_only=True)
class SquadSide:
    """What stands beside a task of a squad."""

    #: name of the form's list and of its number, for the script
    list_name: str = _LIST
    share_name: str = _SHARE
    sums: Sequence[OutputSum] = ()
    effect: PlaceEffect | None = None
    #: the membership that is weighed
    membership_id: str | None = None
    #: the squad whose lead changes to the reader
    handover: str | None = None


def squad_side(house: House, actor: Actor, form: TaskForm) -> SquadSide | None:
    """What helps in this task; None where nothing does."""
    task = form.view.task
    if task.form_id == SHARE_FORM:
        return SquadSide(sums=_sums(house, form))
    if task.element_id not in _WEIGHING:
        return None
    member = form.view.variables.get("member")
    found = member.get("membership_id") if isinstance(member, dict) else None
    if not isinstance(found, str):
        return None
    return _weighed(house, actor, found)


def _weighed(house: House, actor: Actor, membership_id: str) -> SquadSide:
    with house.reading() as uow:
        row = uow.contributions.get(Membership, membership_id)
    own = row is not None and row.person_id == actor.person_id
    leads = row is not None and own and row.role is SquadRole.KETUA
    try:
        effect = place_effect(house, actor, PlaceAsk(membership_id=membership_id))
    except NotFound:
        effect = None
    return SquadSide(
        effect=effect,
        membership_id=membership_id,
        handover=row.squad_id if row is not None and leads else None,
    )


def _sums(house: House, form: TaskForm) -> list[OutputSum]:
    source = _rows(form.variables)
    typed = _rows(form.values or {})
    names = person_names(house, [_text(row, "person_id") for row in source])
    grouped: dict[str, list[tuple[int, str, int]]] = {}
    titles: dict[str, str] = {}
    for number, row in enumerate(source):
        now = typed[number] if number < len(typed) else row
        name = names.get(_text(row, "person_id"), "")
        line = (number, name, basis_points(now.get(_SHARE, row.get(_SHARE))))
        grouped.setdefault(_text(row, "output_id"), []).append(line)
        titles[_text(row, "output_id")] = _text(row, "title")
    return [
        OutputSum(
            titles[key],
            [(number, name) for number, name, _ in lines],
            share_bar((name, share_bp) for _, name, share_bp in lines),
        )
        for key, lines in grouped.items()
    ]


def basis_points(value: object) -> int:
    """A typed or stored percentage in basis points; 0 for what cannot be read."""
    try:
        found = Decimal(str(value if value is not None else 0).strip().replace(",", "."))
    except InvalidOperation:
        return 0
    return int(found * 100) if found.is_finite() and found > 0 else 0


def _rows(values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = values.get(_LIST)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""

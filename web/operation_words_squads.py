"""What the operations of squads are called where somebody draws; part of `operation_words`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from web.operation_kinds import Operation, Place
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping

#: name of an operation -> what a drawer knows of it
SQUAD_OPERATIONS: Final[Mapping[str, Operation]] = {
    "regu.squad.answer_shares": Operation(
        _l("Answer one's planned shares"), Place.FORM, "answer_shares"
    ),
    "regu.squad.apply": Operation(_l("Volunteer for a squad"), Place.START, "squad_volunteer"),
    "regu.squad.change": Operation(
        _l("Change the members of a squad"), Place.START, "squad_change"
    ),
    "regu.squad.choose": Operation(_l("Choose among volunteers"), Place.FORM, "choose_volunteers"),
    "regu.squad.close": Operation(_l("Dissolve a squad")),
    "regu.squad.countersign": Operation(
        _l("Countersign a change of a squad"), Place.FORM, "countersign_change"
    ),
    "regu.squad.extend": Operation(_l("Extend or end a squad"), Place.FORM, "extend_squad"),
    "regu.squad.form": Operation(_l("Form a squad by its letter"), Place.FORM, "confirm_squad"),
    "regu.squad.lessons": Operation(
        _l("Write what a squad has learnt"), Place.FORM, "squad_lessons"
    ),
    "regu.squad.name_members": Operation(
        _l("Appoint members of a squad"), Place.FORM, "name_members"
    ),
    "regu.squad.plan_shares": Operation(_l("Work out planned shares")),
    "regu.squad.propose": Operation(_l("Propose a squad"), Place.START, "squad_formation"),
    "regu.squad.settle_shares": Operation(_l("Settle planned shares"), Place.FORM, "settle_shares"),
    "regu.squad.start_outputs": Operation(_l("Start a squad's outputs")),
    "regu.squad.take_effect": Operation(_l("Put a change of a squad into force")),
    "regu.squad.write_change": Operation(_l("Record the changed memberships")),
}

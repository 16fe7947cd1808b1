"""Changes of forms, decisions and scenarios in the words of who reviews them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from web.readings.moves import Changed
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.ports.versions import Change, Detail

#: property of a field, a table or a scenario -> its words
_WORDS: Final[Mapping[str, object]] = {
    "outputs": _l("result"),
    "annotations": _l("remark"),
    "hitPolicy": _l("which rules count"),
    "aggregation": _l("how results are joined"),
    "order": _l("order of the rules"),
    "text": _l("text"),
    "label": _l("name"),
    "type": _l("kind"),
    "key": _l("variable"),
    "description": _l("hint"),
    "defaultValue": _l("value at the beginning"),
    "disabled": _l("cannot be changed"),
    "readonly": _l("read only"),
    "values": _l("choices"),
    "valuesExpression": _l("choices, as an expression"),
    "valuesKey": _l("variable that holds the choices"),
    "conditional.hide": _l("hidden when"),
    "validate.required": _l("must be filled in"),
    "validate.minLength": _l("at least so many characters"),
    "validate.maxLength": _l("at most so many characters"),
    "validate.min": _l("not less than"),
    "validate.max": _l("not more than"),
    "validate.pattern": _l("must fit the pattern"),
    "validate.validationType": _l("must be a"),
}
_YES: Final = "true"


def changed_part(one: Change) -> Changed:
    """One part of a file: what it is of, how, and each property before and after."""
    return Changed(
        label=_label(one), kind="", how=one.how, details=[_detail(held) for held in one.details]
    )


def _label(one: Change) -> str:
    if one.what == "rule":
        table, _comma, number = one.name.rpartition(", ")
        return _("%(table)s, rule %(number)s", table=table, number=number)
    if one.what == "scenario" and not one.name:
        return _("What all scenarios share")
    return one.name


def _detail(one: Detail) -> tuple[str, str, str]:
    return _field(one.field), _value(one.field, one.before), _value(one.field, one.after)


def _field(field: str) -> str:
    begin, colon, column = field.partition(":")
    if colon and begin == "input":
        return _("when %(column)s", column=column)
    if colon and begin == "output":
        return _("result %(column)s", column=column)
    if colon and begin == "asks":
        return _("question of the column %(column)s", column=column)
    if colon and begin == "gives":
        return _("kind of the result %(column)s", column=column)
    return str(_WORDS.get(field, field))


def _value(field: str, text: str | None) -> str:
    if text == _YES and not field.startswith(("input:", "output:")):
        return _("yes")
    return text or ""

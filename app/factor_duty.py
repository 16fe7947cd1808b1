"""Who must have a second factor: the words of REGU_SECOND_FACTOR."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.setting_refused import SettingRefused
from engine.usecases.rights import ADMIN, GROUPS

if TYPE_CHECKING:
    from collections.abc import Collection

#: what the setting may say
WORDS: Final = "off, offered, required_for_admins, required, or groups:NAME,NAME"
_NAMED: Final = "groups:"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorDuty:
    """Whom a house obliges to a second factor; accounts of programs never."""

    #: whether anybody may set one up
    offered: bool = True
    everybody: bool = False
    groups: frozenset[str] = frozenset()

    @property
    def somebody(self) -> bool:
        """Whether anybody must have one."""
        return self.everybody or bool(self.groups)

    def binds(self, groups: Collection[str]) -> bool:
        """Whether who holds these groups must have one."""
        return self.everybody or not self.groups.isdisjoint(groups)


_DUTIES: Final = {
    "off": FactorDuty(offered=False),
    "offered": FactorDuty(),
    "required_for_admins": FactorDuty(groups=frozenset({ADMIN})),
    "required": FactorDuty(everybody=True),
}


def duty_of(text: str) -> FactorDuty:
    """What the setting says; `SettingRefused` for other words, or a group that there is not."""
    known = _DUTIES.get(text)
    if known is not None:
        return known
    named = frozenset(one.strip() for one in text.removeprefix(_NAMED).split(",") if one.strip())
    if not text.startswith(_NAMED) or not named or named - GROUPS:
        wanted = f"{WORDS} of {', '.join(sorted(GROUPS))}"
        raise SettingRefused("REGU_SECOND_FACTOR", text, wanted)
    return FactorDuty(groups=named)

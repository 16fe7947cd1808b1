"""Why a drawing cannot be read or an edit is not made."""

from __future__ import annotations

from typing import Final

#: every reason for which an edit is refused; pages have words for each
REASONS: Final = frozenset(
    {
        "unreadable",
        "step_gone",
        "way_gone",
        "not_here",
        "nothing_given",
        "feel",
        "condition_missing",
        "condition_needless",
        "remove_start",
        "remove_boundary",
        "remove_several",
        "remove_last",
        "remove_default",
        "remove_loop",
        "remove_awaited",
        "remove_named",
        "follows_end",
        "end_inside",
        "way_unclear",
        "awaited",
        "move_apart",
        "target_wrong",
        "target_same",
        "cut_off",
        "never_ends",
        "no_change",
    }
)


class EditRefused(Exception):
    """An edit that would spoil the drawing; nothing is changed."""

    def __init__(self, code: str, *, field: str = "", named: str = "", detail: str = "") -> None:
        super().__init__(code)
        #: one of `REASONS`
        self.code = code
        #: field of the edit that is wrong, "" when it is the edit itself
        self.field = field
        #: id of the step or flow that stands in the way
        self.named = named
        #: what the expression language says, in English
        self.detail = detail

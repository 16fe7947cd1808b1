"""A draft of feedback from the recorded facts of a year: plain sentences, no figures, to be edited.

Nothing here judges: each sentence repeats what somebody wrote or what the register shows. The
rater edits and sends it; the page says that it is a draft.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from babel.dates import get_month_names

from engine.domain.dialogue import CommitmentState
from engine.domain.incidents import IncidentKind
from engine.domain.scales import WHOLE_BP
from web.formats import day
from web.wording import gettext as _
from web.wording import reader_locale

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.domain.plans import PlanItem
    from engine.usecases.briefs import Brief
    from engine.usecases.index import RolePlan

#: at most so many things of a kind are named, so that the text stays readable
_MOST: Final = 3
#: attainment in % from which a result went as planned
_AS_PLANNED: Final = 100


def feedback_draft(brief: Brief) -> str:
    """Promise: paragraphs in the reader's language, each from facts; never empty."""
    paragraphs = (
        _thanks(brief),
        _went_well(brief),
        _leads(brief),
        _conduct(brief),
        _attention(brief),
        _promises(brief),
        _("What do you need from me for your next step?"),
    )
    return "\n\n".join(text for text in paragraphs if text)


def _thanks(brief: Brief) -> str:
    squads = [role.name for role in brief.found.roles if role.squad_id is not None]
    year = brief.cycle.year
    if not squads:
        return _(
            "%(name)s, thank you for your work in %(year)s.", name=brief.person.name, year=year
        )
    return _(
        "%(name)s, thank you for your work in %(year)s, in your post and in %(squads)s.",
        name=brief.person.name,
        year=year,
        squads=_joined(squads),
    )


def _went_well(brief: Brief) -> str:
    good = []
    for role in brief.found.roles:
        for item in role.items:
            note, reached = _last(role, item)
            if reached is not None and reached >= _AS_PLANNED and item.id not in brief.unproven:
                good.append(f"“{item.title}”{f' ({note})' if note else ''}")
    if not good:
        return ""
    return _("What went as planned or better, on verified evidence: %(results)s.",
             results=_joined(good[:_MOST]))  # fmt: skip


def _leads(brief: Brief) -> str:
    names = {role.role: role.name for role in brief.found.roles}
    said = [
        _("The lead of %(squad)s wrote: “%(words)s”", squad=names.get(one, ""), words=row.words)
        for one, row in brief.recommendations.items()
        if row.words
    ]
    attested = sorted({row.squad_name for row in brief.abroad if row.attester_id is not None})
    if attested:
        said.append(
            _("Your contribution to %(squads)s was attested.", squads=_joined(attested[:_MOST]))
        )
    return " ".join(said)


def _conduct(brief: Brief) -> str:
    seen = [row for row in brief.incidents if row.kind is IncidentKind.POSITIVE][-_MOST:]
    sentences = [
        _(
            "An example that was noted on %(day)s: %(text)s.",
            day=day(row.happened_on),
            text=row.text.rstrip("."),
        )
        for row in seen
    ]
    return " ".join(sentences)


def _attention(brief: Brief) -> str:
    return " ".join(_remarks(brief))


def _remarks(brief: Brief) -> Iterator[str]:
    short, unproven = [], []
    for role in brief.found.roles:
        for item in role.items:
            _note, reached = _last(role, item)
            if reached is not None and reached < _AS_PLANNED:
                short.append(f"“{item.title}”")
            if item.id in brief.unproven:
                unproven.append(f"“{item.title}”")
    if short:
        yield _("Let us look together at what held back %(results)s.",
                results=_joined(short[:_MOST]))  # fmt: skip
    if unproven:
        yield _("The evidence of %(results)s is not verified yet.",
                results=_joined(unproven[:_MOST]))  # fmt: skip
    if brief.blockers:
        yield _(
            "You wrote about what stood in the way: “%(text)s”", text=brief.blockers[0].obstacles
        )
    over = [month for month, bp in sorted(brief.load.months.items()) if bp > WHOLE_BP]
    if over:
        months = get_month_names("wide", locale=reader_locale())
        named = _joined([months[month] for month in over])
        yield _("Your load was above full time in %(months)s; we should divide it anew.",
                months=named)  # fmt: skip


def _promises(brief: Brief) -> str:
    waiting = [row for row in brief.promises if row.state is CommitmentState.OPEN]
    if not waiting:
        return ""
    said = [_("%(text)s (by %(day)s)", text=row.text.rstrip("."), day=day(row.due_on))
            for row in waiting[:_MOST]]  # fmt: skip
    return _("Still open between us: %(promises)s.", promises="; ".join(said))


def _last(role: RolePlan, item: PlanItem) -> tuple[str, int | None]:
    """Words and attainment (whole %) of a result's newest period."""
    rows = [row for row in role.progress if row.item_id == item.id]
    if not rows:
        return "", None
    return rows[-1].note.rstrip("."), int(rows[-1].attainment)


def _joined(parts: Sequence[str]) -> str:
    if len(parts) <= 1:
        return "".join(parts)
    return _("%(first)s and %(last)s", first=", ".join(parts[:-1]), last=parts[-1])

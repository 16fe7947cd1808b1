"""Errors as pages: what happened, what was saved (nothing), where to go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from flask import render_template

from engine.usecases.errors import FieldFault
from web.faults import rules_behind, summary, texts
from web.rules import BY_STATUS
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from web.faults import Fault


class Problem(Protocol):
    """What the problem table of `app` hands over."""

    @property
    def status(self) -> int:
        """HTTP status."""
        ...

    @property
    def slug(self) -> str:
        """Stable name."""
        ...

    @property
    def title(self) -> str:
        """English title."""
        ...

    @property
    def detail(self) -> str:
        """English sentence."""
        ...

    @property
    def errors(self) -> Sequence[Mapping[str, Any]]:
        """Faults and findings."""
        ...

    @property
    def facts(self) -> Mapping[str, Any]:
        """Who, what, when."""
        ...


#: from here on it is no fault of who asked
_OURS: Final = 500
#: status -> what a person is told
_WORDS = {
    400: (
        _l("The page is too old"),
        _l("The form came from an older page. Go back, reload it and try again."),
    ),
    401: (_l("Sign in again"), _l("Your session is over. Nothing was saved.")),
    403: (
        _l("You may not do this"),
        _l("Your role does not hold the right for it. If it should, ask your administrator."),
    ),
    404: (
        _l("Not found"),
        _l("There is nothing here, or it is not yours to see."),
    ),
    409: (
        _l("It changed in the meantime"),
        _l("Somebody was faster, or its state does not allow this any more. Nothing was saved."),
    ),
    413: (_l("Too large"), _l("What was sent is larger than allowed. Nothing was saved.")),
    422: (_l("The input breaks a rule"), _l("Nothing was saved.")),
    429: (_l("Too many tries"), _l("Wait a little and try again.")),
}


def problem_page(problem: Problem, reference: str) -> str:
    """A page for a problem; a 5xx tells its number only."""
    title, lead = _WORDS.get(
        problem.status,
        (
            _("Something broke on our side"),
            _("Nothing was saved. Tell the administrator the number below."),
        ),
    )
    faults = _faults(problem)
    rules = rules_behind(faults) or [
        rule for rule in (BY_STATUS.get(problem.status),) if rule is not None
    ]
    return render_template(
        "pages/problem.html",
        problem=problem,
        title=title,
        lead=lead,
        reference=reference,
        faults=faults,
        rules=rules,
    )


def _faults(problem: Problem) -> list[Fault]:
    """What is wrong, in the reader's language; nothing of a failure of ours."""
    if problem.status >= _OURS:
        return []
    found = [
        FieldFault(
            field=str(one.get("field", "")), code=str(one["code"]), message=str(one["message"])
        )
        for one in problem.errors
        if "code" in one and "message" in one
    ]
    return summary(texts(None, found))

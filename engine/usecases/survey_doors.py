"""Links to surveys and codes of complaints: made, found, and proved without telling anything."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.surveys import secret_hash
from engine.usecases.errors import Conflict, NotFound
from engine.usecases.organisation import Standing

if TYPE_CHECKING:
    from datetime import date, datetime

    from engine.domain.complaints import Complaint
    from engine.domain.surveys import SinglePass, Survey
    from engine.usecases.ports.work import UnitOfWork

#: hexadecimal digits of a selector, and bytes of a secret
_SELECTOR_LENGTH: Final = 12
_SECRET_BYTES: Final = 18
#: no link of ours is longer
_TOKEN_MAX: Final = 64
#: what all places together are counted under
_ALL: Final = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link as it is handed out; a single one is told once and kept as a hash."""

    selector: str
    secret: str

    @property
    def token(self) -> str:
        """What stands in the address."""
        return self.selector + self.secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where a link leads."""

    survey: Survey
    #: the single link, None for the public one
    single: SinglePass | None


def new_link() -> Link:
    """A link that nobody guesses."""
    return Link(
        selector=secrets.token_hex(_SELECTOR_LENGTH // 2),
        secret=secrets.token_urlsafe(_SECRET_BYTES),
    )


def find_door(uow: UnitOfWork, token: str) -> Door:
    """Promise: where a link leads; `NotFound("survey_link")` for every other text.

    Both kinds are looked for and one comparison is made in constant time whatever is found.
    """
    selector, secret = _parts(token)
    survey = uow.surveys.by_selector(selector)
    single = uow.surveys.pass_by_selector(selector)
    kept = single.secret_hash if single else secret_hash(survey.secret if survey else "")
    proved = hmac.compare_digest(kept, secret_hash(secret))
    if single is not None:
        survey = uow.surveys.survey(single.survey_id)
    if survey is None or not proved or (single is None and not survey.open_link):
        raise NotFound("survey_link", "")
    return Door(survey=survey, single=single)


def find_complaint(uow: UnitOfWork, code: str) -> Complaint:
    """Promise: the complaint that a code proves; `NotFound("complaint_code")` else."""
    selector, secret = _parts(code)
    found = uow.surveys.complaint_by_selector(selector)
    kept = found.secret_hash if found else secret_hash("")
    if not hmac.compare_digest(kept, secret_hash(secret)) or found is None:
        raise NotFound("complaint_code", "")
    return found


def today_of(uow: UnitOfWork, agency_id: str, now: datetime) -> date:
    """The agency's day."""
    return Standing(uow, now).today(agency_id)


def count_place(uow: UnitOfWork, survey: Survey, day: date, place: str, *, act: str = "") -> int:
    """How often somebody came from a place that day, this time counted.

    The place itself is kept nowhere: only a keyed hash under a salt that goes with its day.
    """
    uow.surveys.forget_marks(before=day)
    salt = uow.surveys.salt(survey.id, day, secrets.token_hex(32))
    mark = hmac.new(salt.encode(), f"{act}\0{place}".encode(), hashlib.sha256).hexdigest()
    return uow.surveys.hit(survey.id, day, mark)


def bound(uow: UnitOfWork, survey: Survey, day: date, *, here: tuple[int, int], most: int) -> None:
    """`Conflict("too_often")` when one place, or all of them together, came too often today."""
    came, allowed = here
    if came > allowed or uow.surveys.hit(survey.id, day, _ALL) > most:
        raise Conflict("too_often", survey=survey.id)


def _parts(token: str) -> tuple[str, str]:
    short = token[:_TOKEN_MAX] if token.isascii() else ""
    return short[:_SELECTOR_LENGTH], short[_SELECTOR_LENGTH:]

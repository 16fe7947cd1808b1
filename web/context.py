"""What every page needs from its request: the house, the actor, the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar, cast
from urllib.parse import urlsplit

from flask import current_app, g

from web.wording import reader_locale

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.files import EvidenceFiles, WorkFiles
    from engine.usecases.ports.work import House
    from engine.usecases.second_factors import FactorState
    from engine.usecases.sessions import OwnSession

HOUSE = "regu.house"
#: `app` puts its `EvidenceFiles` here
FILES = "regu.files"
#: `app` puts its `WorkFiles` here
WORK_FILES = "regu.work_files"
#: `app` puts the hash of passwords here
HASH = "regu.password_hash"
#: keys are whole numbers of 63 bits
KEY_MAX = 2**63 - 1
KEY_DIGITS_MAX = 19
View = TypeVar("View", bound="Callable[..., object]")


class FactorDesk(Protocol):
    """The part of the desk that looks after one's own second factor and sessions."""

    @property
    def offered(self) -> bool:
        """Whether people may set up a second factor."""
        ...

    @property
    def required(self) -> bool:
        """Whether whoever is signed in must have one."""
        ...

    @property
    def missing(self) -> bool:
        """Whether this session may do nothing before it is set up."""
        ...

    def state(self) -> FactorState:
        """What is set up."""
        ...

    def begin(self, password: str) -> None:
        """Make a secret that waits for its first code."""
        ...

    def waiting(self) -> tuple[str, str] | None:
        """Secret and otpauth address of what waits."""
        ...

    def confirm(self, code: str) -> Sequence[str]:
        """Let it count; the recovery codes."""
        ...

    def renew_codes(self, code: str) -> Sequence[str]:
        """New recovery codes."""
        ...

    def remove(self, code: str) -> None:
        """Do without it."""
        ...

    def sessions(self) -> Sequence[OwnSession]:
        """One's own sessions that live."""
        ...

    def end_session(self, mark: str | None) -> None:
        """End one by its mark, or all others."""
        ...

    def change_password(self, old: str, new: str) -> None:
        """Change one's own password; this session gets a new token."""
        ...


class Desk(Protocol):
    """The sign-in desk that `app` puts into `app.extensions["regu"]`."""

    @property
    def factors(self) -> FactorDesk:
        """One's own second factor and sessions."""
        ...

    @property
    def sso(self) -> bool:
        """Whether there is single sign-on."""
        ...

    def sign_in(self, login: str, password: str, *, locale: str = "id") -> bool:
        """Check and open a session in this answer; False: a code is wanted now."""
        ...

    def waits_for_code(self) -> bool:
        """Whether somebody here owes the code."""
        ...

    def enter_code(self, code: str, *, locale: str = "id") -> None:
        """Open the session that waits for this code."""
        ...

    def sso_address(self, target: str) -> str | None:
        """Where single sign-on begins; None while the provider is away."""
        ...

    def sso_return(self, *, locale: str = "id") -> tuple[str, str]:
        """What came back: "in" or "code" with the target, or why nobody comes in."""
        ...

    def sso_leaving_address(self) -> str | None:
        """Where one signs out of the provider."""
        ...

    def sign_out(self) -> bool:
        """End this session; whether it had begun at the provider of single sign-on."""
        ...

    def set_locale(self, locale: str) -> None:
        """Remember the language of this session."""
        ...


def house() -> House:
    """The wired house of this application."""
    return cast("House", current_app.extensions[HOUSE])


def evidence_files() -> EvidenceFiles:
    """Where evidence is kept."""
    return cast("EvidenceFiles", current_app.extensions[FILES])


def work_files() -> WorkFiles:
    """Where files of long work are kept."""
    return cast("WorkFiles", current_app.extensions[WORK_FILES])


def password_hash(word: str) -> str:
    """What the store keeps of a password."""
    return cast("Callable[[str], str]", current_app.extensions[HASH])(word)


def desk() -> Desk:
    """The sign-in desk of this application."""
    return cast("Desk", current_app.extensions["regu"])


def actor() -> Actor:
    """Who is signed in; pages are reached by nobody else."""
    return cast("Actor", g.actor)


def key_of(text: str) -> int | None:
    """The key that a query names; None for anything that cannot be one."""
    if not (text.isascii() and text.isdecimal() and len(text) <= KEY_DIGITS_MAX):
        return None
    return int(text) if int(text) <= KEY_MAX else None


def locale() -> str:
    """Language of this answer: "id" or "en"."""
    return "en" if reader_locale().language == "en" else "id"


def public(view: View) -> View:
    """Mark a view that needs no sign-in."""
    view.public = True  # type: ignore[attr-defined]
    return view


def safe_target(wanted: str | None, otherwise: str) -> str:
    """Where to go next: a path on this site, or `otherwise`; never another host."""
    if not wanted or not wanted.startswith("/") or wanted.startswith("//"):
        return otherwise
    if "\\" in wanted or any(ord(letter) < ord(" ") for letter in wanted):
        return otherwise
    parts = urlsplit(wanted)
    return otherwise if parts.scheme or parts.netloc else wanted

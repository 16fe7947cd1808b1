"""What every page needs from its request: the house, the actor, the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar, cast
from urllib.parse import urlsplit

from flask import current_app, g

from web.wording import reader_locale

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.usecases.actor import Actor
    from engine.usecases.ports.files import EvidenceFiles, WorkFiles
    from engine.usecases.ports.work import House

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


class Desk(Protocol):
    """The sign-in desk that `app` puts into `app.extensions["regu"]`."""

    def sign_in(self, login: str, password: str, *, locale: str = "id") -> object:
        """Check and open a session in this answer."""
        ...

    def sign_out(self) -> None:
        """End this session."""
        ...

    def set_locale(self, locale: str) -> None:
        """Remember the language of this session."""
        ...

    def change_password(self, old: str, new: str) -> None:
        """Change one's own password and go on in a new session."""
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

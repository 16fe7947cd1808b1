"""The door to Flask-Babel, which is untyped: what the pages use of it, with types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flask_babel  # type: ignore[import-untyped]
from babel import Locale

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from flask import Flask


def gettext(text: str, /, **values: object) -> str:
    """The text in the reader's language, its %(names)s filled in."""
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, many: str, number: int) -> str:
    """The text for that number in the reader's language; %(num)s is the number."""
    return str(flask_babel.ngettext(one, many, number))


def lazy_gettext(text: str) -> object:
    """The same, looked up when it is shown; `str` of it is the text."""
    return flask_babel.lazy_gettext(text)


def reader_locale() -> Locale:
    """Language of this answer."""
    return flask_babel.get_locale() or Locale("id")


def in_indonesian() -> AbstractContextManager[None]:
    """While it lasts everything reads Indonesian, whoever asks."""
    return reading_in("id")


def reading_in(locale: str) -> AbstractContextManager[None]:
    """While it lasts everything is told in that language, whoever asks."""
    found: AbstractContextManager[None] = flask_babel.force_locale(locale)
    return found


def begin(app: Flask, *, folder: str, locale: Callable[[], str], zone: Callable[[], str]) -> None:
    """Wire Babel into an application."""
    flask_babel.Babel(
        app,
        default_locale="id",
        default_translation_directories=folder,
        locale_selector=locale,
        timezone_selector=zone,
    )

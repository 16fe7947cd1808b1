"""What a new password must be: BSSN's length and classes or a long phrase, and not guessable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.usecases.errors import FieldFault

if TYPE_CHECKING:
    from app.settings_sign_in import SignInSettings

#: the longest password that is hashed; ASVS 5 V6.2.9 asks for 64 at least
PASSWORD_CHARACTERS_MAX: Final = 256
CLASSES: Final = 4
#: guesses (as a power of ten) that a password must be worth
_GUESSES: Final = 10.0
#: characters that are looked at for guesses; more only make it better
_LOOKED_AT: Final = 72
#: words of this place that lists of common passwords do not know
_WORDS: Final = (
    *("regu", "rahasia", "sandi", "katasandi", "selamat", "datang", "bismillah", "sayang"),
    *("indonesia", "merdeka", "pancasila", "garuda", "nusantara", "jakarta", "bandung"),
    *("surabaya", "pegawai", "negeri", "asn", "pns", "bkn", "bssn", "kementerian", "dinas"),
    *("kantor", "kinerja", "admin", "administrator"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordRule:
    """Configurable bounds."""

    #: characters, with all four classes
    length: int = 12
    #: characters from which classes are not asked for
    phrase: int = 20

    def faults(self, password: str, *about: str) -> tuple[FieldFault, ...]:
        """Why it is refused: the first reason, or nothing."""
        if len(password) < self.length:
            return (_fault("too_short", f"at least {self.length} characters"),)
        if len(password) > PASSWORD_CHARACTERS_MAX:
            return (_fault("too_long", f"at most {PASSWORD_CHARACTERS_MAX} characters"),)
        if len(password) < self.phrase and _classes(password) < CLASSES:
            needed = f"four classes of characters, or {self.phrase} characters"
            return (_fault("too_plain", needed),)
        if _is_guessable(password, about):
            return (_fault("too_common", "this is among the first that would be tried"),)
        return ()


def rule_of(settings: SignInSettings) -> PasswordRule:
    """The bounds that the settings name."""
    return PasswordRule(length=settings.password_length, phrase=settings.password_phrase)


def _fault(code: str, message: str) -> FieldFault:
    return FieldFault(field="password", code=code, message=message)


def _classes(password: str) -> int:
    """How many of small letters, capitals, digits and others are in it."""
    kinds = (str.islower, str.isupper, str.isdecimal, lambda one: not one.isalnum())
    return sum(any(kind(one) for one in password) for kind in kinds)


def _is_guessable(password: str, about: tuple[str, ...]) -> bool:
    """Whether lists of common passwords, words, dates and key rows find it soon."""
    # no stubs are published for zxcvbn; its lists cost 10 MB, needed when a password is made
    from zxcvbn import zxcvbn  # type: ignore[import-untyped]  # noqa: PLC0415

    inputs = [*_WORDS, *(word for text in about for word in (text, *text.split()))]
    found = zxcvbn(password[:_LOOKED_AT], user_inputs=inputs)
    return float(found["guesses_log10"]) < _GUESSES

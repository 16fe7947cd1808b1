"""Marshmallow fields of the form types: what a person sent becomes a typed value or a code."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from marshmallow import ValidationError, fields, missing

from forms import nip
from forms.numbers import NumberTextRefused, decimal_places, exact, read_number
from forms.options import choices

if TYPE_CHECKING:
    from forms.model import Field

TEXTFIELD_LENGTH: Final = 1_000
TEXTAREA_LENGTH: Final = 10_000
MAX_CHOSEN: Final = 500
MAX_FILES: Final = 20
_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()./-]{4,20}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


class FormValue(fields.Field[Any]):
    """A value of a form; an empty one counts as absent, a fault is raised as its code."""

    #: what an absent value comes as; () for a list
    empty: Any = None

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field

    def deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        """The typed value; `ValidationError` with the code of what is wrong."""
        if isinstance(value, str) and self.field.kind not in {"textfield", "textarea"}:
            value = value.strip()
        if value is missing or value is None or value in ("", []):
            if self.field.limits.required:
                raise ValidationError("required")
            return list(self.empty) if isinstance(self.empty, tuple) else self.empty
        return self.read(value)

    def read(self, value: Any) -> Any:
        """The typed value of something that is not empty; each kind says how."""
        raise ValidationError("unknown_field", data=value)

    def scope(self) -> dict[str, Any]:
        """Variables of the task and values of the form, for choices."""
        return getattr(self.parent, "scope", {})


class TextValue(FormValue):
    """textfield and textarea."""

    def read(self, value: Any) -> str:
        """The text, its line ends made one kind."""
        if not isinstance(value, str):
            raise ValidationError("not_text")
        text: str = value.replace("\r\n", "\n").replace("\r", "\n")
        self._check_letters(text)
        if self.field.shape == "nip":
            return self._nip(text)
        if not text.strip() and self.field.limits.required:
            raise ValidationError("required")
        codes = [*self._length(text), *self._form(text)]
        if codes:
            raise ValidationError(codes)
        return text

    def _check_letters(self, value: str) -> None:
        allowed = "\n\t" if self.field.kind == "textarea" else ""
        if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in allowed for c in value):
            raise ValidationError("control_characters")

    def _nip(self, value: str) -> str:
        digits = nip.clean(value)
        if not nip.is_valid(digits):
            raise ValidationError("nip")
        return digits

    def _length(self, value: str) -> list[str]:
        limits = self.field.limits
        cap = TEXTAREA_LENGTH if self.field.kind == "textarea" else TEXTFIELD_LENGTH
        if len(value) < (limits.min_length or 0):
            return ["too_short"]
        return ["too_long"] if len(value) > min(limits.max_length or cap, cap) else []

    def _form(self, value: str) -> list[str]:
        limits, codes = self.field.limits, []
        if len(value) > TEXTAREA_LENGTH:
            return []
        if limits.pattern is not None and not limits.pattern.found_in(value):
            codes.append("pattern")
        if limits.validation == "email" and not _EMAIL.fullmatch(value):
            codes.append("email")
        if limits.validation == "phone" and not _PHONE.fullmatch(value):
            codes.append("phone")
        if self.field.shape == "person" and not _is_uuid(value):
            codes.append("person")
        return codes


class NumberValue(FormValue):
    """number: exact; whole ones come as int, others as Decimal."""

    def read(self, value: Any) -> Decimal | int:
        """The number within its limits."""
        try:
            number = read_number(value) if isinstance(value, str) else _json_number(value)
        except NumberTextRefused as error:
            raise ValidationError(error.code) from error
        limits = self.field.limits
        codes = []
        if limits.decimals is not None and decimal_places(number) > limits.decimals:
            codes.append("too_many_decimals" if limits.decimals else "not_whole")
        if limits.least is not None and number < limits.least:
            codes.append("too_small")
        if limits.most is not None and number > limits.most:
            codes.append("too_large")
        if codes:
            raise ValidationError(codes)
        return int(number) if limits.decimals == 0 else number


class CheckboxValue(FormValue):
    """checkbox: required means ticked."""

    empty = False

    def deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        """A box of which nobody speaks stays as it begins."""
        if value is missing and self.field.default is True:
            return True
        return super().deserialize(value)

    def read(self, value: Any) -> bool:
        """True or false."""
        if not isinstance(value, bool):
            raise ValidationError("not_boolean")
        if not value and self.field.limits.required:
            raise ValidationError("must_be_checked")
        return value


class ChoiceValue(FormValue):
    """select and radio: one of the choices."""

    def read(self, value: Any) -> str:
        """The chosen value."""
        known = {option.value for option in choices(self.field, self.scope())}
        if not isinstance(value, str) or value not in known:
            raise ValidationError("not_a_choice")
        return value


class ChecklistValue(FormValue):
    """checklist: some of the choices, each once, in the form's order."""

    empty = ()

    def read(self, value: Any) -> list[str]:
        """The chosen values."""
        if not isinstance(value, list) or len(value) > MAX_CHOSEN:
            raise ValidationError("not_a_choice")
        known = [option.value for option in choices(self.field, self.scope())]
        if not all(isinstance(one, str) and one in known for one in value):
            raise ValidationError("not_a_choice")
        return [one for one in known if one in value]


class DateTimeValue(FormValue):
    """datetime: ISO text, as temporal values travel; a date-time names its offset."""

    def read(self, value: Any) -> str:
        """The value as canonical ISO text."""
        code = f"bad_{self.field.shape}"
        if not isinstance(value, str) or not value.isascii():
            raise ValidationError(code)
        try:
            return _temporal(value, self.field.shape)
        except ValueError as error:
            raise ValidationError(code) from error


class FilesValue(FormValue):
    """filepicker: references to stored files, never their bytes."""

    empty = ()

    def read(self, value: Any) -> list[dict[str, Any]]:
        """The references: id, sha256, filename, media_type, size_bytes."""
        if not isinstance(value, list) or not all(_is_file(one) for one in value):
            raise ValidationError("not_files")
        if len(value) > (MAX_FILES if self.field.multiple else 1):
            raise ValidationError("too_many_files")
        endings = self.field.accept
        if endings and not all(one["filename"].lower().endswith(endings) for one in value):
            raise ValidationError("file_type")
        return [dict(one) for one in value]


def _json_number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise NumberTextRefused("not_a_number")
    return exact(value)


def _is_uuid(value: str) -> bool:
    try:
        return str(uuid.UUID(value)) == value
    except ValueError:
        return False


def _temporal(value: str, shape: str) -> str:
    if shape == "date":
        if len(value) != len("2026-01-31"):
            raise ValueError(value)
        return dt.date.fromisoformat(value).isoformat()
    if shape == "time":
        return dt.time.fromisoformat(value.replace(".", ":")).isoformat("minutes")
    moment = dt.datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment.isoformat()


def _is_file(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and set(one) == {"id", "sha256", "filename", "media_type", "size_bytes"}
        and isinstance(one["sha256"], str)
        and _SHA256.fullmatch(one["sha256"]) is not None
        and all(
            isinstance(one[name], str) and one[name] for name in ("id", "filename", "media_type")
        )
        and type(one["size_bytes"]) is int
        and one["size_bytes"] >= 0
    )


#: form-js type -> the field that reads it; groups and lists are in `compiled`
READERS: Final[dict[str, type[FormValue]]] = {
    "textfield": TextValue,
    "textarea": TextValue,
    "number": NumberValue,
    "checkbox": CheckboxValue,
    "select": ChoiceValue,
    "radio": ChoiceValue,
    "checklist": ChecklistValue,
    "datetime": DateTimeValue,
    "filepicker": FilesValue,
}

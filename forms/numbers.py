"""Numbers as people type them: comma or dot, with or without grouping; and back."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

#: "1.234.567", "1.234.567,5", "1.234,5"
_DOT_GROUPS = re.compile(r"-?\d{1,3}(\.\d{3}){2,}|-?\d{1,3}(\.\d{3})+,\d+")
#: "1,234,567", "1,234,567.5", "1,234.5"
_COMMA_GROUPS = re.compile(r"-?\d{1,3}(,\d{3}){2,}|-?\d{1,3}(,\d{3})+\.\d+")
_PLAIN = re.compile(r"-?\d+([.,]\d+)?")
#: "1.234": twelve hundred here, one and a bit there
_AMBIGUOUS = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")
_MAX_DIGITS = 34


class NumberTextRefused(ValueError):
    """The text is no number, or could be read as two; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_number(text: str) -> Decimal:
    """The number a person typed: "12,5", "12.5", "1.234,5", "1,234.5", "1 234".

    Raises:
        NumberTextRefused: "not_a_number", or "ambiguous_number" for "1.234", which is 1234 in
            Indonesian and a little over one in English; guessing would be a silent error.
    """
    bare = (
        text.strip().replace("\u00a0", "").replace(" ", "").removesuffix("%").replace("\u2212", "-")
    )
    if not bare.isascii():
        raise NumberTextRefused("not_a_number")
    if _AMBIGUOUS.fullmatch(bare):
        raise NumberTextRefused("ambiguous_number")
    if _DOT_GROUPS.fullmatch(bare):
        bare = bare.replace(".", "").replace(",", ".")
    elif _COMMA_GROUPS.fullmatch(bare):
        bare = bare.replace(",", "")
    elif _PLAIN.fullmatch(bare):
        bare = bare.replace(",", ".")
    else:
        raise NumberTextRefused("not_a_number")
    return exact(bare)


def exact(value: object) -> Decimal:
    """A JSON number or plain numeral as a finite Decimal of at most 34 digits."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise NumberTextRefused("not_a_number") from None
    if not number.is_finite() or len(number.as_tuple().digits) > _MAX_DIGITS:
        raise NumberTextRefused("not_a_number")
    if abs(number.adjusted()) > _MAX_DIGITS:
        raise NumberTextRefused("not_a_number")
    return number


def decimal_places(number: Decimal) -> int:
    """Digits after the decimal mark that carry a value; 0 for 12 and for 12.0."""
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def typed_text(number: object, locale: str) -> str:
    """A number as it stands in an input field: no grouping, comma in Indonesian."""
    plain = format(exact(number), "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.replace(".", ",") if locale == "id" else plain

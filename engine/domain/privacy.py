"""When a person's data may go, and what stands in its place (UU 27/2022; archives rules)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

#: Years after the last day of service in which disputes, audits and allowances may still ask who
#: somebody was. Taken for the retention of files of personnel; the agency's archives unit
#: confirms it (retensi arsip kepegawaian).
KEPT_YEARS: Final = 5

#: digits of a NIP
_DIGITS: Final = 18
#: no day of birth begins like this: a pseudonym is never the number of a living person
_PREFIX: Final = "99"
_ERASED: Final = "Dihapus"
_SHOWN: Final = 8


def erasable_from(left_on: date) -> date:
    """Promise: the first day on which somebody who left on that day may be erased."""
    year = left_on.year + KEPT_YEARS
    try:
        return left_on.replace(year=year)
    except ValueError:  # 29 February
        return left_on.replace(year=year, month=3, day=1)


def erased_name(person_id: str) -> str:
    """Promise: what stands in the place of a name; the same for the same person."""
    return f"{_ERASED} {person_id[-_SHOWN:]}"


def pseudonyms(person_id: str) -> Iterator[str]:
    """Promise: numbers of 18 digits that are nobody's NIP, one after the other; never ends."""
    tried = 0
    while True:
        digest = hashlib.sha256(f"{person_id}\x00{tried}".encode()).hexdigest()
        yield _PREFIX + str(int(digest, 16))[: _DIGITS - len(_PREFIX)]
        tried += 1

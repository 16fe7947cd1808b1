"""What the doctor says: a finding to mend, or a note to know."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that was looked at and found."""

    #: stable name for programs
    code: str
    #: what is the case; never a secret
    words: str
    #: what to do; "": nothing, it is a note
    remedy: str = ""

    @property
    def to_mend(self) -> bool:
        """Whether something is wrong."""
        return bool(self.remedy)

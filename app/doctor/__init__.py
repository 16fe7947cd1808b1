"""`regu doctor`: what an operator gets wrong, with what to do about it."""

from __future__ import annotations

from app.doctor.asking import examine
from app.doctor.remark import Remark

__all__ = ["Remark", "examine"]

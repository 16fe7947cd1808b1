"""The command that follows a new secret: `regu reseal`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from app.one_time_codes import OneTimeCodes
from app.secret_files import secrets_of
from app.wiring import wire
from engine.usecases.second_factors import reseal

if TYPE_CHECKING:
    import argparse

    from app.settings import Settings


def reseal_secrets(settings: Settings, _given: argparse.Namespace) -> int:
    """Seal the secrets of second factors with the newest key; 1 when no key opens some."""
    wired = wire(settings)
    try:
        done, lost = reseal(wired.house, OneTimeCodes(secrets_of(settings)))
    finally:
        wired.close()
    print(f"{done} sealed anew")
    if lost:
        hint = "name the file of the secret that sealed them in REGU_SECRET_FILE_OLD"
        print(f"{lost} that no known secret opens: {hint}", file=sys.stderr)
    return 1 if lost else 0

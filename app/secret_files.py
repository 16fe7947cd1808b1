"""The secrets that an installation signs and seals with: the newest, then earlier ones."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Final

from app.setting_refused import SettingRefused
from app.settings import secret

if TYPE_CHECKING:
    from pathlib import Path

    from app.settings import Settings

#: bytes of a file below which no secret can be meant
SECRET_FILE_BYTES_MIN: Final = 32
_OTHERS: Final = stat.S_IRWXO


def secrets_of(settings: Settings) -> tuple[bytes, ...]:
    """Newest first: only the first makes anything, all are understood.

    Over HTTPS `SettingRefused` for a file that everybody may read, or that is too short.
    """
    newest = secret(settings)
    found = [(settings.secret_file, "REGU_SECRET_FILE", newest)]
    found += [
        (path, "REGU_SECRET_FILE_OLD", _read(path)) for path in settings.sign_in.secret_files_old
    ]
    if settings.https:
        for path, name, value in found:
            _check(path, name, value)
    return tuple(value for _path, _name, value in found)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        wanted = "the file of an earlier secret"
        raise SettingRefused("REGU_SECRET_FILE_OLD", str(path), wanted) from error


def _check(path: Path, name: str, value: bytes) -> None:
    if path.stat().st_mode & _OTHERS:
        raise SettingRefused(name, str(path), "a file that only Regu's account may read (mode 600)")
    if len(value.strip()) < SECRET_FILE_BYTES_MIN or len(set(value)) < SECRET_FILE_BYTES_MIN // 4:
        raise SettingRefused(name, str(path), f"{SECRET_FILE_BYTES_MIN} random bytes or more")

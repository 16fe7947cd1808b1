"""Settings: read once from the environment, passed on as a value, never looked up again."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

SECRET_BYTES = 32

#: name of each setting, its default and what it does; the manual and `regu --help` print it
SETTINGS: tuple[tuple[str, str, str], ...] = (
    (
        "REGU_DATABASE_URL",
        "sqlite file in REGU_DATA_DIR",
        "SQLAlchemy address of the database: sqlite:///FILE or postgresql+psycopg://…",
    ),
    (
        "REGU_CLOCK",
        "real",
        "real: business time is real time; movable: PUT /v2/clock moves it forward (rehearsals)",
    ),
    (
        "REGU_CLOCK_START",
        "",
        "where a movable clock that was never moved begins: ISO 8601 with an offset",
    ),
    ("REGU_HOST", "127.0.0.1", "address that `regu serve` listens on"),
    ("REGU_PORT", "8000", "port that `regu serve` listens on"),
    ("REGU_DATA_DIR", "var", "folder of the embedded database, evidence files and the secret"),
    ("REGU_SECRET_FILE", "REGU_DATA_DIR/secret", "file of the signing secret, made at first use"),
    ("REGU_HTTPS", "0", "1: pages are reached over HTTPS, so cookies are Secure and HSTS is sent"),
    ("REGU_THREADS", "8", "request threads of `regu serve`"),
    (
        "REGU_PUBLIC_URL",
        "http://REGU_HOST:REGU_PORT",
        "where people reach the pages; letters link there",
    ),
    (
        "REGU_SMTP_URL",
        "",
        "smtp://HOST, smtp+starttls://USER:PASSWORD@HOST, smtps://…; none: files in outbox/",
    ),
    ("REGU_MAIL_FROM", "regu@localhost", "sender of letters"),
    (
        "REGU_KEEP_DAYS",
        "30",
        "days that sent letters, ended sessions, failed sign-ins and old messages are kept",
    ),
    ("REGU_LOG", "info", "debug, info, warning or error"),
)


class SettingRefused(Exception):
    """A setting has a value that Regu does not understand."""

    def __init__(self, name: str, value: str, wanted: str) -> None:
        super().__init__(f"{name}={value!r}: {wanted}")
        self.name = name
        self.value = value
        self.wanted = wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that differs between two installations."""

    #: SQLAlchemy address of the database
    database_url: str
    #: folder of the embedded database, evidence files and the secret
    data_dir: Path
    #: "real" or "movable" business time
    clock: Literal["real", "movable"] = "real"
    #: where a movable clock begins; None: at real time
    clock_start: datetime | None = None
    #: address to listen on
    host: str = "127.0.0.1"
    #: port to listen on
    port: int = 8000
    #: file of the signing secret
    secret_file: Path
    #: pages are reached over HTTPS
    https: bool = False
    #: request threads
    threads: int = 8
    #: where people reach the pages, without a slash at the end
    public_url: str = ""
    #: mail server; "": letters become files
    smtp_url: str = ""
    #: sender of letters
    mail_from: str = "regu@localhost"
    #: days that what has done its work is kept
    keep_days: int = 30
    #: log level
    log: str = "info"
    #: a copy for practice: every page says so; set by `regu training`, never by the environment
    training: bool = False


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; `SettingRefused` names the first that cannot be understood."""
    env = os.environ if environment is None else environment
    data_dir = Path(env.get("REGU_DATA_DIR", "var")).absolute()
    database_url = env.get("REGU_DATABASE_URL", "") or f"sqlite:///{data_dir / 'regu.db'}"
    host, port = env.get("REGU_HOST", "127.0.0.1"), _number(env, "REGU_PORT", 8000, 65_535)
    return Settings(
        database_url=database_url,
        data_dir=data_dir,
        clock=_clock(env.get("REGU_CLOCK", "real")),
        clock_start=_moment(env.get("REGU_CLOCK_START", "")),
        host=host,
        port=port,
        secret_file=Path(env.get("REGU_SECRET_FILE", "") or data_dir / "secret").absolute(),
        https=env.get("REGU_HTTPS", "0") == "1",
        threads=_number(env, "REGU_THREADS", 8, 256),
        public_url=_address(env.get("REGU_PUBLIC_URL", "") or f"http://{host}:{port}"),
        smtp_url=env.get("REGU_SMTP_URL", ""),
        mail_from=_sender(env.get("REGU_MAIL_FROM", "") or "regu@localhost"),
        keep_days=_number(env, "REGU_KEEP_DAYS", 30, 36_500),
        log=_level(env.get("REGU_LOG", "info")),
    )


def secret(settings: Settings) -> bytes:
    """The signing secret; made with mode 0600 when the file does not exist yet."""
    path = settings.secret_file
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # a twin was faster: its secret is ours
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        value = secrets.token_hex(SECRET_BYTES).encode()
        file.write(value)
    return value


def _clock(value: str) -> Literal["real", "movable"]:
    if value == "real":
        return "real"
    if value == "movable":
        return "movable"
    raise SettingRefused("REGU_CLOCK", value, "real or movable")


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    wanted = "ISO 8601 with an offset, such as 2026-01-02T08:00:00+07:00"
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise SettingRefused("REGU_CLOCK_START", text, wanted) from error
    if moment.tzinfo is None:
        raise SettingRefused("REGU_CLOCK_START", text, wanted)
    return moment.astimezone(UTC)


def _address(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise SettingRefused("REGU_PUBLIC_URL", url, "an address that begins with http(s)://")
    return url.rstrip("/")


def _sender(value: str) -> str:
    user, _, domain = value.rpartition("@")
    if not (user and domain and value.isascii() and value.isprintable()):
        raise SettingRefused("REGU_MAIL_FROM", value, "a mail address such as regu@agency.go.id")
    return value


def _level(value: str) -> str:
    if value not in {"debug", "info", "warning", "error"}:
        raise SettingRefused("REGU_LOG", value, "debug, info, warning or error")
    return value


def _number(env: Mapping[str, str], name: str, default: int, highest: int) -> int:
    text = env.get(name, str(default))
    if not text.isdecimal() or not 0 <= int(text) <= highest:
        raise SettingRefused(name, text, f"a number up to {highest}")
    return int(text)

"""Settings: read once from the environment, passed on as a value, never looked up again."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict

from app.setting_refused import SettingRefused
from app.settings_sign_in import SIGN_IN_SETTINGS, SignInSettings, sign_in_from

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "SECRET_BYTES",
    "SETTINGS",
    "SettingRefused",
    "Settings",
    "from_environment",
    "secret",
    "slot_name",
]

SECRET_BYTES = 32
_PORT_MAX = 65_535

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
    ("REGU_SIASN_URL", "", "base address of SIASN's web service; none: nothing is sent there"),
    ("REGU_SIASN_TOKEN_URL", "", "where SIASN's gateway gives its token"),
    ("REGU_SIASN_SSO_URL", "", "where ASN's single sign-on gives its token"),
    ("REGU_SIASN_HOSTS", "", "hosts of the three, HOST[:PORT] with commas; no other is asked"),
    (
        "REGU_SIASN_SECRET_FILE",
        "",
        "JSON file: consumer_key, consumer_secret, client_id, username, password",
    ),
    (
        "REGU_KEEP_DAYS",
        "30",
        "days that sent letters, ended sessions, failed sign-ins and old messages are kept",
    ),
    (
        "REGU_JOBS",
        "table on SQLite, dbos on PostgreSQL",
        "what carries background jobs: table (leases in the database) or dbos (DBOS Transact)",
    ),
    (
        "REGU_SLOT",
        "name of the machine, and a number",
        "name of this worker's slot; the same after a restart, another for each worker",
    ),
    ("REGU_JOBS_AT_ONCE", "4", "jobs that a worker runs at one time, with dbos on PostgreSQL"),
    ("REGU_STOP_SECONDS", "25", "how long requests and work at hand may take to end after SIGTERM"),
    (
        "REGU_CHECKPOINT_KEY_FILE",
        "REGU_DATA_DIR/checkpoint.key",
        "file of the key that signs checkpoints over the audit log, made at first use",
    ),
    (
        "REGU_PG_BIN",
        "PATH",
        "folder of pg_dump and pg_restore, as new as the PostgreSQL server or newer",
    ),
    (
        "REGU_METRICS_LISTEN",
        "",
        "127.0.0.1:PORT where `regu serve` and `regu worker` tell their figures; none: nowhere",
    ),
    (
        "REGU_METRICS_TOKEN_FILE",
        "",
        "file of the bearer token that opens /metrics, also past a proxy; 16 characters or more",
    ),
    ("REGU_LOG", "info", "debug, info, warning or error"),
    *SIGN_IN_SETTINGS,
)


class _Siasn(TypedDict):
    siasn_url: str
    siasn_token_url: str
    siasn_sso_url: str
    siasn_hosts: tuple[str, ...]
    siasn_secret_file: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that differs between two installations."""

    #: SQLAlchemy address of the database
    database_url: str = field(repr=False)
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
    smtp_url: str = field(default="", repr=False)
    #: sender of letters
    mail_from: str = "regu@localhost"
    #: base address of SIASN's web service; "": nothing is sent there
    siasn_url: str = ""
    #: where SIASN's gateway gives its token
    siasn_token_url: str = ""
    #: where ASN's single sign-on gives its token
    siasn_sso_url: str = ""
    #: hosts that may be asked
    siasn_hosts: tuple[str, ...] = ()
    #: file of its keys and words
    siasn_secret_file: Path | None = None
    #: days that what has done its work is kept
    keep_days: int = 30
    #: what carries background jobs; "": what suits the database
    jobs: Literal["table", "dbos", ""] = ""
    #: name of this worker's slot; "": the machine's, numbered
    slot: str = ""
    #: jobs that a worker runs at one time
    jobs_at_once: int = 4
    #: seconds that requests and work at hand may take to end
    stop_seconds: int = 25
    #: (address, port) of a door of their own for the figures of the process
    metrics_listen: tuple[str, int] | None = None
    #: file of the token that opens them
    metrics_token_file: Path | None = None
    #: key that signs checkpoints; "": beside the data
    checkpoint_key: Path | None = None
    #: folder of pg_dump and pg_restore; None: wherever PATH leads
    pg_bin: Path | None = None
    #: log level
    log: str = "info"
    #: a copy for practice: every page says so; set by `regu training`, never by the environment
    training: bool = False
    #: how people come in
    sign_in: SignInSettings = field(default_factory=SignInSettings)

    @property
    def checkpoint_key_file(self) -> Path:
        """File of the key that signs checkpoints."""
        return self.checkpoint_key or self.data_dir / "checkpoint.key"


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
        **_siasn(env),
        keep_days=_number(env, "REGU_KEEP_DAYS", 30, 36_500),
        jobs=_jobs(env.get("REGU_JOBS", "")),
        slot=slot_name(env.get("REGU_SLOT", "")),
        jobs_at_once=max(_number(env, "REGU_JOBS_AT_ONCE", 4, 64), 1),
        stop_seconds=_number(env, "REGU_STOP_SECONDS", 25, 3_600),
        metrics_listen=_metrics_listen(env),
        metrics_token_file=_file(env.get("REGU_METRICS_TOKEN_FILE", "")),
        checkpoint_key=_file(env.get("REGU_CHECKPOINT_KEY_FILE", "")),
        pg_bin=_file(env.get("REGU_PG_BIN", "")),
        log=_level(env.get("REGU_LOG", "info")),
        sign_in=sign_in_from(env),
    )


def _siasn(env: Mapping[str, str]) -> _Siasn:
    secret_file = env.get("REGU_SIASN_SECRET_FILE", "")
    hosts = env.get("REGU_SIASN_HOSTS", "").split(",")
    return {
        "siasn_url": env.get("REGU_SIASN_URL", ""),
        "siasn_token_url": env.get("REGU_SIASN_TOKEN_URL", ""),
        "siasn_sso_url": env.get("REGU_SIASN_SSO_URL", ""),
        "siasn_hosts": tuple(host.strip() for host in hosts if host.strip()),
        "siasn_secret_file": Path(secret_file).absolute() if secret_file else None,
    }


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


def _metrics_listen(env: Mapping[str, str]) -> tuple[str, int] | None:
    """Address and port; figures leave this machine only with a token."""
    name, value = "REGU_METRICS_LISTEN", env.get("REGU_METRICS_LISTEN", "")
    if not value:
        return None
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal() or int(port) > _PORT_MAX:
        raise SettingRefused(name, value, "ADDRESS:PORT, such as 127.0.0.1:9464")
    if host not in ("127.0.0.1", "[::1]", "localhost") and not env.get("REGU_METRICS_TOKEN_FILE"):
        raise SettingRefused(name, value, "an address of this machine, or a token file beside it")
    return host.strip("[]"), int(port)


def _file(value: str) -> Path | None:
    return Path(value).absolute() if value else None


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


def _jobs(value: str) -> Literal["table", "dbos", ""]:
    if value == "table":
        return "table"
    if value == "dbos":
        return "dbos"
    if not value:
        return ""
    raise SettingRefused("REGU_JOBS", value, "table or dbos")


def slot_name(value: str) -> str:
    """The name of a slot as it was given; `SettingRefused` when it can be none."""
    if value and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,62}", value):
        raise SettingRefused("REGU_SLOT", value, "up to 63 letters, digits and . _ @ -")
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

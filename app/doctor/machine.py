"""The machine: settings, files, disk, fonts, mail."""

from __future__ import annotations

import os
import shutil
import smtplib
import socket
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from app.doctor.remark import Remark
from app.mail import mail_server
from app.setting_refused import SettingRefused
from app.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.settings import Settings

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
#: "all addresses": to listen on, never to reach
_EVERY: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - told apart, not listened on
_SECRET_BYTES_MIN: Final = 32
_KINDS_OF_BYTES_MIN: Final = 8
_ROOM_MIN: Final = 1024**3
_MAIL_SECONDS: Final = 5.0
#: file systems on which locks and the shared memory of SQLite do not work between machines
_REMOTE: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "glusterfs"})
_FONTS: Final = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")


def unknown_names(env: Mapping[str, str]) -> Iterator[Remark]:
    """Names that look like settings and are none: a typing error leaves the default in force."""
    known = {name for name, _default, _meaning in SETTINGS}
    for name in sorted(set(env) - known):
        if name.startswith("REGU_") and not name.startswith(("REGU_TEST_", "REGU_REQUIRE_")):
            remedy = "mend its name, or take it away; `regu settings` lists all"
            yield Remark("unknown-setting", f"{name} is no setting of Regu", remedy)


def addresses(settings: Settings) -> Iterator[Remark]:
    """Whether HTTPS, the public address and the listening address fit together."""
    public = urlsplit(settings.public_url)
    far = public.hostname not in _LOOPBACK | _EVERY
    if public.scheme == "https" and not settings.https:
        words = "REGU_PUBLIC_URL is https and REGU_HTTPS is off: cookies travel unprotected"
        yield Remark("https-off", words, "set REGU_HTTPS=1")
    if public.scheme == "http" and settings.https:
        words = "REGU_HTTPS=1 and REGU_PUBLIC_URL is http: letters link to an address without TLS"
        yield Remark("public-url-http", words, "set REGU_PUBLIC_URL to the https address")
    if public.scheme == "http" and far:
        words = "people reach this over http: passwords can be read on the way"
        remedy = (
            "put a proxy with TLS in front (docs/deploy.md), then REGU_PUBLIC_URL and REGU_HTTPS"
        )
        yield Remark("no-tls", words, remedy)
    if settings.host not in _LOOPBACK and not far:
        words = f"it listens on {settings.host}, and letters link to {settings.public_url}"
        yield Remark("public-url-local", words, "set REGU_PUBLIC_URL to the address people use")
    if settings.https and not settings.sign_in.proxies:
        words = "no proxy is trusted, so all visitors past the proxy count as one address"
        remedy = "set REGU_PROXIES_TRUSTED to the proxy's address, such as 127.0.0.1"
        yield Remark("proxy-untrusted", words, remedy)
    if settings.clock == "movable" and far:
        words = "REGU_CLOCK=movable lets an administrator move business time"
        yield Remark("movable-clock", words, "take REGU_CLOCK away where real work is done")


def files(settings: Settings, env: Mapping[str, str]) -> Iterator[Remark]:
    """Whether secrets are secret and long, and the data folder is ours."""
    named = [name for name, _default, _meaning in SETTINGS if name.endswith("_FILE")]
    paths = {name: Path(env[name]).absolute() for name in named if env.get(name)}
    paths.setdefault("REGU_SECRET_FILE", settings.secret_file)
    for name, path in sorted(paths.items()):
        yield from _secret(name, path, signs=name == "REGU_SECRET_FILE")
    folder = settings.data_dir
    if not folder.is_dir():
        words = f"REGU_DATA_DIR {folder} is no folder"
        yield Remark("data-dir-missing", words, "make it, owned by Regu's account, mode 700")
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        words = f"this account may not write in REGU_DATA_DIR {folder}"
        yield Remark("data-dir-closed", words, "run this as Regu's account, or chown the folder")
    if folder.stat().st_mode & stat.S_IRWXO:
        words = f"everybody on this machine may look into REGU_DATA_DIR {folder}"
        yield Remark("data-dir-open", words, f"chmod o-rwx {folder}")
    if os.geteuid() == 0:
        words = "this runs as root; Regu needs no such rights"
        yield Remark("root", words, "run serve, worker and doctor as an account of their own")


def _secret(name: str, path: Path, *, signs: bool) -> Iterator[Remark]:
    try:
        value, mode = path.read_bytes(), path.stat().st_mode
    except FileNotFoundError:
        if not signs:
            yield Remark("secret-missing", f"{name}: {path} is not there", "write the file")
        return  # the signing secret is made at the first start
    except PermissionError:
        words = f"{name}: this account may not read {path}"
        yield Remark("secret-closed", words, "chown it to Regu's account, mode 600")
        return
    if mode & (stat.S_IRWXO | stat.S_IWGRP):
        words = f"{name}: others may read or change {path}"
        yield Remark("secret-open", words, f"chmod 600 {path}; then think of it as known: renew it")
    if signs and (len(value.strip()) < _SECRET_BYTES_MIN or len(set(value)) < _KINDS_OF_BYTES_MIN):
        words = f"{name}: the secret is too short or too simple"
        remedy = f"delete {path} and start again: a new one is made, visitors reload their forms"
        yield Remark("secret-weak", words, remedy)


def disk(settings: Settings) -> Iterator[Remark]:
    """Whether there is room, and for SQLite a disk of this machine."""
    place = settings.data_dir if settings.data_dir.exists() else Path("/")
    room = shutil.disk_usage(place)
    if room.free < max(_ROOM_MIN, room.total // 50):
        words = f"{room.free // 1024**2} MiB are free on the disk of REGU_DATA_DIR"
        remedy = "make room: without it nothing can be written, and nothing is lost"
        yield Remark("disk-room", words, remedy)
    if settings.database_url.startswith("sqlite") and _kind_of_disk(place) in _REMOTE:
        words = f"SQLite lies on a network disk ({_kind_of_disk(place)}): its locks do not hold"
        yield Remark("network-disk", words, "move it to a disk of this machine, or use PostgreSQL")


def _kind_of_disk(path: Path) -> str:
    """The file system that holds a path; "" where nobody can tell."""
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    mounts = [line.split()[1:3] for line in lines]
    over = [one for one in mounts if path.resolve().is_relative_to(one[0])]
    return max(over, key=lambda one: len(one[0]))[1] if over else ""


def papers() -> Iterator[Remark]:
    """Whether PDF can be made: Pango, and a font to write with."""
    try:
        import weasyprint  # noqa: F401, PLC0415 - importing it loads Pango
    except OSError:
        remedy = "Debian: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        yield Remark("pango", "papers cannot be made as PDF: Pango is missing", remedy)
    kinds = ("*.ttf", "*.otf", "*.ttc", "*.pfb")
    folders = [Path(one).expanduser() for one in _FONTS]
    if not any(True for folder in folders for kind in kinds for _ in folder.rglob(kind)):
        yield Remark(
            "fonts", "no font is installed: PDF would be empty", "apt install fonts-dejavu-core"
        )


def mail(settings: Settings) -> Iterator[Remark]:
    """Whether the mail server takes a connection; nothing is sent."""
    if not settings.smtp_url:
        words = "no mail server is set: letters become files in REGU_DATA_DIR/outbox"
        yield Remark("no-mail", words)
        return
    try:
        server = mail_server(settings.smtp_url)
        with socket.create_connection((server.host, server.port), _MAIL_SECONDS):
            pass
    except SettingRefused as refused:
        yield Remark("mail-setting", str(refused), "mend REGU_SMTP_URL")
    except (OSError, smtplib.SMTPException) as fault:
        words = f"the mail server {server.host}:{server.port} does not answer: {fault}"
        yield Remark("mail-server", words, "mend REGU_SMTP_URL or the way there; letters wait")

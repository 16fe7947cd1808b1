"""Letters leave: to a mail server, or into a folder when none is set."""

from __future__ import annotations

import hashlib
import os
import re
import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from app.settings import SettingRefused
from engine.usecases.ports.mail import LetterRefused

if TYPE_CHECKING:
    from pathlib import Path

    from app.settings import Settings
    from engine.usecases.ports.mail import Letter, Mailer

TIMEOUT_S = 10.0
#: SMTP answers from here on are for good (RFC 5321 section 4.2.1)
_PERMANENT = 500
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
#: what browsers take for an address (HTML, "valid e-mail address"): no quoting, no comments
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z\d-]+(\.[A-Za-z\d-]+)*", re.ASCII)
_WANTED = "smtp://HOST[:PORT], smtp+starttls://USER:PASSWORD@HOST or smtps://USER:PASSWORD@HOST"


class Scheme(StrEnum):
    """How the connection to a mail server is guarded."""

    PLAIN = "smtp"
    STARTTLS = "smtp+starttls"
    TLS = "smtps"


_PORTS = {Scheme.PLAIN: 25, Scheme.STARTTLS: 587, Scheme.TLS: 465}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where and how to reach a mail server."""

    scheme: Scheme
    host: str
    port: int
    user: str | None = None
    password: str | None = None


def mailer(settings: Settings) -> Mailer:
    """The mail server of the settings, else the folder `outbox` of the data folder."""
    if not settings.smtp_url:
        return Spool(settings.data_dir / "outbox", settings.mail_from)
    return Smtp(mail_server(settings.smtp_url), settings.mail_from)


def mail_server(url: str) -> MailServer:
    """Read REGU_SMTP_URL; `SettingRefused` says what is wanted, never the password."""
    parts = urlsplit(url)
    try:
        scheme, port = Scheme(parts.scheme), parts.port
    except ValueError as error:
        raise SettingRefused("REGU_SMTP_URL", parts.scheme, _WANTED) from error
    if not parts.hostname:
        raise SettingRefused("REGU_SMTP_URL", parts.scheme, _WANTED)
    if scheme is Scheme.PLAIN and parts.password and parts.hostname not in _LOOPBACK:
        raise SettingRefused("REGU_SMTP_URL", "smtp", "a password needs smtp+starttls or smtps")
    return MailServer(
        scheme=scheme,
        host=parts.hostname,
        port=port or _PORTS[scheme],
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


class Smtp:
    """`Mailer` over SMTP: one connection for each letter, never longer than some seconds."""

    def __init__(self, server: MailServer, sender: str) -> None:
        self._server = server
        self._sender = sender

    def send(self, letter: Letter) -> None:
        """Hand over the letter; `LetterRefused` for a 5xx answer about it, else `OSError`."""
        message = written(letter, self._sender)
        try:
            with self._connection() as connection:
                connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as refusal:
            code, answer = next(iter(refusal.recipients.values()))
            self._refused(letter, code, answer, refusal)
        except smtplib.SMTPDataError as refusal:
            self._refused(letter, refusal.smtp_code, refusal.smtp_error, refusal)

    def _refused(
        self, letter: Letter, code: int, answer: bytes | str, refusal: smtplib.SMTPException
    ) -> None:
        told = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
        if code >= _PERMANENT:
            raise LetterRefused(letter.address, f"{code} {told}") from refusal
        raise OSError(f"{code} {told}") from refusal

    def _connection(self) -> smtplib.SMTP:
        server = self._server
        connection: smtplib.SMTP
        if server.scheme is Scheme.TLS:
            connection = smtplib.SMTP_SSL(
                server.host, server.port, timeout=TIMEOUT_S, context=ssl.create_default_context()
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
        try:
            if server.scheme is Scheme.STARTTLS:
                connection.starttls(context=ssl.create_default_context())
            if server.user is not None:
                connection.login(server.user, server.password or "")
        except BaseException:
            connection.close()
            raise
        return connection


class Spool:
    """`Mailer` into a folder: one .eml file per key, whole or not at all."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    def send(self, letter: Letter) -> None:
        """Write the letter; the same key again writes the same file."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = _mark(letter)
        fresh = self._folder / f".{name}.{os.getpid()}"
        fresh.write_bytes(written(letter, self._sender).as_bytes())
        fresh.replace(self._folder / f"{name}.eml")


def written(letter: Letter, sender: str) -> EmailMessage:
    """The letter as a message of RFC 5322; its Message-ID comes from its key.

    `LetterRefused` when the address is none.
    """
    if _ADDRESS.fullmatch(letter.address) is None:
        raise LetterRefused(letter.address, "no mail address")
    message = EmailMessage()
    message["To"] = Address(" ".join(letter.name.split()), addr_spec=letter.address)
    message["From"] = sender
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{_mark(letter)}@{sender.rpartition('@')[2].strip('<> ')}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "id"
    message.set_content(letter.text)
    return message


def _mark(letter: Letter) -> str:
    return hashlib.sha256(letter.key.encode()).hexdigest()[:32]

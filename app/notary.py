"""Signs checkpoints with Ed25519 and publishes them in a file that is only appended to.

Formats are those of C2SP signed notes (c2sp.org/signed-note): the key file holds one line
`PRIVATE+KEY+<name>+<id>+<base64>`, the public key is `<name>+<id>+<base64>`.
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import hashlib
import json
import os
import re
import secrets
from typing import TYPE_CHECKING, Final, NamedTuple, Self
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.settings import SettingRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from app.settings import Settings

#: notes, one JSON line each, in the folder of what is published
FILE_NAME: Final = "checkpoints.jsonl"
KEY_NAME: Final = "key.pub"
_ED25519: Final = b"\x01"
_SIGNATURE: Final = "\u2014 "
_PRIVATE: Final = "PRIVATE+KEY+"
_ID_BYTES: Final = 4
#: bytes at the end of the file in which its last line begins
_TAIL: Final = 8192


class KeyRefused(ValueError):
    """This is no key of a log."""


class VerifierKey(NamedTuple):
    """A public key with the name of its log."""

    name: str
    id: bytes
    key: Ed25519PublicKey

    @classmethod
    def read(cls, line: str) -> Self:
        """From `<name>+<id>+<base64>`; `KeyRefused`."""
        name, _, rest = line.strip().partition("+")
        number, _, coded = rest.partition("+")
        raw = _decoded(coded)
        if not name or raw[:1] != _ED25519 or _key_id(name, raw).hex() != number:
            raise KeyRefused("a public key is a line <name>+<id>+<base64>")
        return cls(name, _key_id(name, raw), Ed25519PublicKey.from_public_bytes(raw[1:]))

    def line(self) -> str:
        """As it is published."""
        raw = _ED25519 + self.key.public_bytes_raw()
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(raw).decode()}"

    def opens(self, note: str) -> str | None:
        """The text of the note when this key signed it."""
        text, gap, signatures = note.rpartition("\n\n")
        if not gap:
            return None
        for line in signatures.splitlines():
            name, _, coded = line.removeprefix(_SIGNATURE).partition(" ")
            raw = _maybe_decoded(coded)
            if not line.startswith(_SIGNATURE) or name != self.name or raw[:_ID_BYTES] != self.id:
                continue
            try:
                self.key.verify(raw[_ID_BYTES:], (text + "\n").encode())
            except InvalidSignature:
                continue
            return text + "\n"
        return None


class FileNotary:
    """`Notary` with a key file and a folder; both are made at first use."""

    def __init__(self, key_file: Path, folder: Path, address: str) -> None:
        """`address`: where people reach Regu; a new key is named after it."""
        self._key_file = key_file
        self._folder = folder
        self._address = address
        self._made: tuple[Ed25519PrivateKey, VerifierKey] | None = None

    @property
    def origin(self) -> str:
        """Name of the log; it stays what it was when the key was made."""
        return self._keys()[1].name

    @property
    def key(self) -> str:
        """The public key as a line."""
        return self._keys()[1].line()

    def signed(self, text: str) -> str:
        """The text as a signed note."""
        private, public = self._keys()
        coded = base64.b64encode(public.id + private.sign(text.encode())).decode()
        return f"{text}\n{_SIGNATURE}{public.name} {coded}\n"

    def opened(self, note: str) -> str | None:
        """The text of a note that this log's key signed, or one that it was published with."""
        for key in (self._keys()[1], *self._earlier()):
            text = key.opens(note)
            if text is not None:
                return text
        return None

    def published(self) -> Iterator[str]:
        """Notes published from this machine; a line cut short by a crash is left out."""
        try:
            with (self._folder / FILE_NAME).open(encoding="utf-8", errors="replace") as file:
                for line in file:
                    if line.endswith("\n"):
                        yield _note_of(line)
        except FileNotFoundError:
            return

    def last_published(self) -> str | None:
        """The last of them, read from the end of the file."""
        try:
            with (self._folder / FILE_NAME).open("rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
                whole = [line for line in file.read().split(b"\n")[:-1] if line]
        except FileNotFoundError:
            return None
        return _note_of(whole[-1].decode(errors="replace")) if whole else None

    def publish(self, notes: Sequence[str]) -> None:
        """Append notes, whole lines at once, and see them on the disk."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if self.key not in {one.line() for one in self._earlier()}:
            with (self._folder / KEY_NAME).open("a", encoding="utf-8") as file:
                file.write(self.key + "\n")
        lines = "".join(json.dumps({"note": note}) + "\n" for note in notes).encode()
        handle = os.open(self._folder / FILE_NAME, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            _cut_torn(handle)
            os.write(handle, lines)
            os.fsync(handle)
        finally:
            os.close(handle)

    def _earlier(self) -> list[VerifierKey]:
        """Keys that were published here: after a restore without the key file, or a new key."""
        try:
            lines = (self._folder / KEY_NAME).read_text(encoding="utf-8").split()
        except FileNotFoundError:
            return []
        return [VerifierKey.read(line) for line in lines]

    def _keys(self) -> tuple[Ed25519PrivateKey, VerifierKey]:
        if self._made is None:
            self._made = _read_key(_kept_line(self._key_file, self._address))
        return self._made


def notes_of(path: Path) -> list[str]:
    """Notes in a file that somebody kept: one note, or lines as they are published."""
    text = path.read_text(encoding="utf-8")
    if text.startswith("{"):
        return [_note_of(line) for line in text.splitlines()]
    return [text]


def notary(settings: Settings) -> FileNotary:
    """The notary of an installation."""
    key_file = settings.checkpoint_key_file
    return FileNotary(key_file, settings.data_dir / "checkpoints", settings.public_url)


def _cut_torn(handle: int) -> None:
    """Take away a last line that a crash cut short: it was never whole, so nobody has it."""
    end = os.lseek(handle, 0, os.SEEK_END)
    tail = os.pread(handle, _TAIL, max(0, end - _TAIL))
    if tail and not tail.endswith(b"\n"):
        os.ftruncate(handle, end - len(tail) + tail.rfind(b"\n") + 1)


def _note_of(line: str) -> str:
    """The note in a line; the line itself, which is no checkpoint, when it was damaged."""
    try:
        return str(json.loads(line)["note"])
    except (ValueError, KeyError, TypeError):
        return line


def _kept_line(path: Path, address: str) -> str:
    """The line of the key file; made with mode 0600 when there is none yet."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    line = _new_line(address)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(line + "\n")
    try:
        os.link(fresh, path)  # whole, or not at all
    except FileExistsError:  # a twin was faster: its key is ours
        line = path.read_text(encoding="utf-8")
    finally:
        fresh.unlink()
    return line


def _new_line(address: str) -> str:
    host = re.sub(r"[^A-Za-z0-9.:-]", "-", urlsplit(address).netloc.rpartition("@")[2])
    name = f"{host or 'regu'}/audit/{secrets.token_hex(4)}"
    private = Ed25519PrivateKey.generate()
    number = _key_id(name, _ED25519 + private.public_key().public_bytes_raw()).hex()
    coded = base64.b64encode(_ED25519 + private.private_bytes_raw()).decode()
    return f"{_PRIVATE}{name}+{number}+{coded}"


def _read_key(line: str) -> tuple[Ed25519PrivateKey, VerifierKey]:
    name, _, rest = line.strip().removeprefix(_PRIVATE).partition("+")
    raw = _maybe_decoded(rest.partition("+")[2])
    if not line.startswith(_PRIVATE) or raw[:1] != _ED25519 or len(raw) != 33:  # noqa: PLR2004
        raise SettingRefused("REGU_CHECKPOINT_KEY_FILE", "its content", "a key that Regu made")
    private = Ed25519PrivateKey.from_private_bytes(raw[1:])
    public = private.public_key()
    number = _key_id(name, _ED25519 + public.public_bytes_raw())
    return private, VerifierKey(name, number, public)


def _key_id(name: str, key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + key).digest()[:_ID_BYTES]


def _decoded(coded: str) -> bytes:
    raw = _maybe_decoded(coded)
    if len(raw) != 33:  # noqa: PLR2004 - the kind of key and its 32 bytes
        raise KeyRefused("a public key is a line <name>+<id>+<base64>")
    return raw


def _maybe_decoded(coded: str) -> bytes:
    try:
        return base64.b64decode(coded, validate=True)
    except (binascii.Error, ValueError):
        return b""

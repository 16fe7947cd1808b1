"""Sealing what must be read again, such as the secret of an authenticator (AES-256-GCM)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if TYPE_CHECKING:
    from collections.abc import Sequence

_KEY_BYTES: Final = 32
_ID_BYTES: Final = 6
_NONCE_BYTES: Final = 12


class Seals:
    """Keys derived from the secrets of an installation: the first seals, all unseal."""

    def __init__(self, secrets_newest_first: Sequence[bytes], purpose: str) -> None:
        self._keys: dict[str, AESGCM] = {}
        for secret in secrets_newest_first:
            key = _derived(secret, f"regu {purpose} key", _KEY_BYTES)
            key_id = _derived(secret, f"regu {purpose} id", _ID_BYTES).hex()
            self._keys.setdefault(key_id, AESGCM(key))
        self._newest = next(iter(self._keys))

    def seal(self, text: str, about: str) -> tuple[str, bytes]:
        """Key id and sealed text; `about` must be the same when it is unsealed."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._keys[self._newest].encrypt(nonce, text.encode(), about.encode())
        return self._newest, nonce + sealed

    def unseal(self, key_id: str, sealed: bytes, about: str) -> str | None:
        """The text; None when its key is not known or it was tampered with."""
        key = self._keys.get(key_id)
        if key is None:
            return None
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return key.decrypt(nonce, rest, about.encode()).decode()
        except (InvalidTag, ValueError):
            return None


def _derived(secret: bytes, info: str, length: int) -> bytes:
    made = HKDF(algorithm=hashes.SHA256(), length=length, salt=None, info=info.encode())
    return made.derive(secret)

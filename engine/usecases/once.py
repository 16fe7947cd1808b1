"""Idempotency and bounded repetition: a command happens once, whoever asks how often."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from engine.usecases.errors import Conflict, StaleWrite

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House, UnitOfWork

P = ParamSpec("P")
R = TypeVar("R")

#: how often a command is tried when another transaction was faster
ATTEMPTS_MAX = 4

#: the longest idempotency key that is taken
KEY_CHARACTERS_MAX = 200


def repeated(command: Callable[P, R]) -> Callable[P, R]:
    """Try a whole command again when another transaction was faster; nothing was answered yet."""

    @wraps(command)
    def attempt(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(ATTEMPTS_MAX - 1):
            try:
                return command(*args, **kwargs)
            except StaleWrite:
                continue
        return command(*args, **kwargs)

    return attempt


def recall(
    uow: UnitOfWork, actor: Actor, key: str | None, body: object
) -> Mapping[str, Json] | None:
    """The answer already given to this principal under this key; `KeyReused` for another body."""
    if key is None:
        return None
    return uow.idempotency.recall(actor.name, key, body_hash(body))


def remember(
    uow: UnitOfWork,
    house: House,
    actor: Actor,
    key: str | None,
    body: object,
    answer: Mapping[str, Json],
) -> None:
    """Keep the answer with the effect; a twin that was faster makes the command try again."""
    if key is None:
        return
    try:
        uow.idempotency.remember(actor.name, key, body_hash(body), answer, house.clock.real_now())
    except StaleWrite:
        raise
    except Conflict as twin:
        raise StaleWrite("the same request is being answered", key=key) from twin


def body_hash(body: object) -> str:
    """SHA-256 over the canonical JSON of a command, its idempotency key left out."""
    text = json.dumps(_plain(body), sort_keys=True, separators=(",", ":"), default=_leaf)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(body: object) -> object:
    if is_dataclass(body) and not isinstance(body, type):
        found = {
            field.name: _plain(getattr(body, field.name))
            for field in fields(body)
            if field.name != "idempotency_key"
        }
        return {"": type(body).__name__, **found}
    if isinstance(body, tuple | list):
        return [_plain(item) for item in body]
    return body


def _leaf(value: object) -> str:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)

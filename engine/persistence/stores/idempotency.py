"""Answers already given: a key is claimed when its command begins and answered when it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.persistence.stores.transaction import Store, Transaction
from engine.persistence.tables.work import idempotency
from engine.usecases.errors import Conflict, KeyReused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from engine.usecases.ports.process import Json

_C = idempotency.c
_OF_KEY = (_C.principal == sa.bindparam("of_principal"), _C.key == sa.bindparam("of_key"))
_CLAIM = {
    True: postgresql.insert(idempotency).on_conflict_do_nothing().returning(_C.key),
    False: sqlite.insert(idempotency).on_conflict_do_nothing().returning(_C.key),
}
_RECALL = sa.select(_C.body_hash, _C.answer).where(*_OF_KEY)
_ANSWER = (
    idempotency.update()
    .where(*_OF_KEY, _C.answer.is_(None))
    .values(answer=sa.bindparam("new_answer"), at=sa.bindparam("new_at"))
    .returning(_C.key)
)


class SqlIdempotencyStore(Store):
    """`IdempotencyStore` on SQL; a twin waits at the claim until the first one has committed."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._claimed: set[tuple[str, str]] = set()

    def recall(self, principal: str, key: str, body_hash: str) -> Mapping[str, Json] | None:
        """The stored answer; `KeyReused` when the key came with another body.

        A unit that writes claims a new key: until its end no other unit gets past this point
        with the same key, and when it rolls back the claim goes with it.
        """
        if self._tx.writes and self._claim(principal, key, body_hash):
            return None
        found = self._tx.execute(_RECALL, {"of_principal": principal, "of_key": key}).first()
        if found is None:
            return None
        if found.body_hash != body_hash:
            raise KeyReused(key)
        answer: Mapping[str, Json] | None = found.answer
        return answer

    def remember(
        self, principal: str, key: str, body_hash: str, answer: Mapping[str, Json], at: datetime
    ) -> None:
        """Store the answer in the transaction of the effect; `Conflict` if a twin was faster."""
        if (principal, key) not in self._claimed:
            self._claim(principal, key, body_hash)
        values = {
            "of_principal": principal,
            "of_key": key,
            "new_answer": dict(answer),
            "new_at": at,
        }
        if self._tx.execute(_ANSWER, values).first() is None:
            raise Conflict("the same request was answered meanwhile", key=key)

    def _claim(self, principal: str, key: str, body_hash: str) -> bool:
        row = {"principal": principal, "key": key, "body_hash": body_hash}
        if self._tx.execute(_CLAIM[self._tx.is_postgresql], row).first() is None:
            return False
        self._claimed.add((principal, key))
        return True

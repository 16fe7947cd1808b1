"""Nobody decides about his own act (crediting.md 0.8): barred people and the next superior."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.errors import NobodyFound
from engine.domain.organisation import Official

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An earlier act that bars: attested, co-signed, rated, calibrated, allocated."""

    #: who acted
    actor_id: str
    #: whom he stood in for
    on_behalf_of: str | None = None


def barred(
    parties: Iterable[str], acts: Iterable[Act], subordinates: Iterable[str] = ()
) -> frozenset[str]:
    """Promise: everyone who may not decide.

    The parties, whoever acted, whomever he acted for, and people who are rated by a party.
    """
    found = {*parties, *subordinates}
    for act in acts:
        found.add(act.actor_id)
        if act.on_behalf_of is not None:
            found.add(act.on_behalf_of)
    return frozenset(found)


def next_impartial(
    chain: Sequence[Official],
    barred_ids: frozenset[str],
    substitutes: Mapping[str, str] | None = None,
) -> Official | None:
    """Promise: the first in the chain who is not barred, by his substitute when he is away.

    A barred official's substitute does not decide in his name; a barred substitute is passed over
    together with the absent official: the matter goes up, never sideways.
    """
    away = substitutes or {}
    for official in chain:
        if official.person_id in barred_ids or official.on_behalf_of in barred_ids:
            continue
        stand_in = away.get(official.person_id)
        if stand_in is None:
            return official
        if stand_in not in barred_ids and stand_in != official.person_id:
            return Official(person_id=stand_in, on_behalf_of=official.person_id)
    return None


def require_impartial(
    act: str,
    subject: str,
    chain: Sequence[Official],
    barred_ids: frozenset[str],
    substitutes: Mapping[str, str] | None = None,
) -> Official:
    """Promise: as `next_impartial`. Raises NobodyFound when the chain is exhausted."""
    found = next_impartial(chain, barred_ids, substitutes)
    if found is None:
        raise NobodyFound(act, subject)
    return found

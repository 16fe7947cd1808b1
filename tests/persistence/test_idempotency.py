from __future__ import annotations

import threading
from decimal import Decimal

import pytest

from engine.usecases.errors import Conflict, KeyReused
from tests.persistence.building import NOON, with_instances

ANSWER = {"taskKey": "1", "share": Decimal("0.10")}


def test_an_answer_is_kept_with_its_effect_and_given_again(units):
    with units.writing() as uow:
        assert uow.idempotency.recall("p1", "k", "h") is None
        uow.idempotency.remember("p1", "k", "h", ANSWER, NOON)
    with units.writing() as uow:
        assert uow.idempotency.recall("p1", "k", "h") is None
        uow.idempotency.remember("p1", "k", "h", ANSWER, NOON)
        uow.commit()
    with units.writing() as uow:
        assert uow.idempotency.recall("p1", "k", "h") == ANSWER
        assert uow.idempotency.recall("p2", "k", "h") is None
        with pytest.raises(Conflict):
            uow.idempotency.remember("p1", "k", "h", ANSWER, NOON)
    with units.reading() as uow:
        assert uow.idempotency.recall("p1", "k", "h") == ANSWER


def test_a_key_with_another_body_is_refused(units):
    with units.writing() as uow:
        uow.idempotency.remember("p1", "k", "h", {}, NOON)
        uow.commit()
    with units.writing() as uow, pytest.raises(KeyReused):
        uow.idempotency.recall("p1", "k", "other")


def test_a_twin_waits_and_then_gets_the_answer_of_the_first(units):
    with_instances(units, 1)
    inside, answers = threading.Event(), []

    def twin():
        inside.wait(10)
        with units.writing() as uow:
            answers.append(uow.idempotency.recall("p1", "k", "h"))

    second = threading.Thread(target=twin)
    second.start()
    with units.writing() as uow:
        assert uow.idempotency.recall("p1", "k", "h") is None
        inside.set()
        second.join(0.2)
        assert answers == []
        uow.idempotency.remember("p1", "k", "h", ANSWER, NOON)
        uow.commit()
    second.join(10)
    assert answers == [ANSWER]

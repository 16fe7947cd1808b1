"""The log over all audit streams: what its checkpoints cover cannot be changed unseen."""

from __future__ import annotations

import base64
import itertools
import json
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from app.notary import FileNotary, VerifierKey
from engine.domain.merkle import consistent, included, leaf_hash
from engine.jobs import checkpoints as job
from engine.persistence.audit_chain import entry_hash
from engine.persistence.tables.checkpoints import APPEND_ONLY
from engine.persistence.tables.work import audit
from engine.persistence.triggers import append_only, not_append_only
from engine.usecases import checkpoints
from engine.usecases.checkpoints import LogForked, consistency, extend, inclusion, publish
from engine.usecases.errors import AccessRefused, NotFound
from engine.usecases.ports import checkpoints as port
from tests.persistence.building import NOON, act
from tests.usecases.acting import person

AUDITOR = person("p9", "auditor")


def house_of(units, folder):
    notary = FileNotary(folder / "checkpoint.key", folder / "checkpoints", "https://regu.test")
    return SimpleNamespace(
        reading=units.reading, writing=units.writing, clock=units.clock, notary=notary
    )


@pytest.fixture
def house(units, tmp_path):
    return house_of(units, tmp_path)


def say(house, *streams, ago=timedelta()):
    with house.writing() as uow:
        for stream in streams:
            uow.audit.append(replace(act(stream), at=NOON - ago))
        uow.commit()


@pytest.fixture
def logged(house):
    """Three checkpoints of 4, 6 and 7 entries over two streams, published; one entry beyond."""
    for streams in (("account", "agency:a") * 2, ("account",) * 2, ("agency:a",)):
        say(house, *streams)
        extend(house)
    publish(house)
    say(house, "account")
    return house


def faults(house):
    with house.reading() as uow:
        return [*uow.audit.verify(), *checkpoints.faults(uow, house.notary)]


def forge(house, *changes, tables=("audit", *APPEND_ONLY)):
    """Change what the triggers protect, as somebody with the database's password could."""
    with house.writing() as uow:
        dialect = uow.connection.dialect.name
        for table in tables:
            for statement in not_append_only(table, dialect):
                uow.connection.execute(sa.text(statement))
        for change in changes:
            change(uow.connection) if callable(change) else uow.connection.execute(sa.text(change))
        for table in tables:
            for statement in append_only(table, dialect):
                uow.connection.execute(sa.text(statement))
        uow.commit()


def rechain(stream, **change):
    """Write a stream anew from its second entry: every hash fits again, and so does its head."""

    def anew(connection):
        one = audit.c
        mine = sa.select(audit).where(one.stream == stream).order_by(one.seq)
        before = b""
        for row in connection.execute(mine).mappings().all():
            new = {**row, **(change if row["seq"] == 2 else {}), "prev_hash": before}
            before = new["hash"] = entry_hash(new)
            place = (one.stream == stream) & (one.seq == row["seq"])
            connection.execute(audit.update().where(place).values(new))
        connection.execute(
            sa.text("UPDATE audit_head SET hash = :hash WHERE stream = :stream"),
            {"hash": before, "stream": stream},
        )

    return anew


def cut(stream, seq):
    """Take the last entries of a stream away and wind its head back."""

    def shorter(connection):
        where = {"stream": stream, "seq": seq}
        connection.execute(
            sa.text("DELETE FROM audit WHERE stream = :stream AND seq > :seq"), where
        )
        connection.execute(
            sa.text(
                "UPDATE audit_head SET seq = :seq, hash = (SELECT hash FROM audit"
                " WHERE stream = :stream AND seq = :seq) WHERE stream = :stream"
            ),
            where,
        )

    return shorter


def test_everything_is_logged_once_in_batches_and_the_proof_holds(logged):
    assert faults(logged) == []
    with logged.reading() as uow:
        made = uow.checkpoints.checkpoints(0, 10)
        assert [one.size for one in made] == [4, 6, 7]
        assert uow.checkpoints.unlogged_extent()[0] == 1
    assert extend(logged) == 1
    assert extend(logged) == 0
    assert [note.split("\n")[1] for note in logged.notary.published()] == ["4", "6", "7"]
    assert publish(logged) == 1
    assert publish(logged) == 0


def test_a_checkpoint_is_a_note_that_the_published_key_opens(logged):
    with logged.reading() as uow:
        note = uow.checkpoints.last().note
    origin, size, root, empty, signature, end = note.split("\n")
    assert (size, empty, end) == ("7", "", "")
    assert origin.startswith("regu.test/audit/")
    assert len(base64.b64decode(root)) == 32
    assert signature.startswith(f"\u2014 {origin} ")
    key = VerifierKey.read(logged.notary.key)
    assert key.opens(note) == f"{origin}\n7\n{root}\n"
    assert key.opens(note.replace("\n7\n", "\n8\n")) is None
    assert key.opens("nothing") is None
    folder = logged.notary._key_file.parent
    assert (folder / "checkpoint.key").stat().st_mode & 0o777 == 0o600
    assert (folder / "checkpoints" / "key.pub").read_text() == logged.notary.key + "\n"


@pytest.mark.parametrize(
    ("forgery", "found"),
    [
        ("UPDATE audit SET actor = 'x' WHERE stream = 'account' AND seq = 2",
         "account #2: its content was changed"),
        (rechain("account", actor="x"),
         "account #2: it is not the entry that the log holds at"),
        (cut("account", 3),
         "account #4: it is gone, and the log holds it at"),
        ("UPDATE audit SET stream = 'agency:a' WHERE seq = 4 AND stream = 'account'",
         "account #4: it is gone, and the log holds it at"),
        ("UPDATE audit_leaf SET seq = 9 WHERE log_index = 1",
         "it is gone, and the log holds it at 1"),
        ("DELETE FROM audit_leaf WHERE log_index = 2",
         "log: no entry stands at 2"),
        ("DELETE FROM audit_leaf WHERE log_index = 6",
         "checkpoint of 7 entries: the log holds 6 only"),
        ("UPDATE audit_checkpoint SET note = replace(note, 'audit', 'Audit') WHERE size = 6",
         "checkpoint of 6 entries: no known key signed it"),
        ("UPDATE audit_checkpoint SET note = 'x' WHERE size = 6",
         "checkpoint: it cannot be read: not a checkpoint"),
    ],
)  # fmt: skip
def test_each_kind_of_forgery_is_found_and_named(logged, forgery, found):
    forge(logged, forgery)
    assert any(found in fault for fault in faults(logged)), faults(logged)


def test_who_holds_the_database_and_the_key_is_still_given_away_by_what_was_published(logged):
    """Everything is written anew and signed again; the published checkpoints do not fit it."""
    forge(
        logged,
        rechain("account", actor="x"),
        *(f"DELETE FROM {table}" for table in APPEND_ONLY),  # noqa: S608 - names of ours
    )
    silent, published = [], logged.notary.published
    logged.notary.published = lambda: iter(silent)
    logged.notary.last_published = lambda: None
    extend(logged)
    assert faults(logged) == []  # nobody outside: nothing to tell
    logged.notary.published = published
    assert [fault.split(":")[0] for fault in faults(logged)] == [
        f"published checkpoint of {size} entries" for size in (4, 6, 7)
    ]


def test_nothing_is_signed_on_top_of_what_was_cut_or_changed(logged):
    with pytest.raises(AccessRefused):
        inclusion(logged, person("p8", "hr"), "account", 1)
    forge(logged, "DELETE FROM audit_checkpoint WHERE size = 7",
          "DELETE FROM audit_leaf WHERE log_index = 6")  # fmt: skip
    with pytest.raises(LogForked, match="7 entries was published"):
        extend(logged)
    forge(logged, "UPDATE audit_checkpoint SET root ="
                  " (SELECT root FROM audit_checkpoint WHERE size = 4) WHERE size = 6")  # fmt: skip
    with pytest.raises(LogForked, match="6 entries was changed"):
        extend(logged)


def test_a_line_that_a_crash_cut_short_is_mended_and_a_damaged_one_is_named(logged):
    file = logged.notary._folder / "checkpoints.jsonl"
    whole = file.read_bytes()
    file.write_bytes(whole[:-20])
    assert publish(logged) == 1
    assert file.read_bytes() == whole
    file.write_bytes(whole.replace(b'"note"', b'"nose"', 1))
    assert "published checkpoint: it cannot be read: not a checkpoint" in faults(logged)


def test_proofs_lead_from_an_entry_to_a_checkpoint_and_from_one_to_the_next(house, monkeypatch):
    for module in (port, checkpoints):
        monkeypatch.setattr(module, "BLOCK", 4)
    import engine.persistence.stores.checkpoints as store  # noqa: PLC0415 - to make its blocks small

    monkeypatch.setattr(store, "BLOCK", 4)
    for size in (3, 1, 7, 13, 2, 8):
        say(house, *("account",) * size)
        extend(house)
    with house.reading() as uow:
        made = uow.checkpoints.checkpoints(0, 10)
        assert len(uow.checkpoints.block_roots(0, 100)) == 34 // 4
    for seq in range(1, 35):
        found = inclusion(house, AUDITOR, "account", seq)
        place = (found.leaf_hash, found.leaf.log_index, found.checkpoint.size)
        assert included(*place, found.path, found.checkpoint.root)
        assert found.leaf_hash == leaf_hash(found.leaf.hash)
    for first, second in itertools.combinations(made, 2):
        path = consistency(house, AUDITOR, second.size, first.size).path
        assert consistent((first.size, first.root), (second.size, second.root), path)
    with pytest.raises(NotFound):
        inclusion(house, AUDITOR, "account", 35)
    with pytest.raises(NotFound):
        consistency(house, AUDITOR, 3, 5)


def test_who_commits_late_with_an_earlier_hour_is_logged_all_the_same(logged):
    """Nothing is skipped by a mark: an entry of before the last one logged is found."""
    extend(logged)
    say(logged, "late", ago=timedelta(minutes=9))
    assert extend(logged) == 1
    say(logged, "very late", ago=timedelta(days=9))
    assert extend(logged) == 0
    assert extend(logged, whole=True) == 1
    assert faults(logged) == []


def test_two_sequencers_log_nothing_twice(logged, monkeypatch):
    """The second one read before the first one wrote."""
    inner = checkpoints._batch

    def slow(*given):
        batch = inner(*given)
        monkeypatch.setattr(checkpoints, "_batch", inner)
        assert extend(logged) == 1
        return batch

    monkeypatch.setattr(checkpoints, "_batch", slow)
    assert extend(logged) == 0
    assert faults(logged) == []


def test_the_sequencer_looks_each_minute_and_goes_on_at_once_while_more_waits(house, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(checkpoints, "BATCH", 3)
    monkeypatch.setattr(job, "BATCH", 3)
    sequencer = job.Sequencer(house, lambda: now[0])
    say(house, *("account",) * 7)
    assert [sequencer.look() for _ in range(4)] == [3, 3, 0, 0]
    say(house, "account")
    assert sequencer.look() == 0
    assert [
        json.loads(line)["note"].split("\n")[1]
        for line in (house.notary._folder / "checkpoints.jsonl").read_text().splitlines()
    ] == list("367")
    now[0] = job.SECONDS
    sequencer.look()
    assert faults(house) == []
    with house.reading() as uow:
        assert uow.checkpoints.last().size == 8

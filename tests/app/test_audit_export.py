"""An exported audit log is proved without a database, and every kind of forgery is named."""

from __future__ import annotations

import gzip
import json
from datetime import datetime

import pytest

from app import logs
from app.audit_export import export_audit, prove_export
from app.cli import main
from app.notary import FileNotary, VerifierKey
from engine.persistence.audit_chain import entry_hash
from engine.usecases.checkpoints import extend, publish
from tests.persistence.building import units_of
from tests.persistence.test_checkpoints import forge, house_of, rechain, say


@pytest.fixture
def exported(sqlite_database, tmp_path):
    """An export of 7 logged entries in two streams, one entry beyond; and its house."""
    house = house_of(units_of(sqlite_database), tmp_path)
    for streams in (("account", "agency:a") * 2, ("account",) * 2, ("agency:a",)):
        say(house, *streams)
        extend(house)
    publish(house)
    say(house, "account")
    path = tmp_path / "audit.jsonl.gz"
    counts = export_audit(house, path)
    assert counts == {"export": 1, "entry": 8, "head": 2, "checkpoint": 3}
    return house, path


def faults(house, path, kept=()):
    key = VerifierKey.read(house.notary.key)
    return prove_export(path, lambda note, _own: key.opens(note), kept).faults


def rewrite(path, change):
    with gzip.open(path, "rt") as file:
        lines = [json.loads(line) for line in file]
    change(lines)
    with gzip.open(path, "wt") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)


def entry(lines, stream, seq):
    return next(line["entry"] for line in lines if line.get("entry", [0, 0])[:2] == [stream, seq])


def drop_last(lines):
    """Take the last logged entry of a stream away, wind its head back, mend the end."""
    for seq in (5, 4):
        lines.remove({"entry": entry(lines, "account", seq)})
    last = entry(lines, "account", 3)
    next(line for line in lines if line.get("head", [0])[0] == "account")["head"][1:] = [3, last[9]]
    lines[-1]["end"]["entry"] -= 2


def change_body(lines):
    entry(lines, "account", 2)[3] = "x"


def chain_anew(lines):
    """Change an entry and every hash after it, and the head; no leaf hash tells of it."""
    before = b""
    for line in lines:
        row = line.get("entry", [0])
        if row[0] != "account":
            continue
        if row[1] == 2:
            row[3] = "x"
        named = dict(zip(("stream", "seq", "act", "actor", "on_behalf_of", "at", "recorded_at",
                          "facts"), row, strict=False))  # fmt: skip
        named |= {name: datetime.fromisoformat(named[name]) for name in ("at", "recorded_at")}
        row[8], before = before.hex(), entry_hash(named | {"prev_hash": before})
        row[9] = before.hex()
    next(line for line in lines if line.get("head", [0])[0] == "account")["head"][2] = before.hex()


def swap_streams(lines):
    for line in lines:
        row = line.get("entry") or line.get("head")
        if row:
            row[0] = {"account": "agency:a", "agency:a": "account"}[row[0]]


def forge_checkpoint(lines):
    last = lines[-2]["checkpoint"].split("\n")
    lines[-2]["checkpoint"] = "\n".join([last[0], "8", *last[2:]])


def cut_off(lines):
    del lines[-3:]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (change_body, "account #2: its content was changed"),
        (drop_last, "log: no entry stands at"),
        (chain_anew, "checkpoint of 4 entries: these entries do not give its root"),
        (swap_streams, "account #1: its content was changed"),
        (forge_checkpoint, "checkpoint of 8 entries: no known key signed it"),
        (cut_off, "the file ends before its last line"),
    ],
)
def test_each_kind_of_forgery_is_found_and_named(exported, change, found):
    house, path = exported
    assert faults(house, path) == []
    rewrite(path, change)
    assert any(found in fault for fault in faults(house, path)), faults(house, path)


def test_what_was_forged_in_the_database_is_found_in_its_export(exported):
    house, path = exported
    forge(house, rechain("account", actor="x"), "DELETE FROM audit WHERE stream = 'agency:a'")
    export_audit(house, path)
    found = faults(house, path)
    assert any("account #2: it is not the entry that the log holds at" in one for one in found)
    assert any("agency:a #3: it is gone, and the log holds it at 6" in one for one in found)


def test_a_log_signed_anew_by_its_own_key_does_not_fit_a_checkpoint_kept_elsewhere(exported):
    house, path = exported
    kept = list(house.notary.published())
    assert faults(house, path, kept) == []
    other = FileNotary(path.parent / "other.key", path.parent / "other", "https://regu.test")
    house.notary.__dict__.update(other.__dict__)
    forge(house, *(f"DELETE FROM {name}" for name in ("audit_checkpoint", "audit_leaf")))  # noqa: S608
    extend(house)
    export_audit(house, path)
    assert faults(house, path) == []
    assert [one.split(":")[0] for one in faults(house, path, kept)] == ["kept checkpoint of"
        f" {size} entries" for size in (4, 6, 7)]  # fmt: skip


def test_the_command_needs_no_database_and_says_whose_key_it_trusted(exported, capsys, monkeypatch):
    house, path = exported
    monkeypatch.setattr(logs, "configure", lambda *_given: None)  # it would outlive the test
    monkeypatch.setenv("REGU_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    published = house.notary._folder
    kept = ["--checkpoint", str(published / "checkpoints.jsonl")]
    trusted = ["--key", str(published / "key.pub")]
    assert main(["verify", "--export", str(path), *trusted, *kept]) == 0
    assert "checkpoints: 3, they cover 7 entries" in capsys.readouterr().out
    assert main(["verify", "--export", str(path)]) == 0
    assert "export's own key" in capsys.readouterr().out
    stranger = FileNotary(path.parent / "s.key", path.parent / "s", "https://regu.test").key
    assert main(["verify", "--export", str(path), "--key", stranger]) == 1
    assert "checkpoint of 7 entries: no known key signed it" in capsys.readouterr().err
    assert main(["verify", "--export", str(path), "--key", "nonsense"]) == 2


@pytest.mark.parametrize("kept", [0, 9, 300, -7])
def test_a_truncated_or_foreign_file_is_refused_with_its_name(exported, kept):
    house, path = exported
    path.write_bytes(path.read_bytes()[:kept] or b"no export")
    found = faults(house, path)
    assert len(found) >= 1
    assert found[-1].startswith(("audit.jsonl.gz: it cannot be read", "checkpoint"))

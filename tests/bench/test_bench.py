"""The harness measures what it says."""

from __future__ import annotations

import json
import statistics
import time

import pytest
import sqlalchemy as sa

from bench import __main__ as program
from bench import completing, conformance, drawings, shapes, stock
from bench.figures import Figure, at_most, duration, table
from bench.floor import floor
from bench.lanes import in_turns, same
from bench.place import deploy, ground, open_task, start
from bench.watch import watched


@pytest.fixture
def place():
    with ground(postgres=False) as found:
        yield found


def test_an_executemany_is_one_statement_and_frames_are_none(sqlite_database):
    table_ = sa.Table("counted", sa.MetaData(), sa.Column("text", sa.Text))
    engine = sqlite_database.writing
    with watched(engine) as traffic, engine.begin() as connection:
        table_.create(connection)
        connection.execute(table_.insert(), [{"text": "a"}, {"text": "bc"}])
        with connection.begin_nested():
            connection.execute(sa.select(table_.c.text))

    verbs = [text.split()[0] for text in traffic.statements if text.split()[0] != "PRAGMA"]
    assert verbs == ["CREATE", "INSERT", "SELECT"]
    assert traffic.commits == 1
    assert traffic.bytes_written == 3


def test_the_floor_is_a_select_an_update_and_a_commit_of_all_bytes(database):
    lane = floor(database, 3000)
    with watched(database.writing) as traffic:
        lane()()

    assert [text.split()[0] for text in traffic.statements] == ["SELECT", "UPDATE"]
    assert traffic.commits == 1
    assert 3000 <= traffic.bytes_written <= 3032


def test_a_completion_writes_at_least_the_state_of_its_instance(place):
    wired = place.house()
    deploy(wired, drawings.office())
    counted = completing._counted(wired)

    assert len(counted) == 9
    assert all(commits == 1 for _, commits, _ in counted)
    assert max(statements for statements, _, _ in counted) <= completing.STATEMENTS_MAX
    note = len(drawings.FORM["note"])
    assert all(written > note for _, _, written in counted)


def test_cpu_time_is_measured_and_sleep_is_not():
    def busy():
        until = time.process_time() + 0.02
        while time.process_time() < until:
            pass

    found = in_turns({"busy": same(busy), "idle": same(lambda: time.sleep(0.02))}, rounds=3)

    assert statistics.median(found["busy"]) >= 0.02
    assert statistics.median(found["idle"]) < 0.01
    assert len(found["busy"]) == len(found["idle"]) == 3


def test_stock_spiff_runs_the_same_process_to_its_end(sqlite_database):
    kept = stock.Stock(sqlite_database, drawings.office_for_stock())
    kept.start(drawings.FORM)
    steps = 0
    while not kept.finished:
        kept.complete({"ok": True})
        steps += 1

    assert steps == 9


def test_our_runtime_runs_the_same_process_to_its_end(place):
    wired = place.house()
    deploy(wired, drawings.office())
    key = start(wired, "office", drawings.FORM)
    complete = completing._command(wired)
    while (task := open_task(wired, key)) is not None:
        complete(task)

    with wired.house.reading() as uow:
        assert uow.processes.instance(key).status == "completed"


def test_token_counting_sees_every_token(place):
    found = list(shapes.pairs(place, quick=True))

    assert found[0].holds
    assert int(found[0].measured.split()[0]) >= 3


def test_a_broken_budget_is_told_and_ends_with_1(monkeypatch, capsys, tmp_path):
    broken = at_most("slow", 2, measured=[0.3], baseline=[0.1], named="floor")
    monkeypatch.setattr(program, "MEASUREMENTS", {"slow": lambda *_a, **_k: iter([broken])})
    file = tmp_path / "figures.json"

    assert program.main(["slow", "--json", str(file)]) == 1
    assert program.main(["slow", "--report"]) == 0
    assert "3.00x" in capsys.readouterr().out
    assert json.loads(file.read_text())["figures"]["SQLite"][0]["holds"] is False


def test_figures_without_a_budget_break_nothing():
    text = table([Figure(what="told", measured="1")])

    assert "NO" not in text
    assert [duration(s) for s in (2, 0.002, 2e-6, 2e-9)] == ["2 s", "2 ms", "2 us", "2 ns"]


def test_kits_that_are_not_there_are_named_as_skipped(capsys):
    assert conformance.main([]) == 0
    out = capsys.readouterr().out
    assert all(f"skipped: {kit.name}" in out for kit in conformance.KITS)


def test_a_kit_that_fails_is_no_success(tmp_path, capsys):
    (tmp_path / "src" / "dmn-tck").mkdir(parents=True)
    (tmp_path / "harness").mkdir()
    (tmp_path / "harness" / "dmn_tck.py").write_text("raise SystemExit('no such case')")

    assert conformance.main(["--kits", str(tmp_path), "--write"]) == 1
    assert "failed: DMN TCK: no such case" in capsys.readouterr().out

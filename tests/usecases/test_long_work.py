"""Long work: a bar that tells how far it has come, and nothing doubled when its worker dies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.work_files import FolderWorkFiles
from engine.domain.cycles import Period, PeriodStatus
from engine.jobs import house_work, imports, mass_start, sealing
from engine.persistence.jobs.table import JobRules, Worker
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.errors import AccessRefused, Conflict, InputRefused, NotFound
from engine.usecases.imports.sample import sample_workbook
from engine.usecases.notices import Kind
from engine.usecases.ports.workplace import Pace
from engine.usecases.undertakings import Begin, Work, begin, end, undertaking, undertakings
from engine.usecases.workbooks import (
    begin_check,
    begin_export,
    begin_import,
    check_result,
    exported,
)
from tests.usecases import worked
from tests.usecases.acting import person

ADMIN = Actor(kind=ActorKind.CLIENT, name="admin", groups=frozenset({"admin"}))


class Killed(BaseException):
    """The process died: nothing of ours runs after it."""


@pytest.fixture
def files(tmp_path):
    return FolderWorkFiles(tmp_path / "work")


def handlers(place, files, hashed=lambda nip: f"hash of {nip}"):
    return {
        Work.IMPORT_CHECK: imports.ImportCheck(place.house, files),
        Work.IMPORT: imports.Import(place.house, files, hashed),
        Work.AGENCY_EXPORT: house_work.AgencyExport(place.house, files),
        Work.PROOF: house_work.Proof(place.house, files),
        Work.SEALING: sealing.Sealing(place.house),
        mass_start.MASS_START: mass_start.MassStart(place.house),
    }


def run(place, files, **changes):
    rules = JobRules(lease=place.short_lease) if hasattr(place, "short_lease") else None
    worker = Worker(place.units, {**handlers(place, files), **changes}, rules=rules)
    return worker.run_until_idle()


def state(place, row):
    with place.house.reading() as uow:
        return uow.workplace.undertaking(row.id)


def free(place):
    """The lease of the dead worker is over."""
    with place.units.writing() as uow:
        uow.connection.exec_driver_sql("UPDATE background_job SET available_at = enqueued_at")
        uow.commit()


def people(place):
    with place.house.reading() as uow:
        found = uow.agency.agency_by_code("CONTOH")
        return len(uow.agency.people(found.id)) if found else 0


def checked(place, files):
    row = begin_check(place.house, files, ADMIN, sample_workbook(), "a.xlsx")
    run(place, files)
    return row


def test_a_check_keeps_its_flaws_and_writes_nothing_else(place, files):
    row = begin_check(place.house, files, ADMIN, sample_workbook(), "a.xlsx")
    assert row.state is Pace.WAITING
    run(place, files)
    ended = state(place, row)
    assert (ended.state, ended.done, ended.facts["errors"]) == (Pace.DONE, ended.total, 0)
    assert [flaw.code for flaw in check_result(files, ended).flaws] == ["rater_missing"]
    assert people(place) == 0


def test_an_import_whose_worker_dies_anywhere_goes_on_and_doubles_nobody(place, files, monkeypatch):
    monkeypatch.setattr(imports, "CHUNK", 1)
    check = checked(place, files)
    row = begin_import(place.house, ADMIN, check.id)
    calls = {"n": 0}
    real = imports.Import(place.house, files, lambda nip: f"hash of {nip}")

    class Dying:
        """Dies at each step once: before its commit, with the work of the step done."""

        prepare, gave_up = real.prepare, real.gave_up

        def __call__(self, uow, args):
            rest = real(uow, args)
            calls["n"] += 1
            if calls["n"] % 2:
                raise Killed
            return rest

    for _ in range(20):
        try:
            run(place, files, **{Work.IMPORT: Dying()})
        except Killed:
            free(place)
        if state(place, row).ended_at:
            break
    ended = state(place, row)
    assert ended.state is Pace.DONE
    assert people(place) == ended.facts["people"] == 3
    assert ended.done == ended.total == 4
    with place.house.reading() as uow:
        assert uow.accounts.account("199001012015042001").password_hash.startswith("hash of")
        assert len(uow.agency.agencies()) == 1


def test_an_import_is_begun_once_and_not_before_its_check_ended(place, files):
    row = begin_check(place.house, files, ADMIN, sample_workbook(), "a.xlsx")
    with pytest.raises(Conflict):
        begin_import(place.house, ADMIN, row.id)
    run(place, files)
    first = begin_import(place.house, ADMIN, row.id)
    assert begin_import(place.house, ADMIN, row.id).id == first.id
    run(place, files)
    again = checked(place, files)
    assert state(place, again).facts["obstacle"] == "agency_known"
    with pytest.raises(Conflict):
        begin_import(place.house, ADMIN, again.id)


def test_an_import_beaten_by_another_of_the_same_agency_fails_with_its_reason(place, files):
    one, two = checked(place, files), checked(place, files)
    rows = [begin_import(place.house, ADMIN, check.id) for check in (one, two)]
    run(place, files)
    ends = sorted((state(place, row).state, state(place, row).words) for row in rows)
    assert ends == [(Pace.DONE, ""), (Pace.FAILED, "agency_known")]
    assert people(place) == 3


def test_work_that_fails_every_time_says_so(place, files):
    row = begin_check(place.house, files, ADMIN, sample_workbook(), "a.xlsx")

    class Broken:
        gave_up = handlers(place, files)[Work.IMPORT_CHECK].gave_up

        def prepare(self, *_given):
            raise RuntimeError("no")

        def __call__(self, *_given):
            return None

    for _ in range(9):
        run(place, files, **{Work.IMPORT_CHECK: Broken()})
        free(place)
    assert (state(place, row).state, state(place, row).words) == (Pace.FAILED, "gave_up")


def test_no_workbook_and_no_right_are_refused_at_once(place, files):
    for content in (b"", b"text"):
        with pytest.raises(InputRefused):
            begin_check(place.house, files, ADMIN, content, "a.xlsx")
    with pytest.raises(AccessRefused):
        begin_check(place.house, files, person("sari"), sample_workbook(), "a.xlsx")


@pytest.fixture
def ready(place):
    place.deploy("workflows/*/*.bpmn", "workflows/*/*.dmn", "forms/library/*.form")
    worked.build(place)
    return place


def test_an_export_is_one_file_however_often_its_worker_dies(ready, files):
    keeper = person("wayan", "perf_admin")
    row = begin_export(ready.house, keeper)
    with pytest.raises(NotFound):
        exported(ready.house, files, keeper, row.id)
    handler = handlers(ready, files)[Work.AGENCY_EXPORT]
    args = {"undertaking": row.id, "agency_id": "agency", "cycle_id": None}
    handler.prepare(args, lambda: None)  # and the worker died before it noted the end
    run(ready, files)
    assert state(ready, row).state is Pace.DONE
    assert exported(ready.house, files, keeper, row.id)[:2] == b"PK"
    with pytest.raises(AccessRefused):
        exported(ready.house, files, person("sari"), row.id)


def test_a_proof_tells_what_it_read(ready, files):
    auditor = person("wayan", "auditor")
    with ready.house.writing() as uow:
        work = Begin(kind=Work.PROOF, title="", total=2)
        row = begin(uow, auditor, work, ids=ready.house.ids, now=ready.clock.now())
        uow.jobs.enqueue(Work.PROOF, row.id, {"undertaking": row.id})
        uow.commit()
    run(ready, files)
    ended = state(ready, row)
    assert ended.state is Pace.DONE
    assert ended.facts["faults"] == len(json.loads(files.get(f"{row.id}.json")))


def test_a_start_for_everybody_tells_how_far_it_has_come(ready, files, monkeypatch):
    monkeypatch.setattr(mass_start, "CHUNK", 4)
    keeper = person("wayan", "perf_admin")
    args = {
        "process_id": "planning", "cycle_id": "cycle", "agency_id": "agency", "over": "people",
        "after": "", "extra": {}, "on_behalf_of": None,
    }  # fmt: skip
    with ready.house.writing() as uow:
        work = Begin(kind=Work.MASS_START, title="Kinerja", facts={"process": "planning"})
        row = begin(uow, keeper, work, ids=ready.house.ids, now=ready.clock.now())
        uow.commit()
    rest = {**args, "undertaking": row.id}
    seen = []
    while rest is not None:
        with ready.house.writing() as uow:
            mass_start.start_chunk(ready.house, uow, rest)  # the worker died before its commit
        with ready.house.writing() as uow:
            rest = mass_start.start_chunk(ready.house, uow, rest)
            uow.commit()
        seen.append((state(ready, row).done, state(ready, row).total))
    total = len(worked.PEOPLE)
    assert seen == [(min(4 * n, total), total) for n in range(1, len(seen) + 1)]
    assert state(ready, row).state is Pace.DONE


def notices(place, who):
    with place.house.reading() as uow:
        return [(one.kind, one.path) for one in uow.workplace.notices(who)]


def started(place):
    keeper = person("wayan", "perf_admin")
    place.do("regu.cycle.start_for_everybody", keeper, process_id="planning", cycle_id="cycle")
    return undertakings(place.house, keeper)[0]


def test_a_start_that_was_asked_for_twice_ends_with_nothing_to_do(ready, files):
    first, second = started(ready), started(ready)
    run(ready, files)
    assert state(ready, first).state is state(ready, second).state is Pace.DONE
    assert state(ready, first).facts["started"] == len(worked.PEOPLE)
    assert state(ready, second).facts["started"] == 0
    assert state(ready, second).facts["under_way"]
    third = started(ready)
    run(ready, files)
    assert state(ready, third).state is Pace.DONE
    assert state(ready, third).facts["started"] == 0


def test_a_start_that_was_given_up_leaves_no_other_waiting_for_it(ready, files):
    first, second = started(ready), started(ready)
    with ready.house.writing() as uow:
        args = {"undertaking": first.id, "agency_id": "agency"}
        mass_start.MassStart(ready.house).gave_up(uow, args, "")
        uow.commit()
    assert state(ready, first).state is state(ready, second).state is Pace.FAILED


def test_who_started_work_that_failed_is_told_where_to_read_why(ready, files):
    keeper = person("wayan", "perf_admin")
    row = begin_export(ready.house, keeper)
    with ready.house.writing() as uow:
        for _ in range(2):
            end(ready.house, uow, row.id, failed="gave_up")
        uow.commit()
    assert notices(ready, "wayan") == [(Kind.WORK_FAILED, f"/kemajuan/{row.id}")]


def test_work_is_seen_in_its_agency_only_and_by_who_oversees_it(ready, files):
    row = begin_export(ready.house, person("wayan", "perf_admin"))
    assert [one.id for one in undertakings(ready.house, person("wayan", "hr"))] == [row.id]
    with pytest.raises(AccessRefused):
        undertaking(ready.house, person("sari"), row.id)
    with pytest.raises(NotFound):
        undertaking(ready.house, ADMIN, row.id)


def test_a_period_is_sealed_by_a_job_once(ready, files):
    with ready.house.reading() as uow:
        period = uow.performance.periods("cycle")[0]
    keeper = person("wayan", "perf_admin")
    with ready.house.writing() as uow:
        uow.performance.put(Period(**{**_fields(period), "status": PeriodStatus.CLOSING}))
        work = Begin(kind=Work.SEALING, title=period.name, total=1)
        row = begin(uow, keeper, work, ids=ready.house.ids, now=ready.clock.now())
        args = {
            "undertaking": row.id, "period_id": period.id, "minutes": "BA-1", "carry": True,
            "actor": keeper.name, "person_id": keeper.person_id, "agency_id": "agency",
        }  # fmt: skip
        uow.jobs.enqueue(Work.SEALING, row.id, args)
        uow.commit()
    handler = handlers(ready, files)[Work.SEALING]
    with ready.house.writing() as uow:
        handler(uow, args)  # the worker died before its commit
    run(ready, files)
    with ready.house.writing() as uow:
        handler(uow, args)  # and the job came twice
        uow.commit()
    with ready.house.reading() as uow:
        assert uow.performance.get(Period, period.id).status is PeriodStatus.SEALED
        assert len(uow.credits.seals()) == 1
    assert state(ready, row).state is Pace.DONE
    assert notices(ready, "wayan") == [(Kind.PERIOD_SEALED, f"/kemajuan/{row.id}")]


def test_a_seal_that_is_refused_in_the_background_is_told_to_who_asked_for_it(ready, files):
    with ready.house.reading() as uow:
        period = uow.performance.periods("cycle")[1]
    keeper = person("wayan", "perf_admin")
    with ready.house.writing() as uow:
        work = Begin(kind=Work.SEALING, title=period.name, total=1)
        row = begin(uow, keeper, work, ids=ready.house.ids, now=ready.clock.now())
        args = {
            "undertaking": row.id, "period_id": period.id, "minutes": "BA-1", "carry": False,
            "actor": keeper.name, "person_id": keeper.person_id, "agency_id": "agency",
        }  # fmt: skip
        uow.jobs.enqueue(Work.SEALING, row.id, args)
        uow.commit()
    run(ready, files)
    assert state(ready, row).state is Pace.FAILED
    assert notices(ready, "wayan") == [(Kind.WORK_FAILED, f"/kemajuan/{row.id}")]
    with ready.house.reading() as uow:
        letters = [payload for _, _, payload in uow.outbox.waiting("notice")]
    assert [(one["recipient_id"], one["subject"]) for one in letters] == [("wayan", "work_failed")]


def _fields(row):
    return {name: getattr(row, name) for name in row.__dataclass_fields__}


def test_files_of_work_are_kept_whole_and_swept(tmp_path):
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415 - used here only

    files = FolderWorkFiles(tmp_path / "work")
    files.put("01a2-b3.xlsx", b"one")
    files.put("01a2-b3.xlsx", b"two")
    assert files.get("01a2-b3.xlsx") == b"two"
    for name in ("../secret", "a/b.xlsx", "a", ".xlsx", "A.xlsx"):
        with pytest.raises(NotFound):
            files.get(name)
    now = datetime.now(UTC)
    assert files.sweep(now - timedelta(1)) == 0
    assert files.sweep(now + timedelta(1)) == 1
    assert list(Path(tmp_path / "work").iterdir()) == []

"""Tasks as people handle them together: delegated and handed back, dated, talked about, followed,
done many at once; on both databases."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.domain.people import Substitution
from engine.persistence.tables.waiting import history
from engine.persistence.tables.work import audit
from engine.usecases import bulk_tasks, habits, processes, remarks, task_views, tasks
from engine.usecases.bulk_tasks import Act, Together, do_together
from engine.usecases.delegating import (
    DelegateTask,
    ResolveTask,
    delegate_task,
    may_delegate,
    resolve_task,
)
from engine.usecases.errors import AccessRefused, Conflict, InputRefused, NotFound
from engine.usecases.evidence import keep_file
from engine.usecases.inbox import first_screen
from engine.usecases.ports.inbox import Sieve
from engine.usecases.ports.process import Resource
from engine.usecases.remarks import Place as At
from engine.usecases.remarks import Say
from engine.usecases.scheduling import ScheduleTask, schedule_task
from tests.usecases.test_reassigning import HEAD, RATER
from tests.usecases.test_reassigning import Place as Agency

FORM = {
    "type": "default",
    "id": "yes",
    "schemaVersion": 18,
    "components": [
        {
            "type": "textfield",
            "id": "f1",
            "key": "word",
            "label": "Kata",
            "validate": {"required": True},
        }
    ],
}
GROUP = '<zeebe:assignmentDefinition candidateGroups="perf_admin"/>'
WITH_FORM = GROUP + '<zeebe:formDefinition formId="yes"/>'
DECIDES = RATER + (
    '<zeebe:properties><zeebe:property name="regu:submit" value="regu.claim.attest"/>'
    "</zeebe:properties>"
)


class Place(Agency):
    def draw(self, who, **properties):
        files = [Resource(name="asking.bpmn", content=HEAD.replace("{who}", who).encode())]
        if "yes" in who:
            form = FORM | {"properties": properties}
            files.append(Resource(name="yes.form", content=json.dumps(form).encode()))
        processes.deploy(self.house, self.actor("joko", "admin"), tuple(files))

    def task(self, who=RATER, **form):
        self.draw(who, **form)
        self.start()
        return self.open()[-1]

    def row(self, key):
        with self.house.reading() as uow:
            return uow.processes.task(key)

    def delegate(self, task, by, to):
        wanted = DelegateTask(task_key=task.key, delegate=self.ids[to])
        return delegate_task(self.house, self.actor(by), wanted)

    def resolve(self, task, by, **data):
        wanted = ResolveTask(task_key=task.key, data=data or None)
        return resolve_task(self.house, self.actor(by), wanted)

    def complete(self, task, by, **variables):
        wanted = tasks.CompleteTask(task_key=task.key, variables=variables)
        return tasks.complete_task(self.house, self.actor(by), wanted)

    def lent(self, name):
        seen = first_screen(self.house, self.actor(name), Sieve()).entrusted
        return [(row.key, holder) for row, holder in seen]

    def notices(self, name):
        found, _titles = habits.notices(self.house, self.actor(name))
        return [(one.kind, one.path) for one in found]

    def rows(self, table, *columns):
        with self.wired.database.reading.connect() as connection:
            return [
                tuple(row) for row in connection.execute(sa.select(*columns).select_from(table))
            ]


@pytest.fixture
def place(database, tmp_path):
    made = Place(database, tmp_path)
    yield made
    made.wired.close()


def codes(refused):
    return {fault.code for fault in refused.value.faults}


# ---- delegate and resolve


def test_a_delegated_task_comes_back_with_the_draft_and_its_owner_sends_it(place):
    task = place.task()
    place.delegate(task, "budi", "wati")
    assert (place.mine("budi"), place.mine("wati")) == (0, 1)
    assert place.lent("budi") == [(task.key, "Wati")]
    with pytest.raises(Conflict) as held:
        place.complete(task, "wati")
    assert held.value.facts["ownerName"] == "Budi"
    tasks.save_draft(place.house, place.actor("wati"), task.key, {"word": "selesai"})
    place.resolve(task, "wati")
    view = task_views.task_view(place.house, place.actor("budi"), task.key)
    assert view.draft == {"word": "selesai"}
    assert view.may_complete
    place.complete(task, "budi")
    done = place.row(task.key)
    assert (done.completed_by, done.owner) == (place.ids["budi"], None)
    told = place.rows(history, history.c.event, history.c.actor, history.c.on_behalf_of)
    budi, wati = place.ids["budi"], place.ids["wati"]
    assert ("delegated", budi, None) in told
    assert ("handed_back", wati, budi) in told
    acts = place.rows(audit, audit.c.act, audit.c.actor, audit.c.on_behalf_of)
    assert ("task:user:delegate", budi, None) in acts
    assert ("task:user:resolve", wati, budi) in acts
    with place.house.reading() as uow:
        assert list(uow.audit.verify()) == []
    assert place.notices("wati") == [("task_delegated", f"/tugas/{task.key}")]
    assert place.notices("budi") == [("task_handed_back", f"/tugas/{task.key}")]


def test_while_somebody_works_on_it_nobody_claims_gives_back_or_delegates_it_further(place):
    task = place.task()
    place.delegate(task, "budi", "wati")
    for act in (tasks.claim_task, tasks.unclaim_task):
        with pytest.raises(Conflict):
            act(place.house, place.actor("wati"), task.key)
    with pytest.raises(Conflict):
        place.delegate(task, "wati", "joko")
    with pytest.raises(NotFound):
        place.complete(task, "budi")
    assert place.row(task.key).owner == place.ids["budi"]


def test_the_owner_takes_his_task_back_and_keeps_his_own_draft(place):
    task = place.task()
    tasks.save_draft(place.house, place.actor("budi"), task.key, {"word": "milik saya"})
    place.delegate(task, "budi", "wati")
    place.resolve(task, "budi")
    assert task_views.task_view(place.house, place.actor("budi"), task.key).draft == {
        "word": "milik saya"
    }
    assert place.mine("wati") == 0


def test_a_task_that_decides_in_somebodys_matter_is_not_delegated(place):
    task = place.task(DECIDES)
    assert not may_delegate(place.house, place.actor("budi"), task)
    with pytest.raises(InputRefused) as refused:
        place.delegate(task, "budi", "wati")
    assert codes(refused) == {"delegate_decision"}
    assert place.row(task.key).assignee == place.ids["budi"]


def test_nobody_works_on_a_task_about_himself_nor_for_himself_nor_from_another_step(place):
    task = place.task()
    assert place.row(task.key).about_id == place.ids["dedi"]
    with pytest.raises(InputRefused) as refused:
        place.delegate(task, "budi", "dedi")
    assert codes(refused) == {"delegate_subject"}
    with pytest.raises(InputRefused) as refused:
        place.delegate(task, "budi", "budi")
    assert codes(refused) == {"delegate_self"}
    wanted = DelegateTask(task_key=task.key, delegate="nobody")
    with pytest.raises(InputRefused) as refused:
        delegate_task(place.house, place.actor("budi"), wanted)
    assert codes(refused) == {"unknown_person"}


def test_who_stands_in_for_the_delegate_is_looked_at_as_the_human_he_is(place):
    task = place.task()
    place.delegate(task, "budi", "wati")
    with place.house.writing() as uow:
        letter = Substitution(
            id=place.house.ids.uuid(),
            absent_id=place.ids["wati"],
            substitute_id=place.ids["dedi"],
            valid_from=place.house.clock.now().date(),
            letter_no="ST-1",
        )
        uow.agency.add([letter])
        uow.commit()
    with pytest.raises(InputRefused) as refused:
        place.resolve(task, "dedi")
    assert codes(refused) == {"delegate_subject"}
    assert place.row(task.key).owner == place.ids["budi"]


def test_others_neither_delegate_nor_hand_back(place):
    task = place.task()
    with pytest.raises(NotFound):
        place.delegate(task, "wati", "joko")
    place.delegate(task, "budi", "wati")
    with pytest.raises(NotFound):
        place.resolve(task, "ratna")


def test_a_group_task_is_delegated_by_who_took_it(place):
    task = place.task(GROUP)
    admin = place.actor("joko", "perf_admin")
    wanted = DelegateTask(task_key=task.key, delegate=place.ids["wati"])
    with pytest.raises(Conflict):
        delegate_task(place.house, admin, wanted)
    tasks.claim_task(place.house, admin, task.key)
    delegate_task(place.house, admin, wanted)
    assert place.mine("wati") == 1


def test_a_delegated_task_stays_with_its_delegate_while_its_owner_is_who_should_have_it(place):
    task = place.task()
    place.delegate(task, "budi", "wati")
    place.rated_by("dedi", "budi")
    assert place.row(task.key).owner == place.ids["budi"]
    place.rated_by("dedi", "joko")
    moved = place.row(task.key)
    assert (moved.assignee, moved.owner) == (place.ids["joko"], None)


# ---- dates, priority, candidates


def test_the_holder_sets_his_follow_up_and_who_may_assign_sets_the_rest(place):
    task = place.task()
    later = place.house.clock.now() + timedelta(days=9)
    own = ScheduleTask(task_key=task.key, changes={"follow_up_at": later})
    schedule_task(place.house, place.actor("budi"), own)
    both = ScheduleTask(task_key=task.key, changes={"due_at": later, "priority": 80})
    with pytest.raises(AccessRefused):
        schedule_task(place.house, place.actor("budi"), both)
    with pytest.raises(NotFound):
        schedule_task(place.house, place.actor("wati"), own)
    schedule_task(place.house, place.actor("joko", "perf_admin"), both)
    row = place.row(task.key)
    assert (row.follow_up_at, row.due_at, row.priority) == (later, later, 80)
    with place.house.reading() as uow:
        assert uow.work_list.overdue(later + timedelta(days=1), place.ids["agency"])
    bad = ScheduleTask(task_key=task.key, changes={"priority": 101, "colour": "red"})
    with pytest.raises(InputRefused) as refused:
        schedule_task(place.house, place.actor("joko", "perf_admin"), bad)
    assert codes(refused) == {"out_of_range", "unknown_word"}


def test_a_task_changes_its_candidates_and_its_place_in_their_lists(place):
    task = place.task(GROUP)
    due = place.house.clock.now() + timedelta(days=1)
    changes = {"candidate_users": [place.ids["wati"]], "candidate_groups": ["hr"], "due_at": due}
    wanted = ScheduleTask(task_key=task.key, changes=changes, reason="pindah bagian")
    schedule_task(place.house, place.actor("joko", "perf_admin"), wanted)
    assert place.mine("wati") == 1
    with place.house.reading() as uow:
        now = place.house.clock.now()
        assert len(uow.work_list.mine(place.actor("ratna", "hr"), now=now)) == 1
        assert not uow.work_list.mine(place.actor("joko", "perf_admin"), now=now)


# ---- remarks, files, calls


def test_a_remark_calls_who_takes_part_and_is_not_in_the_audit(place):
    task = place.task()
    at = At(task_key=task.key)
    said = Say(at=at, text=f"Mohon dilihat @{place.ids['joko']}")
    with pytest.raises(InputRefused) as refused:
        remarks.say(place.house, place.actor("budi"), replace(said, mentions=("ratna",)))
    assert codes(refused) == {"unknown_person"}
    remarks.say(place.house, place.actor("budi"), said)
    seen = remarks.beside(place.house, place.actor("budi"), at)
    assert [(one.author, one.remark.text) for one in seen.remarks] == [("Budi", said.text)]
    assert set(seen.people.values()) == {"Budi", "Joko"}
    assert place.notices("joko") == [("called", f"/proses/{task.instance_key}/catatan")]
    assert not any("Mohon" in facts for (facts,) in place.rows(audit, audit.c.facts))


def test_a_remark_is_read_by_who_may_see_the_instance_and_calls_nobody_else(place):
    task = place.task()
    at = At(instance_key=task.instance_key)
    say = Say(at=at, text="rahasia", mentions=(place.ids["wati"],))
    with pytest.raises(InputRefused) as refused:
        remarks.say(place.house, place.actor("budi"), say)
    assert codes(refused) == {"called_outside"}
    remarks.say(place.house, place.actor("budi"), replace(say, mentions=()))
    for reader in (place.actor("wati"), place.actor("dedi")):
        with pytest.raises(NotFound):
            remarks.beside(place.house, reader, at)
    assert remarks.beside(place.house, place.actor("joko"), at).remarks  # he started it
    auditor = place.actor("ratna", "auditor")
    assert remarks.beside(place.house, auditor, at).remarks


def test_remarks_are_kept_as_they_were_said(place):
    task = place.task()
    remarks.say(place.house, place.actor("budi"), Say(at=At(task_key=task.key), text="satu"))
    for change in ("UPDATE remark SET text = 'dua'", "DELETE FROM remark"):
        with (
            pytest.raises(sa.exc.DBAPIError, match="append-only"),
            place.wired.database.writing.begin() as connection,
        ):
            connection.execute(sa.text(change))


def test_a_file_lies_beside_the_work_for_who_may_see_it(place):
    task, files = place.task(), place.wired.files
    kept = keep_file(place.house, files, place.actor("budi"), io.BytesIO(b"a note"), "catatan.txt")
    say = Say(at=At(task_key=task.key), evidence_id=kept["id"])
    with pytest.raises(InputRefused) as refused:
        remarks.say(place.house, place.actor("joko"), say)
    assert codes(refused) == {"unknown_file"}
    said = remarks.say(place.house, place.actor("budi"), say)
    row, content = remarks.open_attachment(place.house, files, place.actor("joko"), said["id"])
    assert (row.filename, content) == ("catatan.txt", b"a note")
    with pytest.raises(NotFound):
        remarks.open_attachment(place.house, files, place.actor("wati"), said["id"])
    with pytest.raises(InputRefused) as refused:
        remarks.say(place.house, place.actor("budi"), Say(at=At(task_key=task.key), text="  "))
    assert codes(refused) == {"required"}


# ---- following


def test_followers_are_told_once_when_a_task_or_process_ends(place):
    task = place.task()
    remarks.follow(place.house, place.actor("joko"), At(task_key=task.key), wanted=True)
    whole = At(instance_key=task.instance_key)
    remarks.follow(place.house, place.actor("joko"), whole, wanted=True)
    remarks.follow(place.house, place.actor("budi"), whole, wanted=True)
    remarks.follow(place.house, place.actor("budi"), whole, wanted=False)
    with pytest.raises(NotFound):
        remarks.follow(place.house, place.actor("wati"), whole, wanted=True)
    place.worker.drain()
    assert place.notices("joko") == []
    place.complete(task, "budi")
    place.worker.drain()
    place.worker.drain()
    path = f"/proses/{task.instance_key}/catatan"
    assert place.notices("joko") == [("followed_ended", path)] * 2
    assert place.notices("budi") == []
    with pytest.raises(Conflict):
        remarks.follow(place.house, place.actor("joko"), whole, wanted=True)


# ---- filters that are shared


def test_a_filter_is_shared_with_a_group_or_the_agency_by_who_may(place):
    with place.house.writing() as uow:
        uow.commit()
    owner = place.actor("joko", "perf_admin")
    habits.keep_filter(place.house, owner, "inbox.show", "Terlambat", "batas=lewat")

    def read(name, *groups):
        with place.house.reading() as uow:
            return [
                one.name
                for one in uow.workplace.shared_filters(
                    place.ids[name], place.ids["agency"], frozenset(groups), "inbox.show"
                )
            ]

    with place.house.reading() as uow:
        [mine] = uow.workplace.filters(place.ids["joko"], "inbox.show")
    with pytest.raises(AccessRefused):
        habits.share_filter(place.house, place.actor("joko"), mine.id, "agency")
    with pytest.raises(NotFound):
        habits.share_filter(place.house, place.actor("budi", "hr"), mine.id, "agency")
    habits.share_filter(place.house, owner, mine.id, "hr")
    assert (read("budi"), read("budi", "hr"), read("joko", "hr")) == ([], ["Terlambat"], [])
    habits.keep_filter(place.house, owner, "inbox.show", "Terlambat", "batas=hari")
    assert read("budi", "hr") == ["Terlambat"]
    habits.share_filter(place.house, owner, mine.id, "agency")
    assert read("budi") == ["Terlambat"]
    habits.share_filter(place.house, owner, mine.id, "")
    assert read("budi", "hr") == []


# ---- many at once


def test_many_are_claimed_assigned_and_completed_each_alone_and_refusals_are_told(place):
    place.draw(WITH_FORM, **{"regu:bulk": True})
    for _ in range(3):
        place.start()
    keys = tuple(task.key for task in place.open())
    admin = place.actor("joko", "perf_admin")
    other = place.actor("ratna", "perf_admin")
    tasks.claim_task(place.house, other, keys[0])
    found = do_together(place.house, admin, Together(act=Act.CLAIM, task_keys=(*keys, 1)))
    assert found.done == list(keys[1:])
    assert [(one.task_key, one.code) for one in found.refused] == [
        (keys[0], "access_refused"),
        (1, "not_found"),
    ]
    wanted = Together(act=Act.ASSIGN, task_keys=keys, assignee=place.ids["budi"])
    assert do_together(place.house, admin, wanted).done == list(keys)
    budi = place.actor("budi")
    empty = do_together(place.house, budi, Together(act=Act.COMPLETE, task_keys=keys[:1]))
    assert [one.code for one in empty.refused] == ["required"]
    filled = Together(act=Act.COMPLETE, task_keys=keys, variables={"word": "ya"})
    assert do_together(place.house, budi, filled).done == list(keys)
    assert place.open() == []


def test_a_form_that_does_not_say_so_is_not_completed_with_others(place):
    task = place.task(WITH_FORM)
    admin = place.actor("joko", "perf_admin")
    wanted = Together(act=Act.COMPLETE, task_keys=(task.key,), variables={"word": "ya"})
    found = do_together(place.house, admin, wanted)
    assert [one.code for one in found.refused] == ["not_together"]
    assert bulk_tasks.may_together(place.house, [task.form_key]) == frozenset()


def test_more_than_fifty_go_on_in_the_background_and_say_what_became_of_each(place):
    place.draw(GROUP)
    for _ in range(bulk_tasks.AT_ONCE + 2):
        place.start()
    keys = tuple(task.key for task in place.open())
    admin = place.actor("joko", "perf_admin")
    tasks.claim_task(place.house, place.actor("ratna", "perf_admin"), keys[0])
    with pytest.raises(InputRefused):
        do_together(place.house, place.actor("budi"), Together(act=Act.CLAIM, task_keys=keys))
    asked = Together(act=Act.CLAIM, task_keys=keys, idempotency_key="once")
    found = do_together(place.house, admin, asked)
    assert (found.done, found.undertaking_id is not None) == ((), True)
    assert do_together(place.house, admin, asked) == found
    place.worker.drain()
    with place.house.reading() as uow:
        work = uow.workplace.undertaking(found.undertaking_id)
    assert (work.state.value, work.done, work.total) == ("done", len(keys), len(keys))
    assert (work.facts["done"], work.facts["failed"]) == (len(keys) - 1, 1)
    assert work.facts["refused"][0]["task"] == str(keys[0])

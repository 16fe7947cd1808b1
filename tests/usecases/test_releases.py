"""Releases: two people, frozen files, one transaction; on both databases."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
import sqlalchemy as sa

from engine.domain.errors import NotEntitled, RuleBroken, TransitionRefused
from engine.domain.releases import ReleaseState, Running
from engine.persistence.tables.work import audit
from engine.usecases import (
    batch_chunks,
    batches,
    drafting,
    processes,
    release_views,
    releases,
)
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.errors import AccessRefused, Conflict, DrawingRefused, InputRefused, NotFound
from engine.usecases.ports.batches import BatchKind, InstanceFilter
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.ports.process import Resource
from engine.usecases.release_outlook import Choice
from tests.persistence.counting import counted
from tests.runtime import drawn as d
from tests.usecases.conftest import MODELER

P = Subject(DraftKind.PROCESS, "P")
WHY = "a step was missing in the squads"


def owner(name, *groups, agency=None):
    return Actor(
        kind=ActorKind.PERSON,
        name=name,
        person_id=name,
        groups=frozenset(groups or {"process_owner"}),
        agency_id=agency,
    )


ANI, BENI, CICI = owner("ani"), owner("beni"), owner("cici")


def drawing(*steps):
    body = d.SE + "".join(d.user(step) for step in steps)
    return d.drawing(body + d.chain("Start", *steps, "End"))


class Desk:
    """A house in which version 1 of P runs three times, with a draft of version 2."""

    def __init__(self, place):
        self.place, self.house = place, place.house
        processes.deploy(self.house, MODELER, (Resource(name="p.bpmn", content=drawing("A", "B")),))
        with self.house.writing() as uow:
            self.keys = [place.runner.start(uow, "P", {}, MODELER) for _ in range(3)]
            uow.commit()

    def draft(self, actor, content, subject=P, **command):
        with self.house.reading() as uow:
            standing = uow.drafts.current(subject)
        command = {"expected": standing.mark if standing else "", **command}
        save = drafting.SaveDraft(subject=subject, content=content, **command)
        return drafting.save_draft(self.house, actor, save)

    def propose(self, actor=ANI, subject=P, **given):
        given = {"reason": WHY, **given}
        command = releases.ProposeRelease(subject=subject, **given)
        return releases.propose(self.house, actor, command)

    def changed(self):
        """Proposed by ani, who drew it."""
        self.draft(ANI, drawing("A", "N", "B"))
        return self.propose()

    def newest(self):
        with self.house.reading() as uow:
            return uow.processes.latest_definition("P")

    def state(self, made):
        return release_views.kept(self.house, BENI, made.id).release.state

    def versions(self):
        """Versions on which the three run."""
        with self.house.reading() as uow:
            found = [uow.processes.instance(key).definition_key for key in self.keys]
            return {uow.processes.definition(key).version for key in found}

    def acts(self, made):
        with self.house.reading() as uow:
            told = sa.select(audit.c.act).where(audit.c.stream == f"release:{made.id}")
            return list(uow.connection.execute(told.order_by(audit.c.seq)).scalars())


def run(desk, batch_key):
    """What the worker does after the commit."""
    with desk.house.writing() as uow:
        assert batch_chunks.do_next(desk.house, uow, {"batch": str(batch_key)}) is None
        uow.commit()


@pytest.fixture
def desk(place):
    return Desk(place)


def test_a_second_person_publishes_what_the_first_proposed(desk):
    made = desk.changed()
    assert made.state is ReleaseState.IN_REVIEW
    assert made.facts["instances"] == 3
    assert made.facts["tasks"] == 3
    assert desk.newest().version == 1
    done = releases.publish(desk.house, BENI, made.id, "looks good to me")
    assert (done.state, done.decided_by, done.words) == (
        ReleaseState.PUBLISHED,
        "beni",
        "looks good to me",
    )
    assert desk.newest().version == 2
    assert desk.newest().deployment_key == done.deployment_key
    assert desk.acts(made) == ["release:drafts:propose", "release:drafts:publish"]
    with desk.house.reading() as uow:
        assert uow.drafts.current(P) is None


def test_what_is_published_is_what_was_proposed_and_a_later_draft_stays_on_the_table(desk):
    made = desk.changed()
    desk.draft(ANI, drawing("A", "N", "M", "B"))
    releases.publish(desk.house, BENI, made.id)
    assert desk.newest().xml == drawing("A", "N", "B")
    with desk.house.reading() as uow:
        assert uow.drafts.current(P).content == drawing("A", "N", "M", "B")


@pytest.mark.parametrize("act", [releases.publish, releases.give_back])
def test_neither_proposer_nor_anybody_who_drew_it_decides(desk, act):
    desk.draft(CICI, drawing("A", "M", "B"))
    desk.draft(ANI, drawing("A", "N", "B"))
    made = desk.propose()
    words = "this is not what we agreed"
    with pytest.raises(NotEntitled, match="release_own"):
        act(desk.house, ANI, made.id, words)
    with pytest.raises(NotEntitled, match="release_drawn"):
        act(desk.house, CICI, made.id, words)
    substitute = replace(BENI, on_behalf_of="ani")
    with pytest.raises(NotEntitled, match="release_own"):
        act(desk.house, substitute, made.id, words)
    assert desk.state(made) is ReleaseState.IN_REVIEW


@pytest.mark.parametrize("who", ["ani", "cici"])
def test_the_database_refuses_a_decision_by_one_of_those_who_made_it(desk, who):
    desk.draft(CICI, drawing("A", "M", "B"))
    made = desk.propose()
    name = "two_people" if who == "ani" else "release_second_person"
    for state, words, key in (("published", None, 7), ("returned", "no, thank you", None)):
        forged = replace(
            made,
            state=ReleaseState(state),
            decided_by=who,
            decided_at=made.proposed_at,
            words=words,
            deployment_key=key,
        )
        with desk.house.writing() as uow, pytest.raises(Conflict, match=name):
            uow.releases.put(forged)


def test_the_database_keeps_what_was_proposed_and_what_ended(desk):
    made = desk.changed()
    with desk.house.writing() as uow, pytest.raises(Conflict, match="release_stays"):
        uow.releases.put(replace(made, sha256="another"))
    releases.withdraw(desk.house, ANI, made.id)
    with desk.house.writing() as uow, pytest.raises(Conflict, match="release_stays"):
        uow.releases.put(made)


def test_only_an_earlier_version_is_published_by_one_person_in_the_database_too(desk):
    made = desk.changed()
    forged = replace(made, id=desk.house.ids.uuid(), subject_id="Q", urgent=True)
    with desk.house.writing() as uow, pytest.raises(Conflict, match="urgent_only_back"):
        uow.releases.add(forged, [], ())


def test_a_returned_release_says_why_and_can_be_proposed_again(desk):
    made = desk.changed()
    with pytest.raises(RuleBroken, match="release_words"):
        releases.give_back(desk.house, BENI, made.id, "no")
    done = releases.give_back(desk.house, BENI, made.id, "the second step has no form")
    assert (done.state, done.words) == (ReleaseState.RETURNED, "the second step has no form")
    with pytest.raises(TransitionRefused):
        releases.publish(desk.house, BENI, made.id)
    again = desk.propose()
    assert releases.publish(desk.house, BENI, again.id).state is ReleaseState.PUBLISHED


def test_only_who_proposed_it_withdraws_it(desk):
    made = desk.changed()
    with pytest.raises(NotEntitled, match="release_of_another"):
        releases.withdraw(desk.house, BENI, made.id)
    assert releases.withdraw(desk.house, ANI, made.id).state is ReleaseState.WITHDRAWN


def test_a_release_is_outdated_when_somebody_published_meanwhile(desk):
    made = desk.changed()
    other = Resource(name="p.bpmn", content=drawing("A", "C", "B"))
    processes.deploy(desk.house, MODELER, (other,))
    assert release_views.review(desk.house, BENI, made.id).moved == [P]
    assert releases.publish(desk.house, BENI, made.id).state is ReleaseState.OUTDATED
    assert desk.newest().xml == other.content
    assert desk.state(made) is ReleaseState.OUTDATED


def test_one_release_of_a_subject_waits_at_a_time(desk):
    made = desk.changed()
    desk.draft(ANI, drawing("A", "N", "M", "B"))
    with pytest.raises(Conflict, match="release_waits"):
        desk.propose()
    releases.withdraw(desk.house, ANI, made.id)
    desk.propose()


def test_nothing_new_and_nothing_on_the_table_are_no_release(desk):
    with pytest.raises(NotFound):
        desk.propose()
    desk.draft(ANI, drawing("A", "B"))
    with pytest.raises(Conflict, match="release_nothing_new"):
        desk.propose()


def test_a_drawing_with_errors_or_of_another_process_is_not_proposed(desk):
    desk.draft(ANI, b"<no drawing")
    with pytest.raises(DrawingRefused):
        desk.propose()
    desk.draft(ANI, drawing("A", "N", "B").replace(b'process id="P"', b'process id="Q"'))
    with pytest.raises(DrawingRefused) as refused:
        desk.propose()
    assert "release-other-process" in {one.code for one in refused.value.findings}


def test_a_draft_that_was_saved_since_it_was_looked_at_is_not_proposed(desk):
    seen = desk.draft(ANI, drawing("A", "N", "B"))
    desk.draft(CICI, drawing("A", "N", "M", "B"))
    with pytest.raises(Conflict, match="release_draft_moved"):
        desk.propose(items=(f"process:P@{seen.mark}",))


def test_what_runs_moves_with_the_publication_and_comes_back_by_the_undo(desk):
    desk.draft(ANI, drawing("A", "N", "B"))
    made = desk.propose(choice=Choice(running=Running.MIGRATE))
    assert (made.facts["tried"], made.facts["moving"]) == (3, 3)
    clerk = replace(BENI, kind=ActorKind.CLIENT, person_id=None)
    done = releases.publish(desk.house, clerk, made.id)
    run(desk, done.batch_key)
    assert desk.versions() == {2}
    undo = batches.BeginBatch(
        kind=BatchKind.MIGRATION_UNDO,
        wanted=InstanceFilter(agency_id=None),
        reason="the new step was not right",
        undo_of=done.batch_key,
    )
    run(desk, int(batches.begin_batch(desk.house, clerk, undo)["batchKey"]))
    assert desk.versions() == {1}


def test_a_pilot_takes_no_running_work_along_and_names_known_units(desk):
    desk.draft(ANI, drawing("A", "N", "B"))
    with pytest.raises(RuleBroken, match="release_pilot_moves"):
        desk.propose(choice=Choice(running=Running.MIGRATE, units=("u1",)))
    with pytest.raises(InputRefused):
        desk.propose(choice=Choice(units=("u1",)))
    made = desk.propose(choice=Choice(units=()))
    releases.publish(desk.house, BENI, made.id)
    assert desk.newest().pilot_units == ()


def test_the_first_version_moves_nobody_and_pilots_nowhere(desk):
    first = Subject(DraftKind.PROCESS, "Q")
    xml = drawing("A").replace(b'"P"', b'"Q"')
    desk.draft(ANI, xml, first)
    with pytest.raises(RuleBroken, match="release_pilot_first"):
        desk.propose(subject=first, choice=Choice(units=()))
    made = desk.propose(subject=first)
    assert releases.publish(desk.house, BENI, made.id).state is ReleaseState.PUBLISHED


def test_an_earlier_version_comes_back_by_review_or_at_once_when_it_is_urgent(desk):
    first = desk.newest()
    releases.publish(desk.house, BENI, desk.changed().id)
    made = desk.propose(back_to=first.key)
    releases.publish(desk.house, BENI, made.id)
    assert (desk.newest().version, desk.newest().xml) == (3, first.xml)
    command = releases.ProposeRelease(subject=P, reason=WHY, back_to=first.key)
    with pytest.raises(Conflict, match="release_nothing_new"):
        releases.bring_back(desk.house, ANI, command)
    desk.draft(ANI, drawing("A", "X", "B"))
    releases.publish(desk.house, BENI, desk.propose().id)
    done = releases.bring_back(desk.house, ANI, command)
    assert (done.state, done.decided_by, done.urgent) == (ReleaseState.PUBLISHED, "ani", True)
    assert (desk.newest().version, desk.newest().xml) == (5, first.xml)
    with pytest.raises(Conflict, match="release_urgent_only_back"):
        releases.bring_back(desk.house, ANI, replace(command, back_to=None))


def test_another_agency_knows_nothing_of_a_release_and_others_need_the_right(desk):
    made = desk.changed()
    stranger = owner("dodo", agency="elsewhere")
    with pytest.raises(NotFound):
        releases.publish(desk.house, stranger, made.id)
    assert release_views.releases(desk.house, stranger) == []
    with pytest.raises(AccessRefused):
        releases.publish(desk.house, owner("eko", "auditor"), made.id)
    with pytest.raises(AccessRefused):
        desk.propose(owner("eko", "perf_admin"))
    with pytest.raises(AccessRefused):
        processes.deploy(desk.house, ANI, (Resource(name="p.bpmn", content=drawing("A")),))


def test_of_two_reviewers_at_once_one_publishes_and_the_other_is_told(desk):
    made = desk.changed()
    gate, ends = threading.Barrier(2), []

    def decide(reviewer):
        gate.wait()
        try:
            ends.append(releases.publish(desk.house, reviewer, made.id).decided_by)
        except (TransitionRefused, Conflict) as late:
            ends.append(type(late).__name__)

    workers = [threading.Thread(target=decide, args=(one,)) for one in (BENI, CICI)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert len([one for one in ends if one in {"beni", "cici"}]) == 1
    assert "TransitionRefused" in ends
    assert desk.newest().version == 2


def test_a_release_leaves_nothing_behind_when_its_publication_fails(desk, monkeypatch):
    made = desk.changed()

    def broken(*_given, **_more):
        raise Conflict("the disk is full")

    monkeypatch.setattr("engine.usecases.release_publishing._clear", broken)
    with pytest.raises(Conflict, match="disk"):
        releases.publish(desk.house, BENI, made.id)
    assert desk.state(made) is ReleaseState.IN_REVIEW
    assert desk.newest().version == 1


def test_looking_ahead_takes_as_many_statements_for_many_tasks_as_for_few(desk):
    desk.draft(ANI, drawing("A", "N", "B"))
    command = releases.ProposeRelease(subject=P)
    releases.prepare(desk.house, ANI, command)
    counts = []
    for more in (0, 40):
        with desk.house.writing() as uow:
            for _ in range(more):
                desk.place.runner.start(uow, "P", {}, MODELER)
            uow.commit()
        with counted(desk.place.units.database.reading) as sent:
            found = releases.prepare(desk.house, ANI, command)
        counts.append(sent.count)
    assert (found.outlook.standing.tasks, len(found.outlook.tasks)) == (43, 20)
    assert counts[0] == counts[1]


def test_a_draft_that_the_drawing_does_not_name_is_a_release_of_its_own(desk):
    desk.draft(ANI, drawing("A", "N", "B"))
    form = Subject(DraftKind.FORM, "lone")
    schema = b'{"type": "default", "id": "lone", "schemaVersion": 16, "components": []}'
    desk.draft(CICI, schema, form)
    found = releases.prepare(desk.house, ANI, releases.ProposeRelease(subject=P))
    assert [one.name for one in found.candidates] == ["process:P"]
    alone = releases.prepare(desk.house, ANI, releases.ProposeRelease(subject=form))
    assert [one.name for one in alone.taken] == ["form:lone"]


def test_what_is_urgent_does_not_wait_for_a_proposal_which_is_outdated_then(desk):
    first = desk.newest()
    releases.publish(desk.house, BENI, desk.changed().id)
    desk.draft(ANI, drawing("A", "X", "B"))
    waiting = desk.propose()
    command = releases.ProposeRelease(subject=P, reason=WHY, back_to=first.key)
    assert releases.bring_back(desk.house, CICI, command).urgent
    assert desk.newest().xml == first.xml
    assert desk.state(waiting) is ReleaseState.OUTDATED


def test_publishing_outdates_other_proposals_of_the_same_file(desk):
    form = Subject(DraftKind.FORM, "lone")
    schema = b'{"type": "default", "id": "lone", "schemaVersion": 16, "components": []}'
    desk.draft(CICI, schema, form)
    desk.draft(ANI, drawing("A", "N", "B").replace(b'id="P"', b'id="P" name="lone"'))
    whole = desk.propose(items=("process:P", "form:lone"))
    alone = desk.propose(subject=form)
    releases.publish(desk.house, BENI, alone.id)
    assert desk.state(whole) is ReleaseState.OUTDATED

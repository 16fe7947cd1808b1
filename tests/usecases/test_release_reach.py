"""Whom the release of a decision or a form touches, and how an earlier version comes back."""

from __future__ import annotations

import pytest

from engine.domain.releases import ReleaseState
from engine.usecases import processes, release_views, releases
from engine.usecases.errors import Conflict, NotFound
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.ports.process import Resource
from tests.persistence.counting import counted
from tests.runtime import drawn as d
from tests.usecases.conftest import MODELER
from tests.usecases.test_releases import ANI, BENI, WHY, Desk

DAYS = Subject(DraftKind.DECISION, "days")
ASK = Subject(DraftKind.FORM, "ask")


def dmn(cell="5"):
    """One table: how many days a kind of request has."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="f" name="f" namespace="n">
  <decision id="days" name="Days"><variable name="days" typeRef="number"/>
    <decisionTable id="t" hitPolicy="UNIQUE">
      <input id="i" label="Kind"><inputExpression id="e" typeRef="string"><text>kind</text>
      </inputExpression></input>
      <output id="o" name="days" label="Days" typeRef="number"/>
      <rule id="r1"><inputEntry id="c1"><text>"short"</text></inputEntry>
        <outputEntry id="c2"><text>{cell}</text></outputEntry></rule>
      <rule id="r2"><inputEntry id="c3"><text>"long"</text></inputEntry>
        <outputEntry id="c4"><text>10</text></outputEntry></rule>
    </decisionTable></decision>
</definitions>""".encode()


def form(label="Name"):
    return (
        '{"type": "default", "id": "ask", "schemaVersion": 16, "components": '
        f'[{{"type": "textfield", "key": "name", "label": "{label}", "id": "F1"}}]}}'
    ).encode()


def using(process_id, binding="", assignee=""):
    """A process with a task that asks by the form, then the decision."""
    whose = f'<zeebe:assignmentDefinition assignee="{assignee}"/>' if assignee else ""
    ask = d.user("A", f'<zeebe:formDefinition formId="ask"{binding}/>{whose}')
    called = f'<zeebe:calledDecision decisionId="days" resultVariable="days"{binding}/>'
    rule = f'<businessRuleTask id="R">{d.ext(called)}</businessRuleTask>'
    return d.drawing(d.SE + ask + rule + d.chain("Start", "A", "R", "End"), pid=process_id)


PINNED = ' bindingType="deployment"'


class Office(Desk):
    """Beside P, which names neither: U asks both, V keeps the ones of its deployment."""

    def __init__(self, place):
        super().__init__(place)
        files = [
            Resource(name="days.dmn", content=dmn()),
            Resource(name="ask.form", content=form()),
            Resource(name="u.bpmn", content=using("U")),
            Resource(name="v.bpmn", content=using("V", PINNED)),
        ]
        processes.deploy(self.house, MODELER, tuple(files))
        self.start("U", 2)
        self.start("V", 1)

    def start(self, process_id, times):
        with self.house.writing() as uow:
            for _ in range(times):
                self.place.runner.start(uow, process_id, {"kind": "short"}, MODELER)
            uow.commit()

    def look(self, subject, **given):
        command = releases.ProposeRelease(subject=subject, **given)
        return releases.prepare(self.house, ANI, command).outlook


@pytest.fixture
def office(place):
    return Office(place)


def test_a_changed_decision_touches_what_runs_on_every_process_that_asks_it(office):
    office.draft(ANI, dmn("7"), DAYS)
    found = office.look(DAYS)
    told = [(one.process_id, one.instances, one.changes_running) for one in found.reached]
    assert told == [("U", 2, True), ("V", 1, False)]
    assert (found.instances, found.standing.tasks) == (2, 2)
    assert {task.process_id for task in found.tasks} == {"U"}
    made = office.propose(subject=DAYS)
    assert (made.facts["instances"], made.facts["tasks"]) == (2, 2)


def test_a_changed_form_leaves_open_tasks_as_they_are(office):
    office.draft(ANI, form("Full name"), ASK)
    found = office.look(ASK)
    assert [(one.process_id, one.changes_running) for one in found.reached] == [
        ("U", False),
        ("V", False),
    ]
    assert (found.standing.tasks, found.tasks) == (0, ())


def test_a_decision_that_is_as_it_is_in_force_touches_nobody(office):
    office.draft(ANI, dmn(), DAYS)
    found = office.look(DAYS)
    assert (found.reached, found.standing.tasks) == ((), 0)


def test_whom_a_decision_touches_takes_as_many_statements_for_many_as_for_few(office):
    office.draft(ANI, dmn("7"), DAYS)
    office.look(DAYS)
    counts = []
    for more in (0, 30):
        office.start("U", more)
        with counted(office.place.units.database.reading) as sent:
            found = office.look(DAYS)
        counts.append(sent.count)
    assert (found.standing.tasks, len(found.tasks)) == (32, 20)
    assert counts[0] == counts[1]


def published(office, subject):
    with office.house.reading() as uow:
        if subject is DAYS:
            return [(row.version, row.xml) for row in uow.processes.decisions("days")]
        return [(row.version, row.schema) for row in uow.processes.form_versions("ask")]


def key_of(office, subject, version):
    with office.house.reading() as uow:
        rows = (
            uow.processes.decisions("days")
            if subject is DAYS
            else uow.processes.form_versions("ask")
        )
    return next(row.key for row in rows if row.version == version)


BOTH = pytest.mark.parametrize(
    ("subject", "old", "new"), [(DAYS, dmn(), dmn("7")), (ASK, form(), form("Full name"))]
)


@BOTH
def test_an_earlier_decision_or_form_comes_back_by_two_people(office, subject, old, new):
    office.draft(ANI, new, subject)
    releases.publish(office.house, BENI, office.propose(subject=subject).id)
    assert published(office, subject)[0] == (2, new)
    first = key_of(office, subject, 1)
    made = office.propose(subject=subject, back_to=first)
    assert (made.state, published(office, subject)[0]) == (ReleaseState.IN_REVIEW, (2, new))
    assert release_views.review(office.house, BENI, made.id).outlook.changed
    releases.publish(office.house, BENI, made.id)
    assert published(office, subject) == [(3, old), (2, new), (1, old)]


@BOTH
def test_an_earlier_decision_or_form_comes_back_at_once_when_it_is_urgent(
    office, subject, old, new
):
    office.draft(ANI, new, subject)
    releases.publish(office.house, BENI, office.propose(subject=subject).id)
    command = releases.ProposeRelease(
        subject=subject, reason=WHY, back_to=key_of(office, subject, 1)
    )
    assert releases.bring_back(office.house, ANI, command).urgent
    assert published(office, subject)[0] == (3, old)
    with pytest.raises(Conflict, match="release_nothing_new"):
        releases.bring_back(office.house, ANI, command)


def test_a_version_of_another_subject_does_not_come_back(office):
    for subject, other in ((DAYS, key_of(office, ASK, 1)), (ASK, key_of(office, DAYS, 1))):
        with pytest.raises(NotFound):
            office.propose(subject=subject, back_to=other)
        with pytest.raises(NotFound):
            office.propose(subject=subject, back_to=office.newest().key)

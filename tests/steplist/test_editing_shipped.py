"""Every edit of every drawing that ships leaves one that is accepted, drawn and otherwise kept."""

from __future__ import annotations

import pytest
from hypothesis import given, reject, settings
from lxml import etree

from engine.steplist.diagram import BPMNDI, Diagram
from engine.steplist.editing import EditRefused, Say, edited
from engine.steplist.faults import REASONS
from engine.steplist.outline import outline
from engine.steplist.paper import BPMN, Paper
from engine.steplist.writing import Saying
from tests.steplist.edits import NAMES, ROOT, SHIPPED, edits, errors, shipped

OFTEN = settings(max_examples=60, deadline=None)


def made(content, edit):
    """The drawing as edited; a refused edit is no example."""
    code = None
    try:
        return edited(content, edit, NAMES)
    except EditRefused as refused:
        code = refused.code
    assert code in REASONS
    return reject()


def boxes(paper):
    diagram = Diagram(paper, paper.nodes()[0].get("id"))
    plain = [
        (key, box)
        for key, box in diagram.boxes()
        if not diagram.holds_others(key) and diagram.kind(key) != "boundaryEvent"
    ]
    return {
        frozenset((one, two))
        for place, (one, box) in enumerate(plain)
        for two, other in plain[:place]
        if box.touches(other, 0)
    }


DRAWN = ROOT / "tests" / "web" / "drawings" / "cuti.bpmn"


@pytest.mark.parametrize("path", [*SHIPPED, DRAWN], ids=lambda path: path.stem)
def test_a_drawing_that_is_not_changed_keeps_every_byte(path):
    content = shipped(path)
    paper = Paper.read(content)
    assert paper.written() == content
    step_id = paper.nodes()[0].get("id")
    nothing = Say(step_id=step_id, said=Saying(name=paper.nodes()[0].get("name")))
    assert edited(content, nothing, NAMES).content == content


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_outline_tells_every_step_and_every_way_once(path):
    paper = Paper.read(shipped(path))
    told = outline(paper)
    assert set(told.numbers) == {one.get("id") for one in paper.nodes()}
    assert sorted(told.numbers.values()) == list(range(1, len(told.numbers) + 1))
    ways = [way.flow_id for step in told.steps.values() for way in step.ways]
    assert sorted(ways) == sorted(flow.get("id") for flow in paper.flows())
    for step in told.steps.values():
        for way in step.ways:
            if way.follows:
                assert told.numbers[way.target] > told.numbers[step.id]


@given(edits())
@OFTEN
def test_an_edited_drawing_is_accepted_as_the_one_before(case):
    path, edit = case
    content = shipped(path)
    assert errors(content) == []
    assert errors(made(content, edit).content) == []


@given(edits())
@OFTEN
def test_after_an_edit_every_step_and_way_is_drawn_and_nothing_new_overlaps(case):
    path, edit = case
    before = boxes(Paper.read(shipped(path)))
    paper = Paper.read(made(shipped(path), edit).content)
    shapes = {one.get("bpmnElement") for one in paper.root.iter(f"{{{BPMNDI}}}BPMNShape")}
    edges = {one.get("bpmnElement") for one in paper.root.iter(f"{{{BPMNDI}}}BPMNEdge")}
    assert {one.get("id") for one in paper.nodes()} <= shapes
    assert {one.get("id") for one in paper.flows()} == edges - {
        one.get("id") for one in paper.root.iter(f"{{{BPMN}}}association")
    }
    assert boxes(paper) <= before


@given(edits())
@OFTEN
def test_an_edit_leaves_every_element_it_does_not_name_as_it_was(case):
    path, edit = case
    marked = _marked(shipped(path))
    after = made(marked, edit)
    old, new = _elements(marked), _elements(after.content)
    gone = set(old) - set(new)
    kept = [key for key in old if key in new and key != edit.step_id]
    for key in kept:
        assert _without_flows(old[key]) == _without_flows(new[key])
    assert after.content.count(b"<x:note") == marked.count(b"<x:note") - sum(
        1 for key in gone if b"<x:note" in old[key]
    )
    assert b"<!-- a word -->" in after.content


def _marked(content):
    """The drawing with a comment and an element of somebody else in every step."""
    paper = Paper.read(content)
    for node in paper.nodes():
        node.append(node.makeelement("{urn:x}note", {"id": f"n_{node.get('id')}"}, {"x": "urn:x"}))
    return paper.written().replace(b"<bpmn:process ", b"<!-- a word --><bpmn:process ", 1)


def _elements(content):
    return {
        one.get("id"): etree.tostring(one, method="c14n")
        for one in Paper.read(content).nodes()
        if not list(one.iter(f"{{{BPMN}}}sequenceFlow"))
    }


def _without_flows(text):
    root = etree.fromstring(text)
    for one in list(root):
        if one.tag in {f"{{{BPMN}}}incoming", f"{{{BPMN}}}outgoing"}:
            root.remove(one)
    root.attrib.pop("default", None)
    return [str(one.tag) + str(sorted(one.attrib.items())) for one in root.iter()]

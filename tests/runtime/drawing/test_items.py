"""Data items, their definitions, and what a multi-instance throws."""

import pytest
from small_drawings import codes, drawing, path

ROOTS = (
    '<b:itemDefinition id="One" structureRef="text"/>'
    '<b:itemDefinition id="Many" structureRef="text" isCollection="true"/>'
    '<b:itemDefinition id="Numbers" structureRef="number"/>'
    '<b:signal id="G" name="g"/><b:signalEventDefinition id="D" signalRef="G"/>'
)


def _loop(inner, given=""):
    marker = f"<b:multiInstanceLoopCharacteristics {given}>{inner}"
    return f"{marker}</b:multiInstanceLoopCharacteristics>"


def _listed(item, whole="Many"):
    data = (
        f'<b:ioSpecification><b:dataInput id="i" itemSubjectRef="{whole}" '
        f'isCollection="{str(whole == "Many").lower()}"/>'
        "<b:inputSet><b:dataInputRefs>i</b:dataInputRefs></b:inputSet><b:outputSet/>"
        "</b:ioSpecification>"
    )
    inner = f'<b:loopDataInputRef>i</b:loopDataInputRef><b:inputDataItem id="x" {item}/>'
    return f'<b:task id="t">{data}{_loop(inner)}</b:task>'


def _codes(task):
    return codes(drawing(path(("t", task)), roots=ROOTS))


def test_a_list_of_what_its_item_is_is_right():
    assert _codes(_listed('itemSubjectRef="One"')) == set()


@pytest.mark.parametrize(
    ("code", "task"),
    [
        ("data-item", _listed('itemSubjectRef="Many"')),
        ("data-item", _listed('itemSubjectRef="Numbers"')),
        ("data-item", _listed('itemSubjectRef="One"', "One")),
        (
            "behaviour-event",
            '<b:task id="t">' + _loop("", 'noneBehaviorEventRef="D"') + "</b:task>",
        ),
        (
            "behaviour-event",
            '<b:task id="t">'
            + _loop(
                "<b:complexBehaviorDefinition><b:condition>=true</b:condition>"
                "</b:complexBehaviorDefinition>"
            )
            + "</b:task>",
        ),
    ],
)
def test_a_multi_instance_that_contradicts_itself_is_named(code, task):
    assert code in _codes(task)


def test_a_data_object_is_a_collection_as_its_definition_is():
    body = path(("t", '<b:task id="t"/>')) + '<b:dataObject id="d" itemSubjectRef="Many"/>'
    assert codes(drawing(body, roots=ROOTS)) == {"data-collection"}


def test_what_an_association_computes_is_feel():
    task = (
        '<b:task id="t"><b:ioSpecification><b:dataInput id="i"/><b:inputSet><b:dataInputRefs>i'
        "</b:dataInputRefs></b:inputSet><b:outputSet/></b:ioSpecification>"
        "<b:dataInputAssociation><b:targetRef>i</b:targetRef><b:assignment>"
        "<b:from>1 + 2</b:from><b:to>i</b:to></b:assignment></b:dataInputAssociation></b:task>"
    )
    assert "not-feel" in _codes(task)
    assert _codes(task.replace("1 + 2", "=1 + 2")) == set()

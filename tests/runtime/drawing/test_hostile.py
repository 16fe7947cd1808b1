"""No bytes bring a traceback, and no size brings the reader down."""

import random
import time

import pytest
from small_drawings import HEAD, check, codes, drawing, ext, path

from engine.runtime.drawing import source
from engine.runtime.drawing.model import Kind


def only_code(data):
    found, findings = check(data)
    assert found is None
    (finding,) = findings
    return finding.code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not-xml"),
        (b"\x00\xff\xfe", "not-xml"),
        (b"<a", "not-xml"),
        (b'<?xml version="1.0" encoding="x-none"?><a/>', "not-xml"),
        (b"<a/>", "not-bpmn"),
        (b'<definitions xmlns="http://example.org/"/>', "not-bpmn"),
        (b"PK\x03\x04 zip", "not-xml"),
        (b"x" * (source.MAX_BYTES + 1), "file-too-large"),
    ],
)
def test_what_is_no_drawing_is_one_finding(data, code):
    assert only_code(data) == code


def test_a_doctype_is_refused():
    data = b'<!DOCTYPE a [<!ENTITY x "y">]>' + drawing(path())
    assert only_code(data) == "doctype"


def test_entities_are_never_expanded(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hidden words", encoding="utf-8")
    body = path(("t", '<b:task id="t" name="x">&leak;</b:task>'))
    data = f'<!DOCTYPE a [<!ENTITY leak SYSTEM "file://{secret}">]>'.encode() + drawing(body)
    found, findings = check(data)
    assert found is None
    assert "hidden" not in repr(findings)


def test_a_billion_laughs_costs_nothing():
    laughs = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)
    )
    data = f"<!DOCTYPE a [{laughs}]>".encode()
    data += drawing(path(("t", '<b:task id="t" name="&a11;"/>')))
    began = time.process_time()
    assert check(data)[0] is None
    assert time.process_time() - began < 5


def test_depth_is_capped():
    body = "".join(f'<b:subProcess id="s{n}">' for n in range(source.MAX_DEPTH))
    assert only_code(drawing(body + "</b:subProcess>" * source.MAX_DEPTH)) == "too-deep"


def test_depth_beyond_the_parser_is_a_finding_too():
    data = f"{HEAD}{'<a>' * 5000}{'</a>' * 5000}</bpmn:definitions>".encode()
    assert only_code(data) in {"too-deep", "not-xml"}


def test_the_number_of_elements_is_capped():
    assert only_code(drawing("<b:task/>" * (source.MAX_ELEMENTS + 1))) == "too-many-elements"


def test_a_long_path_is_checked_without_recursion():
    nodes = [(f"t{n}", f'<b:task id="t{n}"/>') for n in range(4000)]
    found, findings = check(drawing(path(*nodes)))
    assert found is not None
    assert findings == ()
    assert len(found.processes[0].nodes) == 4002


def test_too_many_nodes_are_refused_by_name():
    nodes = [(f"t{n}", f'<b:task id="t{n}"/>') for n in range(5000)]
    _, findings = check(drawing(path(*nodes)))
    assert [f.code for f in findings] == ["too-many-nodes"]


def test_four_hundred_nodes_check_at_once():
    script = ext('<z:script expression="=a + 1" resultVariable="a"/>')
    nodes = [(f"t{n}", f'<b:scriptTask id="t{n}">{script}</b:scriptTask>') for n in range(400)]
    began = time.process_time()
    found, _ = check(drawing(path(*nodes)))
    assert found is not None
    assert time.process_time() - began < 2


def test_broken_bytes_of_a_real_drawing_never_raise():
    user = '<b:userTask id="u" name="Draft">' + ext('<z:userTask/><z:formDefinition formId="f"/>')
    sub = (
        '<b:subProcess id="s"><b:startEvent id="i"/></b:subProcess>'
        '<b:boundaryEvent id="b" attachedToRef="s"><b:errorEventDefinition errorRef="e"/>'
        "</b:boundaryEvent>"
    )
    data = drawing(path(("u", user + "</b:userTask>"), ("s", sub)), roots='<b:error id="e"/>')
    chance = random.Random(7)  # noqa: S311 - a seeded run, no secret
    for _ in range(400):
        broken = bytearray(data)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(broken))
            broken[at : at + chance.randint(0, 8)] = chance.choice((b"", b'"', b"e", b"<", b"\xff"))
        check(bytes(broken))


@pytest.mark.parametrize("kind", [*Kind, "sequenceFlow", "process"])
@pytest.mark.parametrize("holder", ["task", "laneSet", "text", "startEvent"])
def test_what_stands_in_the_wrong_place_is_named_and_not_lost(kind, holder):
    inner = f'<b:{kind} id="x"><b:incoming>y</b:incoming><b:{kind}/></b:{kind}>'
    body = path() + f'<b:{holder} id="h">{inner}</b:{holder}>'
    assert "misplaced-element" in codes(drawing(body))
    assert "misplaced-element" in codes(drawing(body, executable=False))


def test_swapped_references_never_raise():
    ids = ["start", "end", "s", "b", "i", "g", "p", "f0", "", "no", "x:s"]
    chance = random.Random(11)  # noqa: S311 - a seeded run, no secret
    for _ in range(300):
        pick = [chance.choice(ids) for _ in range(8)]
        body = (
            f'<b:startEvent id="{pick[0]}"/><b:subProcess id="s" default="{pick[1]}">'
            f'<b:startEvent id="i"/><b:task id="{pick[2]}"/>'
            f'<b:sequenceFlow id="{pick[3]}" sourceRef="{pick[4]}" targetRef="{pick[5]}"/>'
            f'</b:subProcess><b:boundaryEvent id="b" attachedToRef="{pick[6]}"/>'
            f'<b:eventBasedGateway id="g"/><b:sequenceFlow sourceRef="{pick[7]}" targetRef="g"/>'
            f'<b:sequenceFlow sourceRef="g" targetRef="{pick[4]}"/>'
        )
        check(drawing(body))
        check(drawing(body, executable=False))

"""Whatever a process owner writes where an expression may stand: it reaches nothing, ends soon,
and takes little. Row 1 of the attack surface; every slot that a drawing, a table and a form have.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import json
import os
import subprocess
from types import SimpleNamespace

import pytest

from engine.dmn import errors as dmn_errors
from engine.runtime.drawing import rules_expressions
from engine.usecases.errors import DrawingRefused, InputRefused
from forms.adapter import FormAdapter
from tests.runtime.drawn import (
    SE,
    boundary,
    call,
    catch,
    chain,
    drawing,
    end,
    error,
    esc,
    escalation,
    ext,
    flow,
    gateway,
    io,
    message,
    multi,
    props,
    q,
    refer,
    script,
    service,
    signal,
    start,
    sub,
    throw,
    timer,
    user,
)  # fmt: skip
from tests.runtime.event_trees import conditional
from tests.runtime.play import Stage
from tests.security.audited import watched

#: ways out that opened another engine: Python, its recipes of restriction, JavaScript, Java, shells
ESCAPES = (
    "().__class__.__base__.__subclasses__()",
    "__import__('os').system('touch canary')",
    'open("/etc/passwd").read()',
    "eval(\"__import__('os').popen('id').read()\")",
    "exec('import os')",
    "[c for c in (1).__class__.__mro__ if c]",
    "(lambda f: f.__globals__)(print)",
    "getattr(getattr('', '__class__'), '__mro__')",
    '"{0.__class__.__init__.__globals__}".format(1)',
    "this.constructor.constructor('return process')().mainModule.require('child_process')",
    "T(java.lang.Runtime).getRuntime().exec('id')",
    "${7*7}#{7*7}{{7*7}}<%= 7*7 %>`id`$(id)",
    'function(x) external {java: {class: "java.lang.Runtime", method signature: "exec(String)"}}',
)
#: an endless loop, and two gigabytes by doubling
ENDLESS = "{f: function(n) f(n + 1), r: f(1)}.r"
HUGE = '{f: function(s, n) if n = 0 then s else f(s + s, n - 1), r: f("xxxxxxxx", 28)}.r'
LONG = "count(for i in 1..100000, j in 1..100000 return i)"
COSTS = (ENDLESS, HUGE, LONG)
#: this one is paid for step by step until the limit: about a second, so it is asked once
STEPPED = "every i in 1..1000, j in 1..1000 satisfies true"

P = '"x"'  # an ordinary word where a slot beside the attacked one wants some


def whole(*middle, extra="", flows=""):
    names = ["Start", *(f"n{i}" for i in range(len(middle))), "End"]
    return drawing(SE + "".join(middle) + (flows or chain(*names)), extra=extra)


def one(xml, extra=""):
    return drawing(SE + xml + chain("Start", "n", "End"), extra=extra)


def forked(text, kind):
    body = SE + gateway("g", kind, default="d") + chain("Start", "g")
    return drawing(body + flow("g", "End", text) + flow("g", "End", id_="d"))


def asked(**given):
    inner = "".join(f"{name}={q(text)} " for name, text in given.items())
    return one(user("n", f"<zeebe:assignmentDefinition {inner}/>"))


def planned(**given):
    inner = "".join(f"{name}={q(text)} " for name, text in given.items())
    return one(user("n", f"<zeebe:taskSchedule {inner}/>"))


def box(inner="", done=""):
    until = f"<completionCondition>{esc(done)}</completionCondition>" if done else ""
    return one(f'<adHocSubProcess id="n">{ext(inner)}{user("a")}{until}</adHocSubProcess>')


def joined(text):
    body = start("Start") + gateway("g", "parallel") + end("End") + user("a")
    body += f'<complexGateway id="j"><activationCondition>{esc(text)}</activationCondition>'
    body += "</complexGateway>" + chain("Start", "g", "a", "j", "End") + flow("g", "j")
    return drawing(body)


def counted(text):
    loop = f"<loopCardinality>{esc(text)}</loopCardinality>"
    loop = f"<multiInstanceLoopCharacteristics>{loop}</multiInstanceLoopCharacteristics>"
    return one(user("n", body=loop))


def looped(text):
    loop = f"<loopCondition>{esc(text)}</loopCondition>"
    loop = f'<standardLoopCharacteristics testBefore="true">{loop}</standardLoopCharacteristics>'
    return one(script("n", "a", "1", body=loop))


def told(text=None, name="s"):
    """What a multi-instance tells while it goes on."""
    condition = f"<condition>{esc(text or '=true')}</condition>"
    behaviour = f'<complexBehaviorDefinition id="cb">{condition}<event id="ev">'
    behaviour += f"{refer('signal', 's')}</event></complexBehaviorDefinition>"
    loop = '<multiInstanceLoopCharacteristics isSequential="true" behavior="Complex">'
    loop += f"<loopCardinality>2</loopCardinality>{behaviour}</multiInstanceLoopCharacteristics>"
    return one(script("n", "a", "1", body=loop), extra=signal("s", name))


def caught(kind, text):
    made = {"error": error, "escalation": escalation}[kind]("e", text)
    return one(sub("n", SE + chain("Start", "End")) + "", extra=made).replace(
        b"</process>", boundary("b", "n", refer(kind, "e")).encode() + b"</process>"
    )


def repeated(**given):
    loop = multi(**given)
    return one(user("n", body=loop))


#: slot of a drawing -> the drawing with a text there; the text as it would be written
SLOTS = {
    "condition of a flow": lambda t: forked(t, "exclusive"),
    "condition of an inclusive flow": lambda t: forked(t, "inclusive"),
    "script": lambda t: one(script("n", "a", t.removeprefix("="))),
    "input": lambda t: one(user("n", io(inputs={"a": t}))),
    "output": lambda t: one(sub("n", SE + chain("Start", "End"), io(outputs={"a": t}))),
    "timer date": lambda t: one(catch("n", timer("Date", t))),
    "timer duration": lambda t: one(catch("n", timer("Duration", t))),
    "timer cycle": lambda t: one(
        user("n") + boundary("b", "n", timer("Cycle", t), interrupting=False) + end("x")
        + flow("b", "x")
    ),
    "timer start": lambda t: drawing(
        start("Start", timer("Cycle", t)) + end("End") + chain("Start", "End")
    ),
    "message name": lambda t: one(
        catch("n", refer("message", "m")), extra=message("m", t, key=f"={P}")
    ),
    "correlation key": lambda t: one(
        catch("n", refer("message", "m")), extra=message("m", "said", key=t)
    ),
    "thrown correlation key": lambda t: one(
        throw("n", refer("message", "m")),
        extra=message("m", "said", key=t),
    ),
    "signal name": lambda t: one(catch("n", refer("signal", "s")), extra=signal("s", t)),
    "thrown signal name": lambda t: one(throw("n", refer("signal", "s")), extra=signal("s", t)),
    "error code": lambda t: caught("error", t),
    "escalation code": lambda t: caught("escalation", t),
    "condition of an event": lambda t: one(catch("n", conditional(t))),
    "task type": lambda t: one(service("n", t)),
    "retries": lambda t: one(
        f'<serviceTask id="n">{ext(f"<zeebe:taskDefinition type={q(P)} retries={q(t)}/>")}'
        "</serviceTask>"
    ),
    "decision id": lambda t: one(
        "<businessRuleTask id='n'>"
        + ext(f"<zeebe:calledDecision decisionId={q(t)} resultVariable='r'/>")
        + "</businessRuleTask>"
    ),
    "called process": lambda t: one(call("n", t)),
    "assignee": lambda t: asked(assignee=t),
    "candidate groups": lambda t: asked(candidateGroups=t),
    "candidate users": lambda t: asked(candidateUsers=t),
    "due date": lambda t: planned(dueDate=t),
    "follow-up date": lambda t: planned(followUpDate=t),
    "priority": lambda t: one(user("n", f"<zeebe:priorityDefinition priority={q(t)}/>")),
    "subject": lambda t: one(user("n", props(regu_subject=t))),
    "form id": lambda t: one(user("n", f"<zeebe:formDefinition formId={q(t)}/>")),
    "collection": lambda t: repeated(collection=t),
    "output element": lambda t: one(
        script("n", "a", "1", body=multi("=[1, 2]", out="all", out_element=t))
    ),
    "completion condition": lambda t: one(script("n", "a", "1", body=multi("=[1, 2]", until=t))),
    "cardinality": counted,
    "loop condition": looped,
    "end of an ad-hoc": lambda t: box(done=t),
    "chosen of an ad-hoc": lambda t: box(f"<zeebe:adHoc activeElementsCollection={q(t)}/>"),
    "activation": joined,
    "told condition": lambda t: told(text=t),
    "told signal": lambda t: told(name=t),
}  # fmt: skip


def ran(data):
    """Deploy and play: refused, or an incident, or a state that waits; "refused" or incidents."""
    stage = Stage()
    try:
        stage.deploy(data)
    except DrawingRefused as refused:
        return ["refused", *(f.code for f in refused.findings)]
    key = stage.start()
    if stage.open_tasks():
        stage.complete_key(stage.open_tasks()[0].key)
    return [i.kind for i in stage.incidents(key)]


@pytest.mark.parametrize("slot", SLOTS)
@pytest.mark.parametrize("written", ["={}", "{}"])
def test_no_payload_reaches_python_from_any_slot(slot, written):
    with watched() as reached:
        for payload in ESCAPES:
            found = ran(SLOTS[slot](written.format(payload)))
            assert "49" not in json.dumps(found), payload
    assert reached == []


@pytest.mark.parametrize("slot", SLOTS)
def test_a_loop_without_end_and_two_gigabytes_end_soon_in_every_slot(slot):
    """An incident or a refusal says so; nobody else waits for it."""
    for payload in COSTS:
        with watched(seconds=4.0):
            assert ran(SLOTS[slot](f"={payload}")), payload


def test_steps_are_paid_for_until_the_limit():
    with watched(seconds=4.0):
        assert ran(SLOTS["script"](f"={STEPPED}")) == ["expression"]


def test_every_text_that_the_deploy_check_reads_is_attacked():
    """A slot that is added to the check and not to this file fails here."""
    wanted = set(_labels())
    seen = []
    for make in SLOTS.values():
        stage = Stage()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(rules_expressions, "_compiled", lambda item, *_: seen.append(item) or ())
            patch.setattr(rules_expressions, "times", lambda _process: ())
            _ignoring(lambda make=make, stage=stage: stage.deploy(make("=marked")))
    found = {item.what.split(" '")[0] for item in seen if "marked" in item.text}
    assert wanted - found == set()


def _labels():
    """The third argument of each Text(...) of the rules, its constant beginning."""
    for node in ast.walk(ast.parse(inspect.getsource(rules_expressions))):
        if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text"):
            continue
        what = node.args[2]
        if isinstance(what, ast.Constant):
            yield what.value
    yield from ("the input", "the output", "the error code", "the escalation code")


def _ignoring(act):
    with contextlib.suppress(DrawingRefused):
        act()


# ---- tables and forms


def table(*, asks="x", cell="-", result="1", whole_expression=None):
    head = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="d" '
    head += 'namespace="n"><decision id="band" name="B"><variable name="band"/>'
    if whole_expression is not None:
        body = f"<literalExpression><text>{esc(whole_expression)}</text></literalExpression>"
    else:
        body = (
            f'<decisionTable id="t"><input id="i"><inputExpression><text>{esc(asks)}</text>'
            '</inputExpression></input><output id="o" name="o"/><rule id="r"><inputEntry><text>'
            f"{esc(cell)}</text></inputEntry><outputEntry><text>{esc(result)}</text></outputEntry>"
            "</rule></decisionTable>"
        )
    return f"{head}{body}</decision></definitions>".encode()


CELLS = {
    "input expression": lambda t: table(asks=t),
    "input cell": lambda t: table(cell=t),
    "output cell": lambda t: table(result=t),
    "literal expression": lambda t: table(whole_expression=t),
}


@pytest.mark.parametrize("cell", CELLS)
def test_no_payload_reaches_python_from_a_table_and_none_costs_much(cell):
    rule = "<zeebe:calledDecision decisionId='band' resultVariable='r'/>"
    body = one(f"<businessRuleTask id='n'>{ext(rule)}</businessRuleTask>")
    for payload in (*ESCAPES, *COSTS):
        stage = Stage()
        with watched(seconds=4.0) as reached:
            try:
                stage.deploy(("band.dmn", CELLS[cell](payload)), ("p.bpmn", body))
            except (DrawingRefused, dmn_errors.DmnError):
                continue
            key = stage.start(x=1)
            made = stage.row(key) and stage.variables(key).get("r")
            if payload in COSTS:
                assert stage.incidents(key), payload
            assert "class" not in str(made)
        assert reached == []


FIELDS = {
    "default": {"type": "textfield", "properties": {"regu:default": "{}"}},
    "hidden": {"type": "textfield", "conditional": {"hide": "{}"}},
    "text": {"type": "text", "text": "{}"},
    "options": {"type": "select", "valuesExpression": "{}"},
}


@pytest.mark.parametrize("place", FIELDS)
def test_no_payload_reaches_python_from_a_form_and_none_costs_much(place):
    for payload in (*ESCAPES, *COSTS):
        text = json.dumps(FIELDS[place]).replace('"{}"', json.dumps(f"={payload}"))
        field = {"key": "a", "id": "a", "label": "A", **json.loads(text)}
        schema = {"type": "default", "id": "f", "schemaVersion": 18, "components": [field]}
        with watched(seconds=4.0) as reached:
            _shown(json.dumps(schema).encode())
        assert reached == []


def _shown(schema):
    forms = FormAdapter()
    if forms.check("f.form", schema):
        return
    forms.initial(schema, {"x": 1})
    _refusing(lambda: forms.validate(schema, {"a": "y"}, {"x": 1}))


def _refusing(act):
    with contextlib.suppress(InputRefused):
        act()


def test_the_watch_sees_what_it_is_there_for(tmp_path):
    """The positive control: each thing that it forbids is seen when it happens."""
    with watched() as reached:
        eval("1 + 1")  # noqa: S307 - the planted bug
        subprocess.run(["true"], check=True)
        os.system("true")  # noqa: S605 - the planted bug
        (tmp_path / "canary").write_text("x", encoding="utf-8")
    assert {"compile", "subprocess.Popen", "os.system", "open"} <= set(reached)
    with pytest.raises(MemoryError), watched():
        SimpleNamespace(taken=bytearray(2 * 1024**3))
    with pytest.raises(AssertionError, match="processor"), watched(seconds=0.0):
        sum(range(1000))

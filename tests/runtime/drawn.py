"""Small drawings written in Python: elements, flows, and a whole file."""

from __future__ import annotations

from itertools import pairwise
from xml.sax.saxutils import quoteattr as q

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="t">'
)
SE = '<startEvent id="Start"/><endEvent id="End"/>'


def drawing(body, *, extra="", pid="P", more=""):
    return f"{HEAD}{extra}{process(pid, body)}{more}</definitions>".encode()


def process(pid, body):
    return f"<process id={q(pid)} isExecutable='true'>{body}</process>"


def flow(a, b, condition=None, id_=None):
    text = f"<conditionExpression>{esc(condition)}</conditionExpression>" if condition else ""
    id_ = f"id={q(id_)} " if id_ else ""
    return f"<sequenceFlow {id_}sourceRef={q(a)} targetRef={q(b)}>{text}</sequenceFlow>"


def chain(*names):
    return "".join(flow(a, b) for a, b in pairwise(names))


def esc(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def ext(inner):
    return f"<extensionElements>{inner}</extensionElements>"


def io(inputs=None, outputs=None):
    parts = [f"<zeebe:input source={q(s)} target={q(t)}/>" for t, s in (inputs or {}).items()]
    parts += [f"<zeebe:output source={q(s)} target={q(t)}/>" for t, s in (outputs or {}).items()]
    return f"<zeebe:ioMapping>{''.join(parts)}</zeebe:ioMapping>"


def props(**given):
    inner = "".join(
        f"<zeebe:property name={q(n.replace('_', ':', 1))} value={q(v)}/>" for n, v in given.items()
    )
    return f"<zeebe:properties>{inner}</zeebe:properties>"


def user(id_, inner="", body="", name=None):
    name = f" name={q(name)}" if name else ""
    return f"<userTask id={q(id_)}{name}>{ext('<zeebe:userTask/>' + inner)}{body}</userTask>"


def script(id_, variable, expression, body=""):
    inner = f"<zeebe:script expression={q('=' + expression)} resultVariable={q(variable)}/>"
    return f"<scriptTask id={q(id_)}>{ext(inner)}{body}</scriptTask>"


def service(id_, kind, inner="", body="", tag="serviceTask"):
    definition = f"<zeebe:taskDefinition type={q(kind)}/>"
    return f"<{tag} id={q(id_)}>{ext(definition + inner)}{body}</{tag}>"


def sub(id_, body, inner=""):
    return f"<subProcess id={q(id_)}>{ext(inner)}{body}</subProcess>"


def call(id_, process_id, inner="", body="", **attributes):
    given = " ".join(f"{n}={q(v)}" for n, v in attributes.items())
    element = f"<zeebe:calledElement processId={q(process_id)} {given}/>"
    return f"<callActivity id={q(id_)}>{ext(element + inner)}{body}</callActivity>"


def gateway(id_, kind="exclusive", default=None):
    default = f" default={q(default)}" if default else ""
    return f"<{kind}Gateway id={q(id_)}{default}/>"


def timer(kind, text):
    return f"<timerEventDefinition><time{kind}>{esc(text)}</time{kind}></timerEventDefinition>"


def catch(id_, definition, inner=""):
    return f"<intermediateCatchEvent id={q(id_)}>{ext(inner)}{definition}</intermediateCatchEvent>"


def throw(id_, definition, inner=""):
    return f"<intermediateThrowEvent id={q(id_)}>{ext(inner)}{definition}</intermediateThrowEvent>"


def end(id_, definition="", inner=""):
    return f"<endEvent id={q(id_)}>{ext(inner)}{definition}</endEvent>"


def start(id_, definition="", inner=""):
    return f"<startEvent id={q(id_)}>{ext(inner)}{definition}</startEvent>"


def boundary(id_, host, definition, *, interrupting=True, inner=""):
    return (
        f"<boundaryEvent id={q(id_)} attachedToRef={q(host)} "
        f"cancelActivity='{str(interrupting).lower()}'>{ext(inner)}{definition}</boundaryEvent>"
    )


def refer(kind, ref=None):
    ref = f" {kind}Ref={q(ref)}" if ref else ""
    return f"<{kind}EventDefinition{ref}/>"


def message(id_, name, key="=key"):
    inner = ext(f"<zeebe:subscription correlationKey={q(key)}/>") if key else ""
    return f"<message id={q(id_)} name={q(name)}>{inner}</message>"


def signal(id_, name):
    return f"<signal id={q(id_)} name={q(name)}/>"


def error(id_, code):
    return f"<error id={q(id_)} name={q(code)} errorCode={q(code)}/>"


def escalation(id_, code):
    return f"<escalation id={q(id_)} name={q(code)} escalationCode={q(code)}/>"


TERMINATE = "<terminateEventDefinition/>"


def multi(
    collection="=items",
    element="item",
    *,
    sequential=False,
    out=None,
    out_element=None,
    until=None,
):
    given = f"inputCollection={q(collection)} inputElement={q(element)}"
    if out:
        given += f" outputCollection={q(out)} outputElement={q(out_element or '=result')}"
    condition = f"<completionCondition>{esc(until)}</completionCondition>" if until else ""
    return (
        f"<multiInstanceLoopCharacteristics isSequential='{str(sequential).lower()}'>"
        f"{ext(f'<zeebe:loopCharacteristics {given}/>')}{condition}"
        "</multiInstanceLoopCharacteristics>"
    )

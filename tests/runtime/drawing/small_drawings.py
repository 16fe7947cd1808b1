"""Small drawings for the tests of this folder."""

from itertools import pairwise

from engine.runtime.drawing.check import check_drawing
from engine.runtime.drawing.context import DeployContext

CONTEXT = DeployContext(
    operations=frozenset({"regu.plan.open", "regu.plan.draft"}),
    function_names=frozenset({"rater", "squad lead"}),
    forms=frozenset({"plan_draft"}),
    decisions=frozenset({"predikat"}),
    processes=frozenset({"clarification"}),
)

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="urn:test">'
)


def drawing(body, *, roots="", executable=True):
    """A file with one process; `b:` stands for the BPMN prefix, `z:` for zeebe."""
    flag = "true" if executable else "false"
    text = f'{HEAD}{roots}<bpmn:process id="p" isExecutable="{flag}">{body}</bpmn:process>'
    text += "</bpmn:definitions>"
    for short, long in (("<b:", "<bpmn:"), ("</b:", "</bpmn:")):
        text = text.replace(short, long)
    for short, long in (("<z:", "<zeebe:"), ("</z:", "</zeebe:")):
        text = text.replace(short, long)
    return text.encode()


def path(*nodes):
    """Nodes between a start and an end event, joined by flows; each node is (id, xml)."""
    ids = ["start", *(key for key, _ in nodes), "end"]
    body = '\n<b:startEvent id="start"/>' + "".join(f"\n{xml}" for _, xml in nodes)
    body += '\n<b:endEvent id="end"/>'
    for number, (one, other) in enumerate(pairwise(ids)):
        body += f'\n<b:sequenceFlow id="f{number}" sourceRef="{one}" targetRef="{other}"/>'
    return body


def ext(inner):
    """Extension elements."""
    return f"<b:extensionElements>{inner}</b:extensionElements>"


def check(data, context=CONTEXT):
    """The drawing (None: refused) and its findings."""
    return check_drawing(data, "test.bpmn", context)


def codes(data, severity="error"):
    """Codes of the findings of that severity."""
    return {f.code for f in check(data)[1] if f.severity == severity}

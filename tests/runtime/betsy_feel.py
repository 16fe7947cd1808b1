"""betsy's engine-neutral drawings in this dialect: scripts in FEEL, events with their settings.

The harness has rewritten conditions for Python already; what a script meant stands in its tokens.
"""

from __future__ import annotations

import re

from lxml import etree

from engine.runtime.drawing.data_details import variable_of

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
#: work that takes time is done outside: a job of this type, with the seconds it takes
LASTING = "betsy.lasting"
FAIL = "regu.betsy.fail"
#: every message of the kit is meant for whoever waits
_KEY = '="betsy"'
_CONDITIONS = (
    "conditionExpression",
    "loopCondition",
    "condition",
    "completionCondition",
    "activationCondition",
    "loopCardinality",
)
_SECONDS = {"WAIT_TEN_SECONDS": 10, "CREATE_TIMESTAMP_LOG_1": 10, "CREATE_TIMESTAMP_LOG_2": 10}


def feel(xml, tokens, *, withheld=False):
    """The drawing as bytes; `tokens` are the kit's scripts by the id of their task.

    `withheld`: no event happens. The controls take the throwing events out themselves, but leave
    those that a multi-instance throws and those of a script.
    """
    root = etree.fromstring(xml.encode())
    for element in root.iter(_bpmn("multiInstanceLoopCharacteristics")) if withheld else ():
        element.attrib.pop("noneBehaviorEventRef", None)
        element.attrib.pop("oneBehaviorEventRef", None)
        element.set("behavior", "All")
        for inner in element.findall(_bpmn("complexBehaviorDefinition")):
            element.remove(inner)
    for name in _CONDITIONS:
        for element in root.iter(_bpmn(name)):
            element.text = "=" + condition(element.text or "")
    for name in ("timeDuration", "timeCycle", "timeDate"):
        for element in root.iter(_bpmn(name)):
            element.text = (element.text or "").strip().strip('"')
    for element in list(root.iter(_bpmn("script"))):
        _scripted(element.getparent(), tokens, withheld=withheld)
    for element in root.iter(_bpmn("message")):
        _setting(element, "subscription", correlationKey=_KEY)
    for element in root.iter(_bpmn("callActivity")):
        if element.get("calledElement"):
            process = element.get("calledElement").rpartition(":")[2]
            _setting(element, "calledElement", processId=process)
    _publish(root)
    return etree.tostring(root)


def condition(text):
    """A condition of the kit, or what the harness made of it for Python, in FEEL."""
    text = re.sub(r"^\$\{(.*)\}$", r"\1", text.strip().removesuffix(">").strip())
    text = re.sub(r'("[^"]*") not in (\w+)', r"not(contains(\2, \1))", text)
    text = re.sub(r'("[^"]*") in (\w+)', r"contains(\2, \1)", text)
    text = re.sub(r'!\s*(\w+)\.contains\(("[^"]*")\)', r"not(contains(\1, \2))", text)
    text = re.sub(r'(\w+)\.contains\(("[^"]*")\)', r"contains(\1, \2)", text)
    text = text.replace("==", "=").replace("&&", " and ").replace("||", " or ")
    return {"True": "true", "False": "false"}.get(text, text)


def _scripted(task, tokens, *, withheld):
    said = tokens.get(task.get("id"), "")
    if said == "THROW_ERROR" and withheld:
        said = "CREATE_LOG_FILE"
    for script in task.findall(_bpmn("script")):
        task.remove(script)
    if said in _SECONDS or said == "THROW_ERROR":
        worked = said in _SECONDS
        task.tag = _bpmn("serviceTask")
        task.attrib.pop("scriptFormat", None)
        _setting(task, "taskDefinition", type=LASTING if worked else FAIL)
        if worked:
            headers = _setting(task, "taskHeaders")
            etree.SubElement(headers, f"{{{ZEEBE}}}header", key="script", value=said)
        return
    expression, result = _expression(task, said)
    _setting(task, "script", expression="=" + expression, resultVariable=result)


def _expression(task, said):
    """FEEL of a script and the variable it writes; logging is a question that the house hears."""
    match said:
        case "SET_STRING_DATA":
            return '"String"', _data(task, "dataOutput")
        case "LOG_DATA":
            return f"betsy_data({_data(task, 'dataInput')})", "betsy_seen"
        case "INCREMENT_INTEGER_VARIABLE":
            return "integerVariable + 1", "integerVariable"
        case "INCREMENT_INTEGER_VARIABLE_AND_LOG":
            return (
                'if betsy_log("INCREMENT_correct") then integerVariable + 1 else null',
                "integerVariable",
            )
        case "CREATE_LOG_FILE":
            return "true", "betsy_seen"
        case _:
            return f'betsy_log("{said}")', "betsy_seen"


def _data(task, kind):
    found = task.find(f".//{_bpmn(kind)}")
    return "data" if found is None else variable_of(found)


def _publish(root):
    """A message is sent by the house's own operation."""
    messages = {e.get("id"): e.get("name") for e in root.iter(_bpmn("message"))}
    shared = {e.get("id"): e for e in root if e.tag == _bpmn("messageEventDefinition")}
    for tag in ("sendTask", "intermediateThrowEvent", "endEvent"):
        for element in root.iter(_bpmn(tag)):
            definition = element if tag == "sendTask" else _message(element, shared)
            name = None if definition is None else messages.get(definition.get("messageRef"))
            if name is not None:
                _setting(element, "taskDefinition", type="regu.message.publish")
                mapping = _setting(element, "ioMapping")
                for target, source in (("name", f'="{name}"'), ("correlationKey", _KEY)):
                    etree.SubElement(mapping, f"{{{ZEEBE}}}input", source=source, target=target)


def _message(event, shared):
    found = event.find(_bpmn("messageEventDefinition"))
    if found is None:
        refs = [shared.get((e.text or "").strip()) for e in event.iter(_bpmn("eventDefinitionRef"))]
        found = next((e for e in refs if e is not None), None)
    return found


def _setting(element, name, **given):
    """A zeebe setting in the extensions of an element, which come after its documentation."""
    box = element.find(_bpmn("extensionElements"))
    if box is None:
        box = etree.Element(_bpmn("extensionElements"))
        element.insert(len(element.findall(_bpmn("documentation"))), box)
    return etree.SubElement(box, f"{{{ZEEBE}}}{name}", given)


def _bpmn(name):
    return f"{{{BPMN}}}{name}"

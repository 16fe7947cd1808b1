"""Drawings to measure with, in the dialect of the product; one of them for stock Spiff too."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from bench.place import PERSON

if TYPE_CHECKING:
    from collections.abc import Callable

    _User = Callable[[str], str]
    _Script = Callable[[str, str, str], str]

_HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="bench">'
)
_ENDS = '<startEvent id="begin"/><endEvent id="finish"/>'

#: 1.7 KB of process variables
FORM: dict[str, Any] = {
    "amount": 50,
    "lines": [
        {"sku": f"A-{number:04}", "text": "office chair, black", "price": 99, "n": number}
        for number in range(20)
    ],
    "note": "x" * 300,
    "person_id": PERSON,
}


def _process(pid: str, body: str) -> str:
    return f'{_HEAD}<process id="{pid}" isExecutable="true">{_ENDS}{body}</process></definitions>'


def _flow(source: str, target: str, condition: str = "", id_: str = "") -> str:
    inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    name = id_ or f"{source}_{target}"
    ends = f'sourceRef="{source}" targetRef="{target}"'
    return f'<sequenceFlow id="{name}" {ends}>{inner}</sequenceFlow>'


def _chain(*names: str) -> str:
    return "".join(_flow(one, two) for one, two in pairwise(names))


def _user(id_: str, assignee: str = "=person_id", inside: str = "") -> str:
    return (
        f'<userTask id="{id_}" name="Task {id_}"><extensionElements><zeebe:userTask/>'
        f'<zeebe:assignmentDefinition assignee="{assignee}" candidateGroups="perf_admin"/>'
        f"</extensionElements>{inside}</userTask>"
    )


def _script(id_: str, variable: str, expression: str) -> str:
    return (
        f'<scriptTask id="{id_}"><extensionElements><zeebe:script expression="={expression}" '
        f'resultVariable="{variable}"/></extensionElements></scriptTask>'
    )


def office() -> str:
    """Ten user tasks with choices, two branches at once, a timer and a sub-process."""
    return _process("office", _office(_user, _script, "="))


def office_for_stock() -> str:
    """The same in Python expressions, without what stock Spiff does not read."""

    def user(id_: str) -> str:
        return f'<userTask id="{id_}" name="Task {id_}"/>'

    def script(id_: str, variable: str, expression: str) -> str:
        return f'<scriptTask id="{id_}"><script>{variable} = {expression}</script></scriptTask>'

    text = _process("office", _office(user, script, ""))
    return text.replace("<timeDuration>P3D", '<timeDuration>"P3D"')


def _office(user: _User, script: _Script, sign: str) -> str:
    inner = '<startEvent id="is"/><endEvent id="ie"/>' + user("v") + _chain("is", "v", "ie")
    timer = (
        '<boundaryEvent id="t" attachedToRef="u2"><timerEventDefinition>'
        "<timeDuration>P3D</timeDuration></timerEventDefinition></boundaryEvent>"
    )
    gateways = "".join(
        f'<exclusiveGateway id="{id_}"{default}/>'
        for id_, default in (
            ("g1", ' default="d1"'),
            ("m1", ""),
            ("g2", ' default="d2"'),
            ("m2", ""),
            ("g3", ' default="d3"'),
        )
    )
    flows = (
        _chain("begin", "u1", "c1", "g1")
        + _flow("g1", "u2", f"{sign}amount &gt; 10")
        + _flow("g1", "m1", id_="d1")
        + _chain("u2", "m1", "s", "u3", "j")
        + _chain("t", "m1")
        + _chain("s", "u4", "j", "c2", "sub", "g2")
        + _flow("g2", "u5", f"{sign}level &gt; 5")
        + _flow("g2", "m2", id_="d2")
        + _chain("u5", "m2", "u6", "u7", "g3")
        + _flow("g3", "u8", f"{sign}amount &gt; 1")
        + _flow("g3", "finish", id_="d3")
        + _chain("u8", "finish")
    )
    return (
        "".join(user(f"u{number}") for number in range(1, 9))
        + gateways
        + '<parallelGateway id="s"/><parallelGateway id="j"/>'
        + f'<subProcess id="sub">{inner}</subProcess>'
        + timer
        + script("c1", "total", "amount + 1")
        + script("c2", "level", "total")
        + flows
    )


def round_and_round() -> str:
    """One user task in an endless loop."""
    body = (
        '<exclusiveGateway id="m"/><exclusiveGateway id="g" default="out"/>'
        + _user("u")
        + _chain("begin", "m", "u", "g")
        + _flow("g", "m", "=not(is defined(done))")
        + _flow("g", "finish", id_="out")
    )
    return _process("round", body)


def counting() -> str:
    """A script in a loop of `wanted` rounds inside one command."""
    body = (
        '<exclusiveGateway id="m"/><exclusiveGateway id="g" default="out"/>'
        + _script("c", "n", "n + 1")
        + _chain("begin", "m", "c", "g")
        + _flow("g", "m", "=n &lt; wanted")
        + _flow("g", "finish", id_="out")
    )
    return _process("counting", body)


def pairs(count: int) -> str:
    """AND-split and AND-join, again and again; each branch has a task."""
    parts, last = [], "begin"
    for number in range(count):
        split, join, a, b = (f"{name}{number}" for name in ("s", "j", "a", "b"))
        parts += [
            f'<parallelGateway id="{split}"/><parallelGateway id="{join}"/>',
            f'<task id="{a}"/><task id="{b}"/>',
            _chain(last, split, a, join),
            _chain(split, b, join),
        ]
        last = join
    return _process("pairs", "".join(parts) + _chain(last, "finish"))


def everybody() -> str:
    """A user task for each of `items`, all at once, with their outputs collected."""
    loop = (
        "<multiInstanceLoopCharacteristics><extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="=items" inputElement="item" '
        'outputCollection="results" outputElement="=ok"/>'
        "</extensionElements></multiInstanceLoopCharacteristics>"
    )
    body = _user("u", "=item", loop) + _chain("begin", "u", "finish")
    return _process("everybody", body)


def planning() -> str:
    """What a mass start begins: a task of one person with a deadline and a reminder."""
    timer = (
        '<boundaryEvent id="remind" attachedToRef="u" cancelActivity="false">'
        "<timerEventDefinition><timeDuration>P10D</timeDuration></timerEventDefinition>"
        "</boundaryEvent>"
    )
    body = (
        '<endEvent id="Told"/>'
        + _script("c", "first", "person_id")
        + _user("u")
        + timer
        + _chain("begin", "c", "u", "finish")
        + _flow("remind", "Told")
    )
    return _process("planning", body)


def three_tasks() -> str:
    """What peers run too: a script, then three user tasks in a row."""
    body = (
        _script("c1", "total", "amount + 1")
        + _user("u1")
        + _user("u2")
        + _user("u3")
        + _chain("begin", "c1", "u1", "u2", "u3", "finish")
    )
    return _process("three", body)

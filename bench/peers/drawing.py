"""The one process: start, script, three user tasks, end."""

from __future__ import annotations

import itertools
from typing import Any, Final

from bench import drawings

#: what an instance begins with, 1.7 KB, and what each completion brings
FORM: Final = drawings.FORM
VALUES: Final[dict[str, Any]] = {"ok": True, "note": "checked against the letter of assignment"}
TASKS: Final = ("u1", "u2", "u3")
#: start and completions: each ends with its state committed
STEPS: Final = 1 + len(TASKS)

_BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def regu() -> str:
    """In the dialect of the product."""
    return drawings.three_tasks()


def plain(script: str, script_format: str = "") -> str:
    """In plain BPMN with a script in the peer's own language."""
    language = f' scriptFormat="{script_format}"' if script_format else ""
    order = ("begin", "c1", *TASKS, "finish")
    flows = "".join(
        f'<sequenceFlow id="f{n}" sourceRef="{one}" targetRef="{two}"/>'
        for n, (one, two) in enumerate(itertools.pairwise(order))
    )
    tasks = "".join(f'<userTask id="{task}" name="Task {task}"/>' for task in TASKS)
    return (
        f'<definitions xmlns="{_BPMN}" id="bench" targetNamespace="bench">'
        '<process id="office" isExecutable="true"><startEvent id="begin"/>'
        f'<scriptTask id="c1"{language}><script>{script}</script></scriptTask>'
        f'{tasks}<endEvent id="finish"/>{flows}</process></definitions>'
    )

"""Who may use the routes of tasks as people handle them together; part of `app.route_access`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.access_rules import Right, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

_LEND, _RETURN = Right(Rule.TASK_LEND), Right(Rule.TASK_RETURN)
#: beside a task, and beside a whole process
_BESIDE, _SAY, _FOLLOW = (Right(rule, "task") for rule in (Rule.BESIDE, Rule.SAY, Rule.FOLLOW))
_BESIDE_ALL, _SAY_ALL, _FOLLOW_ALL = (
    Right(rule, "process") for rule in (Rule.BESIDE, Rule.SAY, Rule.FOLLOW)
)
_SIGNED_IN, _PLAN = Right(Rule.SIGNED_IN), Right(Rule.TASK_PLAN)

#: "METHOD rule" -> right
TOGETHER_ROUTES: Final[Mapping[str, Right]] = {
    # pages
    "POST /tugas/bersama": _SIGNED_IN,
    "POST /tugas/saringan/<filter_id>/bagikan": Right(Rule.GROUP_OWN, "filter:share"),
    "POST /tugas/<int:key>/ambil": Right(Rule.TASK_TAKE),
    "POST /tugas/<int:key>/lepas": Right(Rule.TASK_GIVE_BACK),
    "POST /tugas/<int:key>/titip": _LEND,
    "POST /tugas/<int:key>/kembali": _RETURN,
    "POST /tugas/<int:key>/jadwal": _PLAN,
    "POST /tugas/<int:key>/catatan": _SAY,
    "POST /tugas/<int:key>/ikuti": _FOLLOW,
    "GET /proses/<int:key>/catatan": _BESIDE_ALL,
    "POST /proses/<int:key>/catatan": _SAY_ALL,
    "POST /proses/<int:key>/ikuti": _FOLLOW_ALL,
    "GET /lampiran/<remark_id>": _BESIDE,
    # API
    "POST /api/tasks/together": _SIGNED_IN,
    "PATCH /api/tasks/<key:task_key>": _PLAN,
    "POST /api/tasks/<key:task_key>/delegate": _LEND,
    "POST /api/tasks/<key:task_key>/resolve": _RETURN,
    "GET /api/tasks/<key:task_key>/remarks": _BESIDE,
    "POST /api/tasks/<key:task_key>/remarks": _SAY,
    "PUT /api/tasks/<key:task_key>/watch": _FOLLOW,
    "DELETE /api/tasks/<key:task_key>/watch": _FOLLOW,
    "GET /api/instances/<key:instance_key>/remarks": _BESIDE_ALL,
    "POST /api/instances/<key:instance_key>/remarks": _SAY_ALL,
    "PUT /api/instances/<key:instance_key>/watch": _FOLLOW_ALL,
    "DELETE /api/instances/<key:instance_key>/watch": _FOLLOW_ALL,
    "GET /api/remarks/<remark_id>/file": _BESIDE,
}

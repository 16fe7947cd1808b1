"""The lists of `/v2`, each as rows and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.persistence.stores.listing_batches import BATCH_ITEMS, BATCH_OPERATIONS
from engine.persistence.stores.listing_decisions import (
    DECISION_DEFINITIONS,
    DECISION_INSTANCES,
    DECISION_REQUIREMENTS,
    RESOURCES,
)
from engine.persistence.stores.listing_source import Source, activation, family, told_of, tree_of
from engine.persistence.tables.accounts import account
from engine.persistence.tables.process import (
    process_definition,
    process_instance,
    user_task,
    user_task_candidate,
)
from engine.persistence.tables.waiting import history, incident, subscription, worker_job
from engine.usecases.ports.listing import Listed

if TYPE_CHECKING:
    from collections.abc import Mapping

_D, _I, _T = process_definition.c, process_instance.c, user_task.c
_S, _J, _N, _H = subscription.c, worker_job.c, incident.c, history.c
_C = user_task_candidate.c
_ENDINGS = ("completed", "cancelled")


def _definitions() -> Source:
    newer = process_definition.alias("newer")
    newest = sa.select(sa.func.max(newer.c.version)).where(newer.c.process_id == _D.process_id)
    latest = sa.case((_D.version == newest.scalar_subquery(), 1), else_=0)
    plain = ("key", "process_id", "version", "version_tag", "name", "resource_name")
    return Source(
        rows=process_definition,
        key=_D.key,
        agency=None,
        columns={
            **{name: _D[name] for name in plain},
            "latest": latest,
            # a version that may be read is never half deployed or on its way out
            "deployed": sa.literal(1),
        },
    )


def _named(definition: sa.FromClause) -> dict[str, sa.ColumnElement[Any]]:
    return {
        "definition_name": definition.c.name,
        "definition_version": definition.c.version,
        "definition_tag": definition.c.version_tag,
    }


def _instances() -> Source:
    rows = process_instance.join(process_definition, _D.key == _I.definition_key)
    plain = ("key", "root_key", "parent_key", "process_id", "definition_key", "status")
    times = ("business_key", "started_at", "ended_at")
    below = incident.alias("trouble")
    of_row = (below.c.instance_key == _I.key, below.c.resolved_at.is_(None))
    seen = history.alias("seen")
    return Source(
        rows=rows,
        key=_I.key,
        agency=_I.agency_id,
        columns={
            **{name: _I[name] for name in (*plain, *times)},
            **_named(process_definition),
            "has_incident": sa.case((_I.incidents > 0, 1), else_=0),
            "caller": activation(_I.parent_key, _I.parent_token),
        },
        always=(_I.body.is_(None),),
        within={
            "error_message": (below.c.message, of_row),
            "element_id": (seen.c.element_id, (seen.c.instance_key == _I.key,)),
        },
    )


def _elements() -> Source:
    kin, earlier, later = family(), history.alias("earlier"), history.alias("later")
    trouble = incident.alias("trouble")
    own = (later.c.instance_key == _H.instance_key, later.c.token == _H.token)
    end = sa.select(later.c.at).where(*own, later.c.event.in_(_ENDINGS)).limit(1)
    how = sa.select(later.c.event).where(*own, later.c.event.in_(_ENDINGS)).limit(1)
    open_trouble = sa.select(sa.func.min(trouble.c.key)).where(
        trouble.c.instance_key == _H.instance_key,
        trouble.c.token == _H.token,
        trouble.c.resolved_at.is_(None),
    )
    before = sa.exists().where(
        earlier.c.instance_key == _H.instance_key,
        earlier.c.token == _H.token,
        earlier.c.key < _H.key,
    )
    plain = ("key", "instance_key", "root_key", "process_id", "definition_key", "element_id")
    trouble_key = open_trouble.scalar_subquery()
    return Source(
        rows=kin.joined(history, _H.instance_key),
        key=_H.key,
        agency=kin.root.c.agency_id,
        columns={
            **{name: _H[name] for name in (*plain, "element_type", "token")},
            "process_instance": kin.process_instance,
            "started_at": _H.at,
            "ended_at": end.scalar_subquery(),
            "state": sa.func.coalesce(how.scalar_subquery(), "activated"),
            "incident_key": trouble_key,
            "has_incident": sa.case((trouble_key.is_not(None), 1), else_=0),
        },
        always=(sa.not_(before),),
        narrow={"process_instance": tree_of(_H.root_key)},
    )


def _tasks() -> Source:
    kin = family()
    rows = kin.joined(user_task, _T.instance_key)
    plain = ("key", "instance_key", "root_key", "token", "process_id", "definition_key")
    shown = ("element_id", "name", "assignee", "candidates", "form_key", "priority", "state")
    times = ("created_at", "completed_at", "due_at", "follow_up_at", "completed_by")
    group, user = user_task_candidate.alias("of_group"), user_task_candidate.alias("of_user")
    return Source(
        rows=rows.join(process_definition, _D.key == _T.definition_key),
        key=_T.key,
        agency=_T.agency_id,
        columns={
            **{name: _T[name] for name in (*plain, *shown, *times)},
            **_named(process_definition),
            "process_instance": kin.process_instance,
            "business_key": kin.business_key,
            "activation": activation(_T.instance_key, _T.token),
        },
        narrow={
            "process_instance": tree_of(_T.root_key),
            "activation": told_of(_T.instance_key),
        },
        within={
            "group": (group.c.name, (group.c.task_key == _T.key, group.c.kind == "group")),
            "user": (user.c.name, (user.c.task_key == _T.key, user.c.kind == "user")),
        },
    )


def _jobs() -> Source:
    kin = family()
    plain = ("key", "instance_key", "root_key", "token", "process_id", "definition_key")
    shown = ("element_id", "type", "headers", "retries", "worker", "deadline_at", "error", "state")
    failed = sa.case((_J.error.is_not(None), 1), else_=0)
    return Source(
        rows=kin.joined(worker_job, _J.instance_key),
        key=_J.key,
        agency=kin.root.c.agency_id,
        columns={
            **{name: _J[name] for name in (*plain, *shown)},
            "process_instance": kin.process_instance,
            "business_key": kin.business_key,
            "activation": activation(_J.instance_key, _J.token),
            "failed": failed,
            "to_retry": sa.case((sa.and_(_J.error.is_not(None), _J.retries > 0), 1), else_=0),
        },
        narrow={
            "process_instance": tree_of(_J.root_key),
            "activation": told_of(_J.instance_key),
        },
    )


def _incidents() -> Source:
    kin, job = family(), worker_job.alias("its_job")
    plain = ("key", "instance_key", "root_key", "token", "process_id", "definition_key")
    its_job = sa.select(sa.func.min(job.c.key)).where(
        job.c.instance_key == _N.instance_key, job.c.token == _N.token
    )
    state = sa.case((_N.resolved_at.is_(None), "ACTIVE"), else_="RESOLVED")
    return Source(
        rows=kin.joined(incident, _N.instance_key),
        key=_N.key,
        agency=kin.root.c.agency_id,
        columns={
            **{name: _N[name] for name in (*plain, "element_id", "kind", "message", "created_at")},
            "process_instance": kin.process_instance,
            "activation": activation(_N.instance_key, _N.token),
            "job_key": its_job.scalar_subquery(),
            "state": state,
        },
        narrow={
            "process_instance": tree_of(_N.root_key),
            "activation": told_of(_N.instance_key),
        },
    )


def _subscriptions() -> Source:
    kin = family()
    rows = kin.loosely(subscription, _S.instance_key)
    plain = ("key", "instance_key", "token", "name", "correlation_key", "process_id")
    told, started = history.alias("told"), activation(_S.instance_key, _S.token)
    since = sa.select(told.c.at).where(told.c.key == started).scalar_subquery()
    begins = sa.case((_S.instance_key.is_(None), "START_EVENT"), else_="PROCESS_EVENT")
    return Source(
        rows=rows.join(process_definition, _D.key == _S.definition_key),
        key=_S.key,
        agency=kin.root.c.agency_id,
        everybodys=True,
        columns={
            **{name: _S[name] for name in (*plain, "definition_key", "element_id")},
            **_named(process_definition),
            "process_instance": kin.process_instance,
            "root_key": kin.row.c.root_key,
            "business_key": kin.business_key,
            "activation": started,
            "since": sa.func.coalesce(since, _D.deployed_at, type_=_D.deployed_at.type),
            "type": begins,
        },
        # rows of no agency are start events, not instances of nobody
        always=(
            _S.kind == "message",
            sa.or_(_S.instance_key.is_(None), kin.root.c.agency_id.is_not(None)),
        ),
        narrow={"activation": told_of(_S.instance_key)},
    )


def _accounts() -> Source:
    columns = {name: account.c[name] for name in ("login", "display_name", "active")}
    return Source(rows=account, key=account.c.login, agency=account.c.agency_id, columns=columns)


SOURCES: Final[Mapping[Listed, Source]] = {
    Listed.PROCESS_DEFINITION: _definitions(),
    Listed.PROCESS_INSTANCE: _instances(),
    Listed.ELEMENT_INSTANCE: _elements(),
    Listed.USER_TASK: _tasks(),
    Listed.JOB: _jobs(),
    Listed.INCIDENT: _incidents(),
    Listed.MESSAGE_SUBSCRIPTION: _subscriptions(),
    Listed.DECISION_DEFINITION: DECISION_DEFINITIONS,
    Listed.DECISION_REQUIREMENTS: DECISION_REQUIREMENTS,
    Listed.DECISION_INSTANCE: DECISION_INSTANCES,
    Listed.RESOURCE: RESOURCES,
    Listed.BATCH_OPERATION: BATCH_OPERATIONS,
    Listed.BATCH_OPERATION_ITEM: BATCH_ITEMS,
    Listed.ACCOUNT: _accounts(),
}

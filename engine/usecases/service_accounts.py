"""Accounts of programs: made on the command line, known by a secret that is shown once."""

from __future__ import annotations

import re
import secrets
from datetime import date
from typing import TYPE_CHECKING, Final

from engine.usecases import audit_tags
from engine.usecases.actor import system
from engine.usecases.audit import note
from engine.usecases.errors import Conflict, FieldFault, InputRefused
from engine.usecases.ports.accounts import AccountRow, ServiceAccount
from engine.usecases.rights import GROUPS

if TYPE_CHECKING:
    from collections.abc import Collection

    from engine.usecases.accounts import Hasher
    from engine.usecases.ports.work import House

#: names that published clients take as a client id and as a user name
_NAME: Final = re.compile(r"[A-Za-z0-9_~@.+-]{1,120}")
_TYPE_CHARACTERS_MAX: Final = 300
_SECRET_BYTES: Final = 32
_ALWAYS: Final = date(2000, 1, 1)


def create_service_account(
    house: House,
    hasher: Hasher,
    *,
    name: str,
    job_types: Collection[str] = (),
    groups: Collection[str] = (),
    agency_id: str | None = None,
) -> str:
    """Make an account for a program, or give the one of that name a new secret and rights.

    From the command line of the machine, as `create_admin`. Returns the secret; only its hash
    stays. Raises InputRefused, and Conflict when the name is a person's account.
    """
    _check(name, job_types, groups)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    with house.writing() as uow:
        known = uow.accounts.account(name)
        if known is not None and uow.accounts.service(name) is None:
            raise Conflict("the name belongs to another account", login=name)
        row = AccountRow(
            login=name,
            person_id=None,
            password_hash=hasher.hash(secret),
            agency_id=agency_id,
            display_name=name,
        )
        uow.accounts.put(row)
        today = house.clock.real_now()
        for group in uow.accounts.groups(name, today.date()) - set(groups):
            uow.accounts.withdraw(name, group, today.date())
        for group in sorted(groups):
            uow.accounts.grant(name, group, _ALWAYS)
        uow.accounts.put_service(
            ServiceAccount(
                login=name, created_at=today, created_by="system", job_types=frozenset(job_types)
            )
        )
        note(
            house,
            uow,
            system(),
            stream="account",
            act=audit_tags.SERVICE_ACCOUNT_CREATED,
            facts={"account": name, "jobTypes": sorted(job_types), "groups": sorted(groups)},
        )
        uow.commit()
    return secret


def _check(name: str, job_types: Collection[str], groups: Collection[str]) -> None:
    faults = []
    if not _NAME.fullmatch(name):
        message = "letters, digits and _~@.+-, at most 120"
        faults.append(FieldFault(field="name", code="pattern", message=message))
    if not (job_types or groups):
        message = "name a job type or a group"
        faults.append(FieldFault(field="jobType", code="required", message=message))
    if not all(0 < len(one) <= _TYPE_CHARACTERS_MAX for one in job_types):
        faults.append(FieldFault(field="jobType", code="length", message="1 to 300 characters"))
    for one in sorted(set(groups) - GROUPS):
        message = f"no group is called {one}"
        faults.append(FieldFault(field="group", code="unknown_group", message=message))
    if faults:
        raise InputRefused(*faults)

"""Operations of the published API that Regu does not offer: they answer 501."""

from __future__ import annotations

import re
from typing import Final

#: path below /v2 with `{}` for what it names, and methods
_TOLD: Final = """
/agent-definitions/search POST
/agent-definitions/{} GET
/agent-instances POST
/agent-instances/search POST
/agent-instances/{} GET PATCH
/agent-instances/{}/history/search POST
/audit-logs/search POST
/audit-logs/{} GET
/authentication/me/authorizations/search POST
/authorizations POST
/authorizations/search POST
/authorizations/{} DELETE GET PUT
/backups/history GET POST
/backups/history/{} DELETE GET
/backups/runtime GET POST
/backups/runtime/state DELETE GET
/backups/runtime/state/sync POST
/backups/runtime/{} DELETE GET
/cluster-variables/global POST
/cluster-variables/global/{} DELETE GET PUT
/cluster-variables/search POST
/cluster-variables/tenants/{} POST
/cluster-variables/tenants/{}/{} DELETE GET PUT
/conditionals/evaluation POST
/correlated-message-subscriptions/search POST
/decision-instances/deletion POST
/decision-instances/{}/deletion POST
/documents POST
/documents/batch POST
/documents/{} DELETE GET
/documents/{}/links POST
/element-instances/ad-hoc-activities/{}/activation POST
/element-instances/wait-states/search POST
/exporting GET
/exporting/pause POST
/exporting/resume POST
/global-task-listeners POST
/global-task-listeners/search POST
/global-task-listeners/{} DELETE GET PUT
/groups POST
/groups/{} DELETE GET PUT
/groups/{}/clients/search POST
/groups/{}/clients/{} DELETE PUT
/groups/{}/mapping-rules/search POST
/groups/{}/mapping-rules/{} DELETE PUT
/groups/{}/roles/search POST
/groups/{}/users/search POST
/groups/{}/users/{} DELETE PUT
/incidents/statistics/process-instances-by-definition POST
/incidents/statistics/process-instances-by-error POST
/jobs/batch-update POST
/jobs/statistics/by-types POST
/jobs/statistics/by-workers POST
/jobs/statistics/errors POST
/jobs/statistics/global GET
/jobs/statistics/time-series POST
/mapping-rules POST
/mapping-rules/search POST
/mapping-rules/{} DELETE GET PUT
/mode PATCH
/process-definitions/statistics/message-subscriptions POST
/process-definitions/statistics/process-instances POST
/process-definitions/statistics/process-instances-by-version POST
/process-definitions/{}/variable-names/search POST
/process-instances/deletion POST
/process-instances/{}/business-id-assignment POST
/process-instances/{}/deletion POST
/process-instances/{}/statistics/wait-states GET
/resources/{}/content/binary GET
/resources/{}/deletion POST
/restore GET POST
/roles POST
/roles/{} DELETE GET PUT
/roles/{}/clients/search POST
/roles/{}/clients/{} DELETE PUT
/roles/{}/groups/search POST
/roles/{}/groups/{} DELETE PUT
/roles/{}/mapping-rules/search POST
/roles/{}/mapping-rules/{} DELETE PUT
/roles/{}/users/search POST
/roles/{}/users/{} DELETE PUT
/secrets/list POST
/secrets/resolve POST
/setup/user POST
/system/configuration GET
/system/usage-metrics GET
/tenants POST
/tenants/{} DELETE GET PUT
/tenants/{}/clients/search POST
/tenants/{}/clients/{} DELETE PUT
/tenants/{}/groups/search POST
/tenants/{}/groups/{} DELETE PUT
/tenants/{}/mapping-rules/search POST
/tenants/{}/mapping-rules/{} DELETE PUT
/tenants/{}/roles/search POST
/tenants/{}/roles/{} DELETE PUT
/tenants/{}/users/search POST
/tenants/{}/users/{} DELETE PUT
/user-tasks/{}/audit-logs/search POST
/users POST
/users/{} DELETE PUT
/variables/{} GET
"""

ABSENT: Final[frozenset[tuple[str, str]]] = frozenset(
    (method, path)
    for path, *methods in (line.split() for line in _TOLD.split("\n") if line)
    for method in methods
)
_BY_METHOD: Final = {
    method: re.compile(
        "|".join(
            re.escape(path).replace(r"\{\}", "[^/]+") for by, path in sorted(ABSENT) if by == method
        )
    )
    for method, _ in ABSENT
}


def is_absent(method: str, path: str) -> bool:
    """Whether a request asks for one of them."""
    known = _BY_METHOD.get(method)
    return known is not None and known.fullmatch(path.removeprefix("/v2")) is not None

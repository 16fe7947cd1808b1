"""What drawings may reach: registered operations, questions about the organisation, forms."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from engine.domain.units import Agency
from engine.usecases.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime, tzinfo

    from engine.usecases.ports.process import Json
    from engine.usecases.ports.runner import OperationCall
    from engine.usecases.ports.work import Forms, UnitOfWork

    Act = Callable[[OperationCall], Mapping[str, Json] | None]
    Functions = Callable[[UnitOfWork, datetime], Mapping[str, object]]

#: zone of whoever belongs to no agency
DEFAULT_ZONE = "Asia/Jakarta"


class Host:
    """`ProcessHost`: the house as the runtime sees it."""

    def __init__(
        self,
        *,
        operations: Mapping[str, Act],
        function_names: frozenset[str],
        functions: Functions,
        forms: Forms,
    ) -> None:
        self._operations = dict(operations)
        self._function_names = function_names
        self._functions = functions
        self._forms = forms
        self._zones: dict[str, ZoneInfo] = {}

    @property
    def function_names(self) -> frozenset[str]:
        """Names of all FEEL functions that the house offers."""
        return self._function_names

    @property
    def operation_names(self) -> frozenset[str]:
        """Names of all registered operations."""
        return frozenset(self._operations)

    def functions(self, uow: UnitOfWork, now: datetime) -> Mapping[str, object]:
        """The FEEL functions by name, bound to the open unit of work."""
        return self._functions(uow, now)

    def operation(self, name: str) -> Act | None:
        """The registered operation of that name."""
        return self._operations.get(name)

    def check_form(self, name: str, schema: bytes) -> Sequence[Finding]:
        """Findings about a form."""
        return tuple(
            Finding(severity="error", code="form", message=fault, resource=name)
            for fault in self._forms.check(name, schema)
        )

    def zone(self, uow: UnitOfWork, agency_id: str | None) -> tzinfo:
        """The zone in which days and months of an agency count."""
        if agency_id is None:
            return ZoneInfo(DEFAULT_ZONE)
        if agency_id not in self._zones:
            agency = uow.agency.get(Agency, agency_id)
            self._zones[agency_id] = ZoneInfo(agency.timezone if agency else DEFAULT_ZONE)
        return self._zones[agency_id]

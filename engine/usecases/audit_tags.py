"""Names of audited acts, as data: noun:subject:verb. One line each, newest below its noun."""

from __future__ import annotations

from typing import Final

DEFINITION_DEPLOYED: Final = "definition:files:deploy"
INSTANCE_STARTED: Final = "instance:process:start"
INSTANCE_CANCELLED: Final = "instance:process:cancel"
INSTANCE_VARIABLES_SET: Final = "instance:variables:set"
INCIDENT_RETRIED: Final = "incident:token:retry"
TIMER_FIRED: Final = "instance:timer:fire"
TASK_COMPLETED: Final = "task:user:complete"
TASK_ASSIGNED: Final = "task:user:assign"
TASK_UNASSIGNED: Final = "task:user:unassign"
JOB_COMPLETED: Final = "job:worker:complete"
JOB_FAILED: Final = "job:worker:fail"
JOB_ERROR_THROWN: Final = "job:worker:throw"
MESSAGE_PUBLISHED: Final = "message:process:publish"
MESSAGE_DELIVERED: Final = "message:process:deliver"
SIGNAL_BROADCAST: Final = "signal:process:broadcast"
CLOCK_MOVED: Final = "clock:business:move"
ACCOUNT_SAVED: Final = "account:login:save"
ACCOUNT_DISABLED: Final = "account:login:disable"
ACCOUNT_SIGNED_IN: Final = "account:session:open"
ACCOUNT_SIGNED_OUT: Final = "account:session:close"
ACCOUNT_REFUSED: Final = "account:session:refuse"
PASSWORD_CHANGED: Final = "account:password:change"
GROUP_GRANTED: Final = "account:group:grant"

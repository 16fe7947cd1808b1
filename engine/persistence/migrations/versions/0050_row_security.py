"""Row-level security by agency on PostgreSQL (decision 0023); SQLite is one house's file.

Nothing is rewritten: a policy is a row of the catalogue, and its lock is over at once.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.tables.row_rules import FUNCTIONS, POLICIES, create, drop, drop_functions

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

#: functions of triggers: a guard sums and looks over rows of all agencies
_GUARDS = sa.text(
    "SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace "
    "AND p.prorettype = 'trigger'::regtype ORDER BY p.proname"
)


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for statement in FUNCTIONS:
        op.execute(statement)
    for name in op.get_bind().scalars(_GUARDS).all():
        op.execute(f"ALTER FUNCTION {name}() SET regu.agency = '*'")
    for table in POLICIES:
        for statement in create(table):
            op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in reversed(POLICIES):
        for statement in drop(table):
            op.execute(statement)
    for name in op.get_bind().scalars(_GUARDS).all():
        op.execute(f"ALTER FUNCTION {name}() RESET regu.agency")
    for statement in drop_functions():
        op.execute(statement)

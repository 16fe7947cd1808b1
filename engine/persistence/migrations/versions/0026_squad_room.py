"""Pages about squads find the open tasks of a squad by an index, also those of before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_OPEN_OF_SQUAD = sa.text("state = 'created' AND squad_id IS NOT NULL")
#: tasks of contributions that were open before rows knew their output: the key names it
_OUTPUT_OF_BEFORE = """
UPDATE user_task SET output_id = (
    SELECT substr(i.business_key, 1, 36) FROM process_instance i
    WHERE i.key = user_task.root_key AND i.process_id = 'contribution')
WHERE state = 'created' AND output_id IS NULL AND process_id = 'contribution'
"""
_SQUAD_OF_BEFORE = """
UPDATE user_task SET squad_id = (
    SELECT o.squad_id FROM output o WHERE o.id = user_task.output_id)
WHERE state = 'created' AND squad_id IS NULL AND output_id IS NOT NULL
"""
#: a claim is its holder's own matter
_PERSON_OF_BEFORE = """
UPDATE user_task SET about_id = assignee
WHERE state = 'created' AND about_id IS NULL AND element_id IN ('claim', 'claim_early')
"""


def upgrade() -> None:
    op.create_index(
        "ix_user_task_squad",
        "user_task",
        ["squad_id", "sort_at", "key"],
        sqlite_where=_OPEN_OF_SQUAD,
        postgresql_where=_OPEN_OF_SQUAD,
    )
    for statement in (_OUTPUT_OF_BEFORE, _SQUAD_OF_BEFORE, _PERSON_OF_BEFORE):
        op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_user_task_squad", "user_task")

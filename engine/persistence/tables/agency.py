"""Agencies, units, posts, people, appointments, substitutions, holidays."""

from __future__ import annotations

import sqlalchemy as sa

from engine.domain.people import AppointmentKind
from engine.domain.units import JobClass
from engine.persistence.tables.columns import id_column, word
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import ScaledDecimal, UtcDateTime

agency = sa.Table(
    "agency",
    metadata,
    id_column(primary_key=True),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("timezone", sa.Text, nullable=False),
    sa.UniqueConstraint("code", name="agency_code_once"),
)

unit = sa.Table(
    "unit",
    metadata,
    id_column(primary_key=True),
    id_column("agency_id", sa.ForeignKey("agency.id", name="unit_agency"), nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    id_column("parent_id", sa.ForeignKey("unit.id", name="unit_parent"), nullable=True),
    sa.UniqueConstraint("agency_id", "code", name="unit_code_once"),
    sa.CheckConstraint("parent_id <> id", name="not_its_own_parent"),
)

post = sa.Table(
    "post",
    metadata,
    id_column(primary_key=True),
    id_column("unit_id", sa.ForeignKey("unit.id", name="post_unit"), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    word("job_class", JobClass),
    sa.Column("is_head", sa.Boolean, nullable=False),
    sa.Index("post_by_unit", "unit_id", "is_head"),
)

#: what a year of a post's tasks takes (analisis beban kerja)
job_task = sa.Table(
    "job_task",
    metadata,
    id_column(primary_key=True),
    id_column("post_id", sa.ForeignKey("post.id", name="job_task_post"), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("volume", ScaledDecimal(2), nullable=False),
    sa.Column("hours", ScaledDecimal(4), nullable=False),
    sa.UniqueConstraint("post_id", "name", name="job_task_once"),
    sa.CheckConstraint("length(name) > 0", name="task_named"),
    sa.CheckConstraint("volume > 0", name="task_volume_positive"),
    sa.CheckConstraint("hours > 0", name="task_hours_positive"),
)

person = sa.Table(
    "person",
    metadata,
    id_column(primary_key=True),
    id_column("agency_id", sa.ForeignKey("agency.id", name="person_agency"), nullable=False),
    sa.Column("nip", sa.String(18), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=True),
    sa.Column("rank", sa.Text, nullable=False, server_default=""),
    sa.UniqueConstraint("nip", name="person_nip_once"),
    sa.CheckConstraint("length(nip) = 18", name="nip_whole"),
    sa.Index("person_by_agency", "agency_id", "name"),
)

appointment = sa.Table(
    "appointment",
    metadata,
    id_column(primary_key=True),
    id_column("person_id", sa.ForeignKey("person.id", name="appointment_person"), nullable=False),
    id_column("post_id", sa.ForeignKey("post.id", name="appointment_post"), nullable=False),
    word("kind", AppointmentKind),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date, nullable=True),
    id_column("rater_id", sa.ForeignKey("person.id", name="appointment_rater"), nullable=True),
    sa.CheckConstraint("valid_to > valid_from", name="lasts"),
    sa.CheckConstraint("rater_id <> person_id", name="not_own_rater"),
    sa.Index("appointment_by_person", "person_id", "valid_from"),
    sa.Index("appointment_by_post", "post_id", "valid_from"),
)

substitution = sa.Table(
    "substitution",
    metadata,
    id_column(primary_key=True),
    id_column("absent_id", sa.ForeignKey("person.id", name="substitution_absent"), nullable=False),
    id_column(
        "substitute_id", sa.ForeignKey("person.id", name="substitution_substitute"), nullable=False
    ),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date, nullable=True),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("letter_no", sa.Text, nullable=False),
    sa.CheckConstraint("valid_to > valid_from", name="lasts"),
    sa.CheckConstraint("absent_id <> substitute_id", name="by_another"),
    sa.Index("substitution_by_absent", "absent_id", "valid_from"),
    sa.Index("substitution_by_substitute", "substitute_id", "valid_from"),
)

holiday = sa.Table(
    "holiday",
    metadata,
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    id_column("agency_id", sa.ForeignKey("agency.id", name="holiday_agency"), nullable=True),
    sa.Index(
        "holiday_national_once",
        "day",
        unique=True,
        sqlite_where=sa.text("agency_id IS NULL"),
        postgresql_where=sa.text("agency_id IS NULL"),
    ),
    sa.Index("holiday_agency_once", "agency_id", "day", unique=True),
)

#: append-only by trigger: every day that somebody added to a calendar or took out of it
calendar_change = sa.Table(
    "calendar_change",
    metadata,
    id_column(primary_key=True),
    id_column(
        "agency_id", sa.ForeignKey("agency.id", name="calendar_change_agency"), nullable=False
    ),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    sa.Column("letter_no", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("length(letter_no) > 0 AND length(reason) > 0", name="says_why"),
    sa.Index("calendar_change_by_day", "agency_id", "day", "id"),
)

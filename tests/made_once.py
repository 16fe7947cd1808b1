"""What a process of tests makes once for all its houses: code of templates and of routes, SQL.

Each test has an application and a database of its own; its templates, its addresses and its
statements are those of the last.
"""

from __future__ import annotations

from flask import Flask
from jinja2 import BytecodeCache
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing.rules import Rule


class CodeOfTemplates(BytecodeCache):
    """Compiled templates by name and contents, in memory."""

    def __init__(self):
        self._code = {}

    def load_bytecode(self, bucket):
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket):
        self._code[bucket.key, bucket.checksum] = bucket.code


_compiled = Rule._compile_builder
_builders = {}


def _compile_builder(rule, append_unknown=True):  # noqa: FBT002 - werkzeug's own signature
    """The function that writes a route's address; routes of one form share it."""
    kinds = tuple((name, type(one)) for name, one in rule._converters.items())
    defaults = tuple(sorted((rule.defaults or {}).items()))
    form = (rule.rule, rule.subdomain, rule.host, defaults, kinds, append_unknown)
    if form not in _builders:
        _builders[form] = _compiled(rule, append_unknown)
    return _builders[form]


_statements = LRUCache(5000)
_engine = Engine.__init__


def _kind(dialect):
    """What the text of a statement and the values bound to it depend on."""
    json = dialect._json_serializer, dialect._json_deserializer
    return type(dialect), dialect.paramstyle, dialect.server_version_info, json


def _with_shared_statements(engine, *args, **kwargs):
    """An engine that knows what any other of its kind has compiled; it asks by its dialect."""
    _engine(engine, *args, **kwargs)
    if isinstance(engine.dialect, (SQLiteDialect_pysqlite, PGDialect_psycopg)):
        engine._compiled_cache = _statements


def begin():
    """From now on."""
    Engine.__init__ = _with_shared_statements
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        # its version is known only after the first connection: no part of what never changes
        dialect.__hash__ = lambda self: hash(type(self))
        dialect.__eq__ = lambda self, other: _kind(self) == _kind(other)
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CodeOfTemplates()}
    Rule._compile_builder = _compile_builder

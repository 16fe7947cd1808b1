"""Where everything is kept: tables, stores, migrations and background jobs on SQLAlchemy Core."""

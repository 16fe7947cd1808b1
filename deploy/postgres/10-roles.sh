#!/bin/sh
# Two roles, neither a superuser: one owns the tables and backs them up, one works on the rows that
# policies let it see (docs/operating.md, Roles of PostgreSQL).
# PostgreSQL's image runs this once, when its folder is empty; elsewhere run it by hand.
set -eu

psql --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" --dbname="${POSTGRES_DB:-regu}" \
    --set=database="${POSTGRES_DB:-regu}" \
    --set=owner_password="$OWNER_PASSWORD" --set=app_password="$APP_PASSWORD" <<'SQL'
CREATE ROLE regu_owner LOGIN BYPASSRLS PASSWORD :'owner_password';
CREATE ROLE regu_plain LOGIN PASSWORD :'app_password';
-- guards look over rows of all agencies: their functions carry this setting (PostgreSQL 15 or newer)
GRANT SET ON PARAMETER "regu.agency" TO regu_owner;
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
ALTER DATABASE :"database" OWNER TO regu_owner;
GRANT CONNECT ON DATABASE :"database" TO regu_plain;
ALTER SCHEMA public OWNER TO regu_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO regu_plain;
CREATE SCHEMA dbos AUTHORIZATION regu_owner;
GRANT USAGE ON SCHEMA dbos TO regu_plain;
ALTER DEFAULT PRIVILEGES FOR ROLE regu_owner IN SCHEMA public, dbos
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO regu_plain;
ALTER DEFAULT PRIVILEGES FOR ROLE regu_owner IN SCHEMA public, dbos
    GRANT USAGE ON SEQUENCES TO regu_plain;
SQL

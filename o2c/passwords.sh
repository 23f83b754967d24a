#!/bin/bash
# Runs once in a new server's PostgreSQL, after roles.sql: gives both roles their passwords.
set -euo pipefail
for pair in o2c:application_password o2c_owner:owner_password; do
    psql -qU postgres -v role="${pair%%:*}" -v password="$(cat "/run/secrets/${pair##*:}")" \
        <<< 'ALTER ROLE :"role" PASSWORD :'"'password'"
done

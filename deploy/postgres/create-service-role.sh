#!/bin/sh
# Run once by the PostgreSQL image, on an empty volume: a role that owns the city's database and is nothing more.
set -eu
psql --set ON_ERROR_STOP=1 --set password="$DATABASE_PASSWORD" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
create role roue_libre login password :'password';
create database roue_libre owner roue_libre;
SQL

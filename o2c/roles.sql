-- Roles and database of a new PostgreSQL: the owner migrates, the application only reads and writes
-- rows. Rights go into template1 so that test databases have them too. May run again.
SELECT 'CREATE ROLE o2c_owner LOGIN CREATEDB'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'o2c_owner')
\gexec
SELECT 'CREATE ROLE o2c LOGIN'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'o2c')
\gexec
-- Big loads tell the planner how large the tables have become.
SELECT 'GRANT pg_maintain TO o2c'
 WHERE EXISTS (SELECT FROM pg_roles WHERE rolname = 'pg_maintain')
\gexec
\connect template1
ALTER DEFAULT PRIVILEGES FOR ROLE o2c_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO o2c;
ALTER DEFAULT PRIVILEGES FOR ROLE o2c_owner GRANT USAGE, SELECT ON SEQUENCES TO o2c;
SELECT 'CREATE DATABASE o2c OWNER o2c_owner'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'o2c')
\gexec

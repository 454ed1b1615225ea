#!/bin/sh
# Makes the data folder at the first start, with the root password and the database of the environment, and becomes the server.
set -eu
password=${MARIADB_ROOT_PASSWORD:-${MYSQL_ROOT_PASSWORD:-}}
database=${MARIADB_DATABASE:-${MYSQL_DATABASE:-test}}
user=${MARIADB_USER:-${MYSQL_USER:-test}}
user_password=${MARIADB_PASSWORD:-${MYSQL_PASSWORD:-test}}
if [ ! -d /var/lib/mysql/mysql ]; then
  mariadb-install-db --datadir=/var/lib/mysql --auth-root-authentication-method=normal --skip-test-db >/dev/null
  # One statement a line: an init file runs only the first of a line.
  cat >/var/lib/mysql/init.sql <<SQL
CREATE USER IF NOT EXISTS 'root'@'%' IDENTIFIED BY '$password';
GRANT ALL PRIVILEGES ON *.* TO 'root'@'%' WITH GRANT OPTION;
CREATE DATABASE IF NOT EXISTS \`$database\` CHARACTER SET utf8mb4;
CREATE USER IF NOT EXISTS '$user'@'%' IDENTIFIED BY '$user_password';
GRANT ALL PRIVILEGES ON \`$database\`.* TO '$user'@'%';
SQL
fi
exec mariadbd --datadir=/var/lib/mysql --bind-address=0.0.0.0 --skip-name-resolve --init-file=/var/lib/mysql/init.sql "$@"

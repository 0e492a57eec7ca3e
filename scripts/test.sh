#!/usr/bin/env bash
# Run the tests on each database named: test.sh "sqlite postgresql" [pytest arguments].
# What no database can change (parsing, reckoning, drawing; the second screen of a journey) runs with the first one only.
# A throw-away PostgreSQL is made for the run, listens on a socket in its own folder only, and is gone afterwards.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/debian.sh

databases=${1:-sqlite postgresql}
shift || true
scratch=$(mktemp -d "${TMPDIR:-/tmp}/baton.XXXXXX")
chmod 711 "$scratch"
cluster=$scratch/pg
server_user=$(id -un)
export DJANGO_ALLOW_ASYNC_UNSAFE=1

finish() {
    if [ -f "$cluster/data/postmaster.pid" ]; then as_server "$bin/pg_ctl" stop --silent --mode=immediate --pgdata="$cluster/data" || true; fi
    rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 130' INT TERM

as_server() {
    if [ "$(id -un)" = "$server_user" ]; then "$@"; else (cd / && setpriv --reuid "$server_user" --regid "$(id -g "$server_user")" --clear-groups "$@" </dev/null); fi
}

# The folder of the newest PostgreSQL on this machine that has a server in it.
postgresql_bin() {
    local folder
    for folder in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -Vr) $(dirname "$(readlink -f "$(command -v initdb || echo /)")"); do
        if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ]; then
            echo "$folder"
            return
        fi
    done
}

# The headless shell does the same work in half the time; any Chromium will do.
ensure_browser() {
    command -v chromium-headless-shell >/dev/null || need "a small browser for the journeys" chromium-headless-shell ||
        command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ||
        need "a browser for the journeys" chromium
}

ensure_mail_server() {
    command -v dovecot >/dev/null || [ -x /usr/sbin/dovecot ] || need "a mail server for the tests of mailboxes" dovecot-imapd
    [ -x /usr/lib/dovecot/submission ] || [ -x /usr/libexec/dovecot/submission ] ||
        need "a mail server to send through" dovecot-submissiond
}

ensure_gettext() {
    command -v xgettext >/dev/null || need "gettext, which finds the texts that are to be translated" gettext
}

ensure_postgresql() {
    bin=$(postgresql_bin)
    if [ -z "$bin" ]; then
        need "a PostgreSQL server for the tests" postgresql
        bin=$(postgresql_bin)
    fi
    local version
    version=$("$bin/postgres" --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/')
    if [ "${version:-0}" -lt 15 ]; then
        echo "The tests need PostgreSQL 15 or newer; $bin has $version." >&2
        exit 1
    fi
}

# PostgreSQL refuses to run as root, so root lends it to a user who owns nothing else here.
start_postgresql() {
    if [ "$(id -u)" = 0 ]; then server_user=$(id -un postgres 2>/dev/null || echo nobody); fi
    mkdir -m 711 "$cluster"
    chown "$server_user" "$cluster"
    as_server "$bin/initdb" --pgdata="$cluster/data" --username=baton --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$scratch/initdb.log" ||
        { cat "$scratch/initdb.log" >&2; exit 1; }
    as_server "$bin/pg_ctl" start --silent --wait --pgdata="$cluster/data" --log="$cluster/log" --options="-c listen_addresses= \
        -c unix_socket_directories=$cluster -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200" ||
        { cat "$cluster/log" >&2; exit 1; }
    as_server "$bin/createdb" --host="$cluster" --username=baton baton
}

run_tests() {
    printf '\nTests on %s\n' "$1"
    shift
    env TMPDIR="$scratch" BATON_TESTS="$which" "$@" .venv/bin/python -m pytest -p no:cacheprovider -n "${WORKERS:-2}" --dist worksteal --color=no "${tests[@]}"
}

tests=("$@")
failed=()
which=all
ensure_browser
ensure_mail_server
ensure_gettext
for database in $databases; do
    case $database in
        sqlite) run_tests SQLite DATABASE_URL= || failed+=(SQLite) ;;
        postgresql)
            ensure_postgresql
            start_postgresql
            run_tests PostgreSQL DATABASE_URL="postgresql://baton@/baton?host=$cluster" || failed+=(PostgreSQL)
            ;;
        *) echo "No such database here: $database (sqlite, postgresql)" >&2; exit 2 ;;
    esac
    which=database
done
if [ ${#failed[@]} -gt 0 ]; then
    echo "Tests failed on: ${failed[*]}" >&2
    exit 1
fi

#!/usr/bin/env bash
# Run the proofs: prove.sh [DB=sqlite] [ONLY=kills] [KILLS=200] [MAILS=5000]. Installs what they need from Debian's packages.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/debian.sh

command -v dovecot >/dev/null || [ -x /usr/sbin/dovecot ] || need "a mail server whose mailbox is read" dovecot-imapd
command -v strace >/dev/null || need "a look at the system calls" strace
case "$*" in
    *DB=sqlite*postgresql* | *DB=postgresql* | *"DB= "*) ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need "a PostgreSQL server" postgresql ;;
esac
exec .venv/bin/python -m prove "$@"

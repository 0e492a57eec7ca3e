#!/usr/bin/env bash
# Make .venv with the locked dependencies and the `baton` command. `setup.sh dev` adds what tests and checks need.
# A stamp in .venv holds the digest of all that went in, so that a second run does nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/debian.sh

fitting() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local name
    for name in ${PYTHON:-} python3.11 python3.12 python3.13 python3.14 python3; do
        if fitting "$name"; then
            command -v "$name"
            return
        fi
    done
    echo "Baton needs Python 3.11 or newer, and none was found. On Debian 12, or Ubuntu 24.04, or newer: sudo apt-get install python3 python3-venv" >&2
    return 1
}

# A .venv that moved with its folder still points at where it was made, so its own path is part of what is stamped.
digest() { { echo "$PWD"; .venv/bin/python -V; cat pyproject.toml "$@"; } | sha256sum; }

make_venv() {
    local python version
    python=$(find_python)
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    "$python" -c 'import ensurepip, venv' 2>/dev/null || need "Python's venv module" "python$version-venv"
    echo "Making .venv with Python $version"
    rm -rf .venv
    "$python" -m venv .venv
}

install() {
    local stamp=".venv/baton-$1.stamp"
    shift
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(digest "$@")" ]; then return; fi
    echo "Installing from $*"
    rm -f "$stamp"
    .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes $(printf -- '-r %s ' "$@")
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
    digest "$@" >"$stamp"
}

moved() { [ "$(cat .venv/baton-home 2>/dev/null)" != "$PWD" ]; }

if ! fitting .venv/bin/python || moved; then make_venv; fi
echo "$PWD" >.venv/baton-home
install base requirements/base.lock
if [ "${1:-}" = dev ]; then install dev requirements/base.lock requirements/dev.lock; fi
.venv/bin/python scripts/messages.py compile

#!/usr/bin/env bash
# Resolve requirements/*.in anew on Python 3.11 and write the hashed locks; names no registry.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'; then
    echo "The locks are made on Python 3.11, the oldest that Baton runs on. Make .venv with it first: PYTHON=python3.11 make setup" >&2
    exit 1
fi
for name in base dev; do
    CUSTOM_COMPILE_COMMAND="make lock" .venv/bin/python -m piptools compile --quiet --generate-hashes --allow-unsafe \
        --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links "$@" \
        --output-file "requirements/$name.lock" "requirements/$name.in"
done

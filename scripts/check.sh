#!/usr/bin/env bash
# Every check that needs no database server and no browser, quick enough to run before each commit.
# All of them run, so that one look shows all there is to mend.
set -uo pipefail
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
BATON_DATA=$(mktemp -d)
export BATON_DATA
trap 'rm -rf "$BATON_DATA"' EXIT
failed=()

check() {
    local name=$1 said
    shift
    if said=$("$@" 2>&1); then
        printf 'ok      %s\n' "$name"
    else
        printf 'FAILED  %s\n%s\n' "$name" "$said"
        failed+=("$name")
    fi
}

check "format" ruff format --check --output-format concise .
check "lint" ruff check --quiet --output-format concise .
check "types" ty check --output-format concise
check "import layers" lint-imports
check "templates" djlint --lint --quiet baton/web/templates
check "migrations" python manage.py makemigrations --check --dry-run
check "settings" python scripts/system_checks.py
check "vendored files" scripts/vendor --check
check "contrast" python scripts/contrast.py

if [ ${#failed[@]} -gt 0 ]; then
    printf 'Not in order: %s\n' "${failed[*]}" >&2
    exit 1
fi

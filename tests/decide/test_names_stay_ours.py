"""What a request says never becomes the name of a column: no `filter(**request…)` anywhere."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

ROOMS = settings.BASE_DIR / "baton"
QUERIES = {"filter", "exclude", "get", "annotate", "order_by", "values", "values_list", "Q", "aggregate", "alias"}
ASKED = {"GET", "POST", "request", "data", "query_params", "cleaned_data", "params", "body"}


def unpacked_from_a_request(source: str) -> list[int]:
    """Return the lines where a query unpacks something that a request said."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and _name(node.func) in QUERIES]
    return [call.lineno for call in calls for given in _unpacked(call) if _names(given) & ASKED]


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _unpacked(call: ast.Call) -> list[ast.AST]:
    starred = [given.value for given in call.args if isinstance(given, ast.Starred)]
    return starred + [word.value for word in call.keywords if word.arg is None]


def _names(node: ast.AST) -> set[str]:
    return {_name(part) for part in ast.walk(node)}


@pytest.mark.parametrize(
    "line",
    ["Deal.objects.filter(**request.GET)", "q.order_by(*request.GET.getlist('s'))", "Q(**dict(form.cleaned_data))"],
)
def test_the_lint_finds_what_it_is_for(line):
    assert unpacked_from_a_request(line) == [1]


def test_no_query_unpacks_what_a_request_says():
    files = sorted(Path(ROOMS).rglob("*.py"))
    found = {str(file): unpacked_from_a_request(file.read_text()) for file in files}

    assert len(files) > 50
    assert {file: lines for file, lines in found.items() if lines} == {}

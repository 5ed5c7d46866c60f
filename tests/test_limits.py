"""Code that is read by students and teachers stays short."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "coursekit"
FILES = [
    pytest.param(path, id=path.relative_to(PACKAGE).as_posix())
    for path in sorted(PACKAGE.rglob("*.py"))
]
LONGEST_MODULE, LONGEST_FUNCTION = 250, 30


def is_declaration(path):
    return path.parent.name == "exercises" and path.name[1].isdigit()


@pytest.mark.parametrize("path", FILES)
def test_modules_are_short(path):
    if is_declaration(path):
        pytest.skip("a chapter's declarations are a table, not code")
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize("path", FILES)
def test_functions_are_short(path):
    """Count the lines from `def` to the end without the docstring."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            has_docstring = ast.get_docstring(node) is not None
            docstring = first.end_lineno - first.lineno + 1 if has_docstring else 0
            length = node.end_lineno - node.lineno + 1 - docstring
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"

"""Stubs: what students complete is the solved cell without the answer."""

import ast

import pytest

from coursekit.errors import CourseError
from coursekit.stub import definition, stub


def test_signature_and_docstring_stay():
    source = '''
import math

def half(
    x: float,
    *,
    digits=3,
) -> float:
    """Return x / 2.

        An example, indented.
    """
    y = x / 2  # secret
    return round(y, digits)
'''
    assert (
        stub(source)
        == '''def half(
    x: float,
    *,
    digits=3,
) -> float:
    """Return x / 2.

        An example, indented.
    """
    return ...  # your code'''
    )


def test_comments_of_the_answer_go_with_it():
    assert "secret" not in stub("def f(x):\n    # secret\n\n    # secret\n    return x")
    assert "secret" not in stub('def f(x):\n    """Doc."""\n    # secret\n    return x  # secret')
    assert "secret" not in stub("# secret\nanswer = 3  # secret")


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    return x",
        'def f(x):\n    """Doc."""\n    return x',
        'def f(x):\n\n    """Doc."""\n\n    y = x\n    return y',
        "def f(x):\n\tif x:\n\t\treturn x\n\treturn 0",
        "x = y = 3",
        "answer = (\n    1 +\n    2\n)",
    ],
)
def test_a_stub_is_python_that_does_nothing(source):
    namespace = {}
    exec(compile(stub(source), "stub", "exec"), namespace)
    name, _ = definition(source)
    value = namespace[name]
    assert (value(1) if callable(value) else value) is ...


def test_a_stub_of_a_stub_is_the_stub():
    for source in ('def f(x):\n    """Doc."""\n    return x', "a = 3"):
        assert stub(stub(source)) == stub(source)


def test_the_last_statement_names_the_exercise():
    name, node = definition("def helper(): pass\ndef f(x): pass")
    assert (name, type(node)) == ("f", ast.FunctionDef)
    assert definition("b = 1\na = 2")[0] == "a"


@pytest.mark.parametrize(
    "source",
    [
        "",
        "# only words",
        "def f(x:",
        "%matplotlib inline\na = 1",
        "a = 1\nprint(a)",
        "a, b = 1, 2",
        "a[0] = 1",
        "a: int = 1",
        "class A: pass",
        "async def f(x):\n    pass",
        "def f(x): return x",
    ],
)
def test_a_cell_that_no_stub_can_be_made_of_is_refused_in_one_sentence(source):
    with pytest.raises(CourseError) as refused:
        stub(source)
    assert "\n" not in str(refused.value)

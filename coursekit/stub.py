"""Turn a solved exercise into the stub that students complete."""

import ast

from coursekit.errors import CourseError

Definition = ast.FunctionDef | ast.Assign


def definition(source: str) -> tuple[str, Definition]:
    """Return the name that a solved exercise cell defines, and its syntax node.

    The last statement counts: a function definition, or an assignment to one name.

    Raises
    ------
    CourseError
        When the cell is no Python or ends in anything else.
    """
    try:
        last = ast.parse(source).body[-1]
    except (SyntaxError, IndexError):
        raise CourseError(f"An exercise cell is not Python: {_start(source)}") from None
    if isinstance(last, ast.FunctionDef):
        return last.name, last
    if isinstance(last, ast.Assign) and isinstance(last.targets[0], ast.Name):
        return last.targets[0].id, last
    raise CourseError(
        f"An exercise cell must end in one definition or assignment: {_start(source)}"
    )


def stub(source: str) -> str:
    r"""Return the unsolved form: signature and docstring stay, the answer becomes ``...``.

    >>> print(stub("def double(x):\n    return 2 * x"))
    def double(x):
        return ...  # your code
    >>> print(stub("answer = 6 * 7"))
    answer = ...  # your answer
    """
    name, node = definition(source)
    if isinstance(node, ast.Assign):
        return f"{name} = ...  # your answer"
    first = node.body[0]
    if first.lineno == node.lineno:
        raise CourseError(f"An exercise's body needs a line of its own: {_start(source)}")
    has_docstring = ast.get_docstring(node) is not None
    end = first.end_lineno if has_docstring else first.lineno - 1
    head = source.splitlines()[node.lineno - 1 : end]
    while not head[-1].strip() or head[-1].lstrip().startswith("#"):
        head.pop()  # what a comment explains may be the answer
    return "\n".join([*head, " " * first.col_offset + "return ...  # your code"])


def _start(source: str) -> str:
    return source.strip().partition("\n")[0] or "(empty)"

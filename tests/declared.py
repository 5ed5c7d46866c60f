"""The declarations' programs as source text, which a student (or another grader) could have typed.

The text is taken from the declaring module's syntax tree, together with the definitions of that
module that it needs, so that it never drifts from what the judge runs.
"""

import ast
import importlib
from functools import cache
from pathlib import Path

from coursekit import exercises
from coursekit.collect import collect, value_of
from coursekit.judge import inputs_for, judge

IMPORTS = "import math\nimport numpy as np\nfrom coursekit import activations as act"
OUT_OF_REACH = "coursekit.exercises"  # while a notebook is graded


@cache
def module_tree(slug):
    """Return the syntax tree of a chapter's declarations."""
    module = importlib.import_module(f"coursekit.exercises._{slug}")
    return ast.parse(Path(module.__file__).read_text("utf-8"))


def field(slug, name, wanted):
    """Return the expression that declares a field of an exercise, or None."""
    for call in _calls(module_tree(slug), "Exercise"):
        fields = {keyword.arg: keyword.value for keyword in call.keywords}
        if ast.unparse(fields["name"]) == repr(name):
            return fields.get(wanted)
    return None


def mistakes(slug, name):
    """Return the expressions of an exercise's declared mistakes by their ids."""
    declared = field(slug, name, "mistakes")
    calls = _calls(declared, "Mistake") if declared is not None else []
    return {c.args[0].value: c.args[1] for c in calls if isinstance(c.args[0], ast.Constant)}


def program(slug, name, expression):
    """Return source that makes `name` what the expression says, with all that it needs."""
    if isinstance(expression, ast.Lambda):
        arguments, body = ast.unparse(expression.args), ast.unparse(expression.body)
        own = f"def {name}({arguments}):\n    return {body}"
    else:
        own = f"{name} = {ast.unparse(expression)}"
    return "\n".join([*_needed(module_tree(slug), expression), own])


@cache
def recognised_mistakes(slug, name):
    """Return the sources of the declared mistakes that the judge recognises as what they are."""
    texts = {key: program(slug, name, e) for key, e in mistakes(slug, name).items()}
    return {
        key: source
        for key, source in texts.items()
        if OUT_OF_REACH not in source and mistake_in(name, source) == key
    }


def mistake_in(name, source):
    """Return the id of the mistake that the judge recognises in an answer's source, or None."""
    exercise, space = exercises.find(name), {}
    exec(f"{IMPORTS}\n{source}", space)
    inputs = inputs_for(exercise, 1)
    function = exercise.kind == "function"
    outcomes = collect(space[name], inputs) if function else [value_of(space[name])]
    mistake = judge(exercise, inputs, outcomes).mistake
    return mistake.id if mistake is not None else None


def _calls(tree, function):
    """Yield the calls of `function` by its name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == function:
            yield node


def _needed(tree, expression):
    """Return the module's imports and definitions that an expression uses, in their order."""
    definitions = {name: node for node in tree.body for name in _defines(node)}
    needed, open_nodes = set(), [expression]
    while open_nodes:
        for node in ast.walk(open_nodes.pop()):
            definition = definitions.get(node.id) if isinstance(node, ast.Name) else None
            if definition is not None and definition not in needed:
                needed.add(definition)
                open_nodes.append(definition)
    return [ast.unparse(node) for node in tree.body if node in needed]


def _defines(node):
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name for alias in node.names]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return [node.name] if isinstance(node, ast.FunctionDef | ast.ClassDef) else []

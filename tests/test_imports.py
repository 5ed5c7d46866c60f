"""Imports point one way, go round in no circle, and cost nothing until they are needed."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "coursekit"

PICTURE = ElementTree.parse(ROOT / "docs" / "images" / "modules.svg")
SVG = "{http://www.w3.org/2000/svg}"


def names_in(element):
    return [text.text for text in element.iter(f"{SVG}text")]


# Every module may import from its own layer of the picture and those below it.
LAYERS = [names_in(group) for group in PICTURE.iter(f"{SVG}g") if "layer" in group.get("class", "")]
HEAVY = ("matplotlib", "scipy", "IPython", "jupyter", "nbformat", "rich", "click", "jsonschema")


def name_of(path):
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imported(path):
    """Yield the modules of the package that a module imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            while name and name not in MODULES:
                name = name.rpartition(".")[0]
            if name:
                yield name


GRAPH = {name: set(imported(path)) - {name} for name, path in MODULES.items()}


def layer(module):
    first = module.split(".")[1]
    found = [i for i, names in enumerate(LAYERS) if first in names]
    assert found, f"{module} is in no layer of docs/images/modules.svg"
    return found[0]


@pytest.mark.parametrize("module", [m for m in MODULES if "." in m])
def test_imports_point_one_way(module):
    wrong = [m for m in GRAPH[module] if "." in m and layer(m) < layer(module)]
    assert not wrong


def test_the_picture_shows_every_module_once():
    shown = [name for names in LAYERS for name in names]
    assert sorted(shown) == sorted({m.split(".")[1] for m in MODULES if "." in m})


def test_there_is_no_circle():
    inside = {m: {n for n in names if "." in n} for m, names in GRAPH.items() if "." in m}
    assert list(TopologicalSorter(inside).static_order())


def loaded(statement, package=""):
    """Return what a fresh interpreter has after a statement: top-level modules, or a package's."""
    script = f"""{statement}
import sys
names = [name for name in sys.modules if name.startswith({package!r})]
print(*{{name.removeprefix({package!r}).partition('.')[0] for name in names}})
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_the_picture_colours_what_a_notebook_loads():
    words = "activations, autograd, calibration, check, data, gradcheck, losses, network, plot"
    work = f"from coursekit import {words}, hint; check(steepest_slope=0.25); hint('sigmoid')"
    every = loaded(work, "coursekit.")
    coloured = [g for g in PICTURE.iter(f"{SVG}g") if g.get("class") == "notebook"]
    assert {name for g in coloured for name in names_in(g)} == every


@pytest.mark.parametrize(
    "statement",
    [
        "import coursekit",
        "from coursekit import check, hint, activations, losses",
        "import coursekit; coursekit.check(steepest_slope=0.25)",
        "import coursekit.grading.worker",
        "from coursekit.interop import earned, require",
    ],
)
def test_a_notebook_loads_nothing_heavy(statement):
    assert not loaded(statement) & set(HEAVY)


def test_grading_and_starting_load_no_notebook_library():
    modules = loaded("import coursekit.grading.run, coursekit.workspace")
    assert not modules & {"nbformat", "jsonschema", "matplotlib", "IPython", "jupytext"}

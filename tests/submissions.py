"""Submissions as students hand them in: the real solved chapters, with cells edited."""

import json
from pathlib import Path

ROOT = Path(__file__).parents[1]
LIGHT = "import numpy as np\nfrom coursekit import activations as act"


def solved(slug="01_definition", setup=LIGHT):
    """Return a solved chapter without outputs; `setup` replaces its imports, None keeps them."""
    notebook = json.loads((ROOT / "solutions" / f"{slug}.ipynb").read_text("utf-8"))
    for cell in code(notebook):
        cell["outputs"] = []
        if setup is not None and "setup" in cell["metadata"].get("tags", []):
            cell["source"] = setup
    return notebook


def code(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def answer(notebook, name):
    """Return the cell that answers an exercise."""
    wanted = f"answer-{name.replace('_', '-')}"
    return next(cell for cell in notebook["cells"] if cell["id"] == wanted)


def answered(changes, setup=LIGHT, slug="01_definition"):
    """Return a solved chapter whose answers to some exercises are others."""
    notebook = solved(slug, setup)
    for name, source in changes.items():
        answer(notebook, name)["source"] = source
    return notebook


def cell(source):
    """Return a code cell that a student added."""
    return {
        "cell_type": "code",
        "id": "added",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def before(notebook, source):
    """Add a cell after the setup cell."""
    at = 1 + next(
        i for i, c in enumerate(notebook["cells"]) if "setup" in c["metadata"].get("tags", [])
    )
    notebook["cells"].insert(at, cell(source))
    return notebook


def after(notebook, source):
    """Add a cell at the end."""
    notebook["cells"].append(cell(source))
    return notebook


def hand_in(folder, student, notebook, slug="01_definition"):
    """Write a submission; text and bytes are written as they are."""
    path = folder / student / f"{slug}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(notebook, bytes):
        path.write_bytes(notebook)
    else:
        path.write_text(notebook if isinstance(notebook, str) else json.dumps(notebook), "utf-8")
    return path

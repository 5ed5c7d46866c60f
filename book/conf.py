"""What Sphinx is told. `python -m book` calls it; `make site` calls that."""

import importlib.metadata
from pathlib import Path
from typing import Any

from book import docstrings

project = "A course on the sigmoid"
author = "the authors of coursekit"
copyright = "the authors of coursekit; text and figures CC BY 4.0, code MIT"  # noqa: A001
version = release = importlib.metadata.version("coursekit")
language = "en"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx.ext.mathjax",
]
exclude_patterns = ["downloads"]
nitpicky = False

nb_execution_mode = "off"  # the outputs are committed, and proved by the tests
nb_merge_streams = True
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3

autodoc_typehints = "none"
autodoc_member_order = "bysource"
autosummary_generate = False
add_module_names = False
napoleon_google_docstring = False

html_theme = "furo"
html_title = project
html_static_path = ["static", str(Path(__file__).parents[1] / "build/site/static")]
html_css_files = ["book.css"]
html_copy_source = False
html_show_sphinx = False
mathjax_path = "mathjax/tex-svg.js"  # copied from the package sphinx-mathjax-offline


def setup(app: Any) -> None:
    """Have docstrings marked up before numpydoc's sections are read."""
    app.connect("autodoc-process-docstring", docstrings.process, priority=400)

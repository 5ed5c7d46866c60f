"""The notebooks in the repository are what the sources build, and an untouched chapter runs.

What the solved notebooks print is compared by nbval, what they draw by `make drift`.
"""

from pathlib import Path

import nbformat
import pytest

from coursekit import authoring, exercises, notebooks

ROOT = Path(__file__).parents[1]
SOURCES = authoring.sources(ROOT)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_the_committed_notebooks_are_built_from_their_source(source):
    built = authoring.build(source, exercises.chapters())
    assert list(authoring.stale(built, run=False)) == [], "run `coursekit build`"


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_run_all_on_an_untouched_chapter_raises_nothing(source):
    path = authoring.build(source, exercises.chapters()).chapter_path
    done = notebooks.execute(nbformat.read(path, as_version=4), path)
    printed = "".join(
        output.data["text/plain"]
        for cell in done.cells
        if cell.id.startswith("check-")
        for output in cell.outputs
    )
    asked = exercises.chapters()[source.stem]
    assert printed.count("not attempted") == len(asked)

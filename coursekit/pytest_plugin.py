"""A pytest plugin: ``pytest --coursekit work`` makes a test of every exercise.

pytest loads this module in every project beside which the course is installed. So it imports
nothing of the course before it is asked for it.
"""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from coursekit.exercise import Exercise
    from coursekit.verdict import Verdict

NOTEBOOKS = pytest.StashKey[frozenset[Path]]()
SECRET = pytest.StashKey[bytes | None]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options; without the first, this plugin does nothing else."""
    group = parser.getgroup("coursekit", "a course's notebooks")
    group.addoption(
        "--coursekit",
        action="append",
        default=[],
        type=Path,
        metavar="NOTEBOOK_OR_DIR",
        help="Make a test of every exercise in a chapter, or in a folder's chapters.",
    )
    group.addoption(
        "--coursekit-secret",
        type=Path,
        metavar="FILE",
        help="Judge on the hidden inputs drawn from this secret, in the grader's sandbox.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let pytest collect the notebooks: alone, or beside the tests that were named."""
    asked, secret = config.getoption("--coursekit"), config.getoption("--coursekit-secret")
    if not asked:
        if secret is not None:
            raise pytest.UsageError("--coursekit-secret needs --coursekit NOTEBOOK_OR_DIR too.")
        return
    from coursekit.errors import CourseError
    from coursekit.grading.secret import existing_secret
    from coursekit.workspace import notebooks_at

    try:
        notebooks = [path for place in asked for path in notebooks_at(place)]
        config.stash[SECRET] = None if secret is None else existing_secret(secret)
    except CourseError as error:
        raise pytest.UsageError(str(error)) from None
    config.stash[NOTEBOOKS] = frozenset(path.resolve() for path in notebooks)
    named = config.args if config.args_source is pytest.Config.ArgsSource.ARGS else []
    config.args = [*named, *map(str, notebooks)]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the notebooks that were asked for, and no others."""
    if file_path.resolve() not in parent.config.stash.get(NOTEBOOKS, frozenset()):
        return None
    return Chapter.from_parent(parent, path=file_path)


class Chapter(pytest.File):
    """A chapter's notebook; it is run once, when its first test is."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield a test for every exercise of the chapter, answered or not."""
        from coursekit import exercises
        from coursekit.workspace import chapter_of

        for exercise in exercises.chapters()[chapter_of(self.path)]:
            yield Answer.from_parent(self, name=exercise.name, exercise=exercise)

    @cached_property
    def verdicts(self) -> "dict[str, Verdict] | str":
        """The verdicts by exercise, or the sentence that says why there are none."""
        from coursekit.errors import CourseError
        from coursekit.workspace import check_notebook, grade_notebook

        secret = self.config.stash[SECRET]
        try:
            found = (
                check_notebook(self.path) if secret is None else grade_notebook(self.path, secret)
            )
        except CourseError as error:
            return str(error)
        return {verdict.exercise: verdict for verdict in found}


class WrongAnswerError(Exception):
    """An answer that is wrong or missing; its text is all that a student needs to read."""


class Answer(pytest.Item):
    """One exercise: passed when right, failed when wrong or missing, an error when ungraded."""

    def __init__(self, *, exercise: "Exercise", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.exercise = exercise

    def setup(self) -> None:
        """Have the chapter judged."""
        assert isinstance(self.parent, Chapter)
        verdicts = self.parent.verdicts
        if isinstance(verdicts, str):
            pytest.fail(verdicts, pytrace=False)
        self.verdict = verdicts[self.name]
        points = ("points", self.verdict.points), ("out of", self.verdict.out_of)
        self.user_properties += points

    def runtest(self) -> None:
        """Fail unless the answer is right."""
        if self.verdict.status != "passed":
            raise WrongAnswerError(self._report())

    def _report(self) -> str:
        """Return the verdict; of hidden inputs nothing may be told."""
        if self.config.stash[SECRET] is None or self.verdict.status == "not attempted":
            return str(self.verdict)
        from coursekit.grading.notes import sentences

        return "\n  ".join([self.verdict.headline, *sentences(self.verdict, self.exercise)])

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return what is shown of a failure: of a wrong answer the verdict, no traceback."""
        if isinstance(excinfo.value, WrongAnswerError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return where the exercise is, and the headline of its failure."""
        return self.path, None, f"{self.path.stem}: {self.name}"

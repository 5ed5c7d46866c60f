"""Build an exam's notebooks from a teacher's folder, and prove them before anybody opens one.

The folder looks like the course: ``exercises/_21_exam.py`` and ``solutions/21_exam.md`` are
written by hand, ``solutions/21_exam_v7.ipynb`` and ``chapters/21_exam_v7.ipynb`` are built.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from coursekit import authoring, exercises, notebooks
from coursekit.errors import CourseError
from coursekit.exercise import Exercise
from coursekit.exercises import exam
from coursekit.grading.grade import grade
from coursekit.grading.sandbox.policy import Policy
from coursekit.reading import parse_notebook
from coursekit.student import verdict_on
from coursekit.workspace import public_questions


@dataclass(frozen=True)
class BuiltExam(authoring.Built):
    """The two notebooks of one variant, and what they ask."""

    paper: exam.Paper


def build(root: Path, seeds: Sequence[int]) -> list[BuiltExam]:
    """Build an exam's sources, in a variant for each seed, without writing or executing them.

    Raises
    ------
    CourseError
        When the folder, a source or a declaration is missing or malformed, or an exercise has
        the name of another one.
    """
    sources = sorted((root / "solutions").glob("[0-9]*.md"))
    if not sources:
        raise CourseError(f"{root} holds no source such as solutions/21_exam.md; name your exam.")
    endings = [f"_v{seed}" for seed in seeds] or [""]
    wanted = [(path, path.stem + end) for path in sources for end in endings]
    papers = [(path, exam.paper(root, slug)) for path, slug in wanted]
    exercises.joined(paper for _, paper in papers)
    return [_build(path, paper) for path, paper in papers]


def _build(source: Path, paper: exam.Paper) -> BuiltExam:
    plain = authoring.assemble(source, partial(notebooks.solved_exam, paper=paper))
    return BuiltExam(plain.source, plain.solution, plain.chapter, paper)


def write(built: BuiltExam) -> None:
    """Prove an exam, then write both of its notebooks.

    Raises
    ------
    CourseError
        When it cannot be proved, or a cell of the solved notebook fails.
    """
    prove(built)
    authoring.write(built)


def prove(built: BuiltExam) -> None:
    """Grade the solved notebook, and the declared mistakes, on the public inputs.

    Raises
    ------
    CourseError
        When an answer in it is wrong, or a mistake is right or taken for another one.
    """
    solved, chapter = (
        parse_notebook(notebooks.dumps(notebook).encode(), str(built.source))
        for notebook in (built.solution, built.chapter)
    )
    asked = built.paper.exercises
    graded = grade(solved, chapter, asked, public_questions, policy=Policy(weak=True))
    wrong = [" ".join(str(v).split()) for v in graded.verdicts if v.status != "passed"]
    wrong += [flaw for exercise in asked for flaw in _flaws(exercise)]
    if wrong:
        raise CourseError(f"{built.paper.slug} is not built: {wrong[0]}")


def _flaws(exercise: Exercise) -> Iterator[str]:
    for mistake in exercise.mistakes:
        verdict = verdict_on(exercise, mistake.answer)
        if verdict.status == "passed":
            yield f"the mistake {mistake.id!r} of {exercise.name!r} is right on some inputs."
        elif verdict.mistake is not mistake:
            yield f"the mistake {mistake.id!r} of {exercise.name!r} is not recognised."

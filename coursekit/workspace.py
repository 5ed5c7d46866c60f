"""A student's folder: lay out the chapters, and see how far they are solved."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from coursekit import exercises
from coursekit.errors import CourseError
from coursekit.exercise import Exercise
from coursekit.grading.classroom import hidden_questions
from coursekit.grading.grade import grade
from coursekit.grading.sandbox.policy import Policy
from coursekit.judge import Questions, inputs_for
from coursekit.reading import Notebook, handed_out, original, read_bytes, read_notebook
from coursekit.student import PUBLIC_SEED
from coursekit.verdict import Verdict


@dataclass(frozen=True)
class Laid:
    """What happened to one chapter: where it lies, and what was done."""

    path: Path
    did: str  # "new", "kept", "updated" or "beside"


def lay_out(folder: Path) -> list[Laid]:
    """Copy the chapters into `folder`; a file that the student changed is never touched.

    A newer version of a changed chapter lands beside it as ``NN_slug.new.ipynb``.

    Raises
    ------
    CourseError
        When `folder` is a file or cannot be written, or there are no chapters.
    """
    chapters = sorted(handed_out().glob("[0-9]*.ipynb"))
    if not chapters:
        raise CourseError(f"{handed_out()} holds no chapters; run `coursekit build` first.")
    if folder.exists() and not folder.is_dir():
        raise CourseError(f"{folder} is a file; name a folder for your notebooks.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_lay(chapter, folder) for chapter in chapters]
    except OSError as error:
        raise CourseError(f"{folder} cannot be written: {error.strerror}.") from None


def _lay(chapter: Path, folder: Path) -> Laid:
    target, new = folder / chapter.name, read_notebook(chapter)
    if not target.exists():
        return _copy(chapter, target, "new")
    old = _read(target)
    if old is not None and old.built == new.built:
        return Laid(target, "kept")
    if old is not None and old.untouched:
        return _copy(chapter, target, "updated")
    beside = target.with_suffix(".new.ipynb")
    lying = _read(beside)
    if beside.exists() and (lying is None or not lying.untouched or lying.built == new.built):
        return Laid(target, "kept")
    return _copy(chapter, beside, "beside")


def _copy(source: Path, target: Path, did: str) -> Laid:
    """Copy a chapter; interrupted, it leaves no half of one behind."""
    temporary = target.with_name(f".{target.name}.part")
    temporary.write_bytes(source.read_bytes())
    temporary.replace(target)
    return Laid(target, did)


def _read(path: Path) -> Notebook | None:
    try:
        return read_notebook(path)
    except CourseError:
        return None


def chapter_of(path: Path) -> str:
    """Return the chapter that a notebook's file name names.

    Raises
    ------
    CourseError
        When it names none.
    """
    known = exercises.chapters()
    for slug in known:
        if path.stem.endswith(slug):
            return slug
    raise CourseError(
        f"{path} is no chapter of this course: its name ends in none of {', '.join(known)}."
    )


def check_notebook(path: Path) -> list[Verdict]:
    """Return the same verdicts as `check` in the notebook, from a process of its own.

    Raises
    ------
    CourseError
        When the file is no notebook of this course.
    """
    notebook, slug = read_notebook(path), chapter_of(path)
    return verdicts_on(notebook, slug)


def grade_notebook(path: Path, secret: bytes) -> list[Verdict]:
    """Return the verdicts of `coursekit grade`: on hidden inputs, in the grader's sandbox.

    Raises
    ------
    CourseError
        When the file is no notebook of this course, or the sandbox is too weak.
    """
    notebook, slug = read_notebook(path), chapter_of(path)
    asked, draw = exercises.chapters()[slug], partial(hidden_questions, secret)
    return list(grade(notebook, original(slug), asked, draw).verdicts)


def notebooks_at(place: Path) -> list[Path]:
    """Return a chapter's notebook, or all chapters in a folder.

    Raises
    ------
    CourseError
        When there is none.
    """
    if not place.is_dir():
        read_bytes(place)  # says what is wrong with it
        chapter_of(place)
        return [place]
    slugs = tuple(f"{slug}.ipynb" for slug in exercises.chapters())
    found = sorted(path for path in place.glob("*.ipynb") if path.name.endswith(slugs))
    if not found:
        raise CourseError(f"{place} holds no chapter; run `coursekit start {place}` first.")
    return found


def verdicts_on(notebook: Notebook, slug: str) -> list[Verdict]:
    """Judge a chapter's answers on the public inputs; an untouched chapter is not even run."""
    asked = exercises.chapters()[slug]
    if notebook.untouched:
        return [Verdict(e.name, "not attempted", 0, e.points) for e in asked]
    policy = Policy(weak=True)  # whoever runs this trusts the notebook: it is their own
    return list(grade(notebook, original(slug), asked, public_questions, policy=policy).verdicts)


def public_questions(exercise: Exercise) -> Questions:
    """Return an exercise's questions as `check` asks them."""
    return Questions(exercise, inputs_for(exercise, PUBLIC_SEED))


def progress(folder: Path) -> dict[str, list[Verdict] | None]:
    """Return the verdicts of every chapter in `folder`; None for a chapter not there.

    Raises
    ------
    CourseError
        When `folder` holds no chapter, or a chapter's file is no notebook.
    """
    if not folder.is_dir():
        raise CourseError(f"{folder} is no folder; run `coursekit start {folder}` to make it.")
    paths = {slug: folder / f"{slug}.ipynb" for slug in exercises.chapters()}
    if not any(path.exists() for path in paths.values()):
        raise CourseError(f"{folder} holds no chapter; run `coursekit start {folder}` first.")
    return {
        slug: verdicts_on(read_notebook(path), slug) if path.exists() else None
        for slug, path in paths.items()
    }

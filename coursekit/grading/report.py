"""The pages that come out of grading: one for each student, and a report for the teacher.

Results are trusted to come from our own judging; every text in them that a student may have
chosen is escaped, and the students' pages show none but the student's name.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursekit.exercise import Exercise, Mistake
from coursekit.grading.feedback import feedback_page
from coursekit.grading.notes import Kind
from coursekit.grading.outline import Part, parts
from coursekit.grading.pages import Pages
from coursekit.grading.results import Result, by_student
from coursekit.grading.tally import Tally
from coursekit.grading.writing import file_names, replace

MOST = 12  # mistakes in the class's list
WORDS: Mapping[Kind, str] = {
    "passed": "right",
    "mistake": "with a known mistake",
    "other": "wrong in another way",
    "error": "with an error",
    "stopped": "stopped or crashed",
    "not attempted": "not attempted",
}


@dataclass(frozen=True)
class Row:
    """One exercise in the report: how many answers came down to what, and the mistakes."""

    exercise: Exercise
    attempts: int
    numbers: Mapping[Kind, int]
    mistakes: tuple[tuple[int, Mistake], ...]

    @property
    def others(self) -> str:
        """What the list of mistakes leaves out, in words."""
        told: tuple[Kind, ...] = ("other", "error", "stopped", "not attempted")
        return ", ".join(f"{self.numbers[k]} {WORDS[k]}" for k in told if self.numbers[k])


@dataclass(frozen=True)
class Bar:
    """A row of a drawing: a name, what stands at its right, and parts as shares of its length."""

    name: str
    note: str
    shares: Mapping[Kind, float]

    @property
    def parts(self) -> Iterator[tuple[Kind, float, float]]:
        """Each part with where it starts and how long it is."""
        start = 0.0
        for kind, share in self.shares.items():
            if share:
                yield kind, start, share
                start += share


def write_reports(
    out: Path,
    students: Sequence[str],
    results: Iterable[Result],
    columns: Mapping[str, Exercise],
) -> None:
    """Write ``feedback/<student>.html`` for everyone, and ``report.html``.

    Parameters
    ----------
    out
        The folder, which exists.
    students
        Everyone, also those who handed in nothing.
    results
        All results, ordered by student; they are gone through once.
    columns
        The exercises of the gradebook.
    """
    course, names, pages, tally = parts(columns), file_names(students), Pages(), Tally(columns)
    folder = out / "feedback"
    folder.mkdir(exist_ok=True)
    for student, own in by_student(students, results):
        tally.add(own.values())
        replace(folder / f"{names[student]}.html", feedback_page(pages, student, course, own))
    replace(out / "report.html", report_page(pages, course, tally))


def report_page(pages: Pages, course: Sequence[Part], tally: Tally) -> str:
    """Return the teacher's page."""
    chapters = [(part, [_row(exercise, tally) for exercise in part.exercises]) for part in course]
    ranking = [(n, m, row) for _, rows in chapters for row in rows for n, m in row.mistakes]
    ranking.sort(key=lambda one: -one[0])
    top = ranking[:MOST]
    return pages.fill(
        "report.html",
        tally=tally,
        chapters=[(part, rows, _chapter_bars(rows)) for part, rows in chapters],
        top=top,
        top_bars=[_top_bar(*one) for one in top],
        key=[Bar(word, "", {kind: 0.12}) for kind, word in WORDS.items()],
    )


def _row(exercise: Exercise, tally: Tally) -> Row:
    numbers = {kind: tally.of(exercise, kind) for kind in WORDS}
    return Row(exercise, sum(numbers.values()), numbers, tuple(tally.ranked(exercise)))


def _chapter_bars(rows: Sequence[Row]) -> list[Bar]:
    return [
        Bar(
            row.exercise.name,
            f"{row.numbers['passed']} of {row.attempts} right",
            {kind: number / row.attempts for kind, number in row.numbers.items()},
        )
        for row in rows
        if row.attempts
    ]


def _top_bar(number: int, mistake: Mistake, row: Row) -> Bar:
    share = number / row.attempts
    return Bar(
        f"{row.exercise.name}: {mistake.id}", f"{number} of {row.attempts}", {"mistake": share}
    )

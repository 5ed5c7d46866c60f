"""Count over a class what became of every exercise, in one pass.

Counters only: their size depends on the course, not on the class, except for the list of
what could not be graded, which ends at `LONGEST`. Texts that a notebook chose are not kept.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from coursekit.exercise import Exercise, Mistake
from coursekit.grading.notes import Kind, kind_of, mistakes_of
from coursekit.grading.results import Result

LONGEST = 200  # ungraded submissions that are listed; the gradebook has all


@dataclass
class Tally:
    """What a class did.

    Parameters
    ----------
    exercises
        Those that may be met, by name.
    ungraded
        Student, chapter and reason of what could not be graded.
    """

    exercises: Mapping[str, Exercise]
    students: int = 0
    submissions: int = 0
    ungraded_number: int = 0
    ungraded: list[tuple[str, str, str]] = field(default_factory=list)
    sandboxes: Counter[str] = field(default_factory=Counter)
    graded: Counter[str] = field(default_factory=Counter)
    points: Counter[str] = field(default_factory=Counter)
    kinds: Counter[tuple[str, Kind]] = field(default_factory=Counter)
    mistakes: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, results: Iterable[Result]) -> None:
        """Count one student's results, which may be none."""
        self.students += 1
        for result in results:
            self.submissions += 1
            if result.sandbox:
                self.sandboxes[result.sandbox] += 1
            if result.ungraded is not None:
                self._add_ungraded(result)
            else:
                self._add_graded(result)

    def _add_ungraded(self, result: Result) -> None:
        self.ungraded_number += 1
        if len(self.ungraded) < LONGEST:
            submission = result.submission
            entry = submission.student, submission.chapter, result.ungraded or ""
            self.ungraded.append(entry)

    def _add_graded(self, result: Result) -> None:
        chapter = result.submission.part
        self.graded[chapter] += 1
        for verdict in result.verdicts:
            self.points[chapter] += verdict.points
            self.kinds[verdict.exercise, kind_of(verdict)] += 1
            for mistake in mistakes_of(verdict, self.exercises[verdict.exercise]):
                self.mistakes[verdict.exercise, mistake.id] += 1

    def of(self, exercise: Exercise, kind: Kind) -> int:
        """Return how many verdicts on an exercise came down to `kind`."""
        return self.kinds[exercise.name, kind]

    def ranked(self, exercise: Exercise) -> list[tuple[int, Mistake]]:
        """Return the mistakes that were made in an exercise, the most frequent first."""
        made = [(self.mistakes[exercise.name, m.id], m) for m in exercise.mistakes]
        return sorted((one for one in made if one[0]), key=lambda one: -one[0])

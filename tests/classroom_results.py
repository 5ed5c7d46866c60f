"""A class's results, made from what the course declares: right, wrong, and hostile ones."""

from pathlib import Path

from coursekit import exercises
from coursekit.collect import call, value_of
from coursekit.grading.results import Result, Submission
from coursekit.judge import inputs_for, judge
from coursekit.verdict import Verdict

CHAPTERS = exercises.chapters()
ONE, TWO, *_, LAST = CHAPTERS
SANDBOX = "on: files, network; OFF: nothing"
EVIL = "</script><script>alert(1)</script>\"'&<img src=x onerror=alert(2)>\x1b[31m\x00\ud800"


def submission(student, chapter=ONE):
    return Submission(student, chapter, Path("handed in", "somewhere", f"{chapter}.ipynb"))


def right(exercise):
    return Verdict(exercise.name, "passed", exercise.points, exercise.points)


def wrong(exercise, message="got      1", mistake=None, points=0):
    return Verdict(exercise.name, "failed", points, exercise.points, message, mistake)


def untouched(exercise):
    return Verdict(exercise.name, "not attempted", 0, exercise.points)


def judged(exercise, answer):
    """Return the real judge's verdict on an answer."""
    inputs = inputs_for(exercise, 5)
    outcomes = [call(answer, args) for args in inputs] if inputs else [value_of(answer)]
    return judge(exercise, inputs, outcomes)


def result(student, verdicts, chapter=ONE):
    return Result(submission(student, chapter), tuple(verdicts), sandbox=SANDBOX)


def ungraded(student, reason="it is no notebook", chapter=ONE):
    return Result(submission(student, chapter), ungraded=reason, sandbox=SANDBOX)


def a_class(chapters=(ONE, TWO, LAST), size=12):
    """Yield results ordered by student; the i-th answers differ in a fixed pattern."""
    for i in range(size):
        student = f"student {i:02}"
        for j, chapter in enumerate(chapters):
            if (i + j) % 7 == 3:
                continue
            if (i + j) % 11 == 5:
                yield ungraded(student, chapter=chapter)
                continue
            asked = enumerate(CHAPTERS[chapter])
            yield result(student, [_some(e, i + 2 * k) for k, e in asked], chapter)


def _some(exercise, i):
    if i % 3 == 0:
        return right(exercise)
    if i % 5 == 0:
        return untouched(exercise)
    if i % 7 == 0:
        return wrong(exercise, "call     f(1)\nexpected 2\ngot      ValueError: no")
    if i % 11 == 0:
        return wrong(exercise, "got      nothing: its cell was stopped, it took longer than 20 s")
    if i % 13 == 0:
        return wrong(exercise)
    mistake = exercise.mistakes[i % len(exercise.mistakes)]
    return judged(exercise, mistake.answer)


def students_of(results):
    return tuple(sorted({r.submission.student for r in results}))


def columns(chapters=(ONE, TWO, LAST)):
    return exercises.every({chapter: CHAPTERS[chapter] for chapter in chapters})

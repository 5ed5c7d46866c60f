"""Judge a dict entry by entry: each right one earns its share of the points."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from coursekit.compare import Tolerance, difference, show
from coursekit.exercise import Exercise, Mistake
from coursekit.verdict import Verdict

LINES = 5  # of a message


def judge_entries(exercise: Exercise, answer: Mapping[str, Any]) -> Verdict:
    """Return the verdict on a dict: how many entries are right, which are not, and why.

    An entry that is missing or still ``...`` earns nothing; one that nobody asked for is named.
    """
    expected: Mapping[str, str] = exercise.reference
    given = {key: answer[key] for key in expected if answer.get(key, ...) is not ...}
    wrong = [key for key in given if not _same(exercise, expected[key], given[key])]
    right, all_of_them = len(given) - len(wrong), len(expected)
    verdict = Verdict(exercise.name, "failed", 0, exercise.points)
    if not given and all(value is ... for value in answer.values()):
        return replace(verdict, status="not attempted")
    if right == all_of_them:
        return replace(verdict, status="passed", points=exercise.points)
    mistakes = [m for m in exercise.mistakes if _holds(exercise, m, given)]
    lines = [f"got      {right} of {all_of_them} right"]
    lines += [f"wrong: {', '.join(wrong)}"] if wrong else []
    lines += _unanswered(expected, given, answer)
    words = set(expected.values())
    strange = not all(any(_same(exercise, word, given[key]) for word in words) for key in wrong)
    lines += [_form(words)] if strange or not mistakes else []
    lines += [m.feedback for m in mistakes]
    return replace(
        verdict,
        points=exercise.points * right // all_of_them,
        message="\n".join(lines[:LINES]),
        mistake=mistakes[0] if mistakes else None,
    )


def _same(exercise: Exercise, one: Any, other: Any) -> bool:
    return difference(one, other, Tolerance(exercise.rtol, exercise.atol)) is None


def _holds(exercise: Exercise, mistake: Mistake, given: Mapping[str, Any]) -> bool:
    entries = mistake.answer.items()
    return all(key in given and _same(exercise, value, given[key]) for key, value in entries)


def _unanswered(
    expected: Mapping[str, Any], given: Mapping[str, Any], answer: Mapping[str, Any]
) -> list[str]:
    """Return a line on the entries without an answer; a slip in a key shows beside them."""
    missing = [key for key in expected if key not in given]
    unknown = [key for key in answer if key not in expected]
    parts = [f"no answer yet: {', '.join(missing)}"] if missing else []
    parts += [f"not asked: {show(', '.join(unknown))}"] if unknown else []
    return ["; ".join(parts)] if parts else []


def _form(words: set[str]) -> str:
    return "Every entry is one of {}.".format(", ".join(f'"{word}"' for word in sorted(words)))

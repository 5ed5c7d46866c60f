"""What a verdict comes down to, and what a student may read about it.

Hidden inputs must not reach a student, and an answer that saw them can hide them in whatever
it chooses: a value, a shape, an error's text, even an error's name. So nothing of a message
is passed on. It is only recognised, and a sentence of ours says what kind of thing was wrong;
what is not recognised gets a general sentence. The teacher's gradebook.json has the message.
"""

import builtins
import re
from pathlib import PurePath
from typing import Literal

from coursekit.exercise import Exercise, Mistake
from coursekit.grading.results import Result
from coursekit.grading.writing import printable
from coursekit.verdict import Verdict

Kind = Literal["passed", "mistake", "other", "error", "stopped", "not attempted"]

_NOTHING = "got      nothing: "
_VALUES = {"None", "True", "False", "nan", "inf"}

# A line of a message, and the sentence that stands for it.
_SENTENCES = (
    (r"Is a `return` missing\?", "It returns None: is a `return` missing?"),
    (r"Its shape is .*", "The result has another shape than the exercise asks for."),
    (r"It was computed in .*", "The result was computed in low precision; float64 is wanted."),
    (r"The result was cut to whole numbers.*", "The result was cut to whole numbers."),
    (r"\d+ results? (is|are) wanted.*", "The exercise asks for another number of results."),
    (r"\d+ separate results are .*", "Return the results separately, not as one array."),
    (r"An array of \w+ is wanted\.", "The result has another form: an array is wanted."),
    (r"A single number is wanted\.", "The result has another form: a single number is wanted."),
    (r"A single bool is wanted\.", "The result has another form: True or False is wanted."),
    (r"A (string|set|dict) .*", "The result has another form than the exercise asks for."),
    (r"Answer with one letter: .*", "Answer with one of the letters, as a string."),
    (r"Leave the arguments as they .*", "It changes its argument. Work on a copy (`.copy()`)."),
    (r"expected the same values without .*", "The values are right, but it warns; it must not."),
)
_STOPPED = "It took too long and was stopped. Is there a loop that never ends?"
_DIED = "It ended the process that it ran in, so that no answer came."


def kind_of(verdict: Verdict) -> Kind:
    """Return what a verdict comes down to.

    ``"stopped"`` is a cell or an answer that took too long or broke its process, ``"error"``
    one that raised; ``"other"`` a wrong answer that no declared mistake explains.
    """
    if verdict.status != "failed":
        return verdict.status
    if verdict.mistake is not None:
        return "mistake"
    if _NOTHING in verdict.message and " its cell raised " not in verdict.message:
        return "stopped"
    return "other" if _error(verdict.message) is None else "error"


def mistakes_of(verdict: Verdict, exercise: Exercise) -> tuple[Mistake, ...]:
    """Return the declared mistakes behind a verdict: several only with partial credit."""
    if verdict.mistake is None:
        return ()
    if not exercise.partial:
        return (verdict.mistake,)
    lines = verdict.message.splitlines()
    told = (m for m in exercise.mistakes if m.feedback in lines and m != verdict.mistake)
    return (verdict.mistake, *told)


def sentences(verdict: Verdict, exercise: Exercise) -> list[str]:
    """Return what a student may read about a verdict beyond its points, in Markdown."""
    if verdict.status != "failed":
        return []
    lines = verdict.message.splitlines()
    declared = {mistake.feedback for mistake in exercise.mistakes}
    found = _progress(exercise, lines) + [line for line in lines if line in declared]
    if not any(line in declared for line in found):
        found += _reasons(verdict, lines)
    return found or ["Some results are not the expected ones."]


def why_ungraded(result: Result) -> str:
    """Return why a submission could not be graded, without the folders of our machine.

    An error of the grader's own may quote a hidden input, so its text is left out.
    """
    if "the grader failed" in (result.ungraded or ""):
        return "The grader failed on it, which is no fault of yours."
    reason = (result.ungraded or "").replace(
        str(result.submission.path), result.submission.path.name
    )
    return printable(re.sub(r"\S*[/\\]\S*", lambda m: PurePath(m[0]).name, reason))


def _reasons(verdict: Verdict, lines: list[str]) -> list[str]:
    if kind_of(verdict) == "stopped":
        return [_STOPPED if "took longer" in verdict.message else _DIED]
    error = _error(verdict.message)
    if error is not None:
        where = "Its cell" if _NOTHING in verdict.message else "It"
        return [f"{where} stops with {error}."]
    return [ours for line in lines for theirs, ours in _SENTENCES if re.fullmatch(theirs, line)]


def _progress(exercise: Exercise, lines: list[str]) -> list[str]:
    """Return how much of an answer with partial credit is right; its keys are no secret."""
    if not exercise.partial:
        return []
    found = []
    for line in lines:
        right = re.fullmatch(r"got +(\d+ of \d+ right)", line)
        found += [f"{right[1]}."] if right else []
        for label in ("wrong", "no answer yet"):
            named = re.match(rf"{label}: ([\w, ]+)", line)
            keys = (
                [key for key in named[1].split(", ") if key in exercise.reference] if named else []
            )
            found += [f"{label.capitalize()}: {', '.join(keys)}."] if keys else []
    return found


def _error(message: str) -> str | None:
    """Return the name of the error that came instead of a result, if Python itself has it."""
    found = re.search(r"^got +(?:nothing: its cell raised )?([A-Za-z_]\w*)(?::|$)", message, re.M)
    if found is None or found[1] in _VALUES or "without a warning" in message:
        return None
    known = getattr(builtins, found[1], None)
    is_error = isinstance(known, type) and issubclass(known, BaseException)
    return f"`{found[1]}`" if is_error else "an error"

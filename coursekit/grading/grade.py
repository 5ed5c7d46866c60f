"""Grade one notebook: run its cells over there, judge its answers here.

Trusts the declarations and `judge`. What comes from the worker is data that `protocol` has
checked: it is compared, shown cut and escaped, and never called or asked whether it is right.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from coursekit.collect import Outcome
from coursekit.exercise import Exercise
from coursekit.grading.process import WorkerLostError, undisturbed
from coursekit.grading.protocol import ProtocolError, outcome_from
from coursekit.grading.sandbox.policy import Policy, Protection
from coursekit.grading.session import Deadline, Limits, Session
from coursekit.judge import Inputs, Questions
from coursekit.reading import Notebook
from coursekit.verdict import Verdict
from coursekit.withhold import answer_in_library

Draw = Callable[[Exercise], Questions]


@dataclass(frozen=True)
class Grade:
    """The verdicts on a notebook, what protected the machine from it, and what it printed."""

    verdicts: tuple[Verdict, ...]
    protection: Protection | None
    log: str


def grade(
    notebook: Notebook,
    chapter: Notebook | None,
    exercises: Sequence[Exercise],
    draw: Draw,
    limits: Limits | None = None,
    policy: Policy | None = None,
) -> Grade:
    """Return the verdict on every exercise of a notebook.

    Parameters
    ----------
    notebook
        What was handed in.
    chapter
        The chapter as it was handed out; its untouched demonstration cells are not run,
        unless an answer lacks a name that one of them may define.
    exercises
        What to judge.
    draw
        Gives an exercise's questions: hidden ones for a grade, the public ones for a check.
    limits
        Time and restarts; what exceeds them costs only its own exercise.
    """
    conditions = limits or Limits(), policy or Policy()
    return undisturbed(lambda: _grade(notebook, chapter, exercises, draw, *conditions))


def _grade(
    notebook: Notebook,
    chapter: Notebook | None,
    exercises: Sequence[Exercise],
    draw: Draw,
    limits: Limits,
    policy: Policy,
) -> Grade:
    deadline = Deadline(limits)
    short, every = needed_cells(notebook, chapter), [cell.source for cell in notebook.code]
    with Session(short, deadline, policy) as session:
        verdicts, lacking = _judge_all(session, exercises, draw)
    if lacking and len(short) < len(every):
        with Session(every, deadline, policy) as session:
            verdicts |= _judge_all(session, lacking, draw)[0]
    return Grade(tuple(verdicts.values()), session.protection, session.log)


def needed_cells(notebook: Notebook, chapter: Notebook | None) -> list[str]:
    """Return the sources to run: setup, answers, and whatever the student wrote or changed.

    Cells are recognised by their source, so a copied, moved or renamed cell is no trouble.
    """
    demonstrations = {
        cell.source.strip()
        for cell in (chapter.code if chapter else [])
        if not cell.tags & {"setup", "exercise"}
    }
    sources = [cell.source for cell in notebook.code]
    return [source for source in sources if source.strip() not in {"", *demonstrations}]


def _judge_all(
    session: Session, exercises: Sequence[Exercise], draw: Draw
) -> tuple[dict[str, Verdict], list[Exercise]]:
    """Return the verdicts by name, and the exercises that lacked a name while they ran."""
    verdicts: dict[str, Verdict] = {}
    lacking = []
    for exercise in exercises:
        questions = draw(exercise)
        try:
            outcomes = _outcomes(session, exercise, questions.inputs)
        except (WorkerLostError, ProtocolError) as lost:
            verdicts[exercise.name] = _nothing(exercise, str(lost))
            continue
        if outcomes is None:
            trouble = _trouble(session, exercise.name)
            verdicts[exercise.name] = _nothing(exercise, trouble)
            lacks_a_name = trouble is None or "NameError" in trouble
        else:
            verdicts[exercise.name] = questions.judge(outcomes)
            lacks_a_name = any(map(_name_error, outcomes))
        if lacks_a_name:
            lacking.append(exercise)
    return verdicts, lacking


def _outcomes(session: Session, exercise: Exercise, inputs: Inputs) -> list[Outcome] | None:
    """Return what the answer did on the inputs; None where the notebook defines no answer."""
    reply = session.ask(
        {
            "do": "call" if exercise.kind == "function" else "value",
            "name": exercise.name,
            "inputs": inputs,
            "withheld": answer_in_library(exercise),
        }
    )
    if reply.get("missing") is True:
        return None
    if not isinstance(reply.get("outcomes"), list):
        raise ProtocolError("its reply holds no outcomes")
    outcomes = [outcome_from(fields) for fields in reply["outcomes"]]
    if len(outcomes) == 1 and outcomes[0].value is ...:
        return outcomes
    if len(outcomes) != (len(inputs) if exercise.kind == "function" else 1):
        raise ProtocolError("its reply holds other outcomes than asked for")
    return outcomes


def _nothing(exercise: Exercise, reason: str | None) -> Verdict:
    """Return the verdict where no answer came: for a known reason, or because there is none."""
    verdict = Verdict(exercise.name, "not attempted", 0, exercise.points)
    if reason is None:
        return verdict
    return replace(verdict, status="failed", message=f"got      nothing: {reason}")


def _trouble(session: Session, name: str) -> str | None:
    """Return what became of the cell that was to define `name`, or None."""
    defines = re.compile(rf"^\s*(def\s+{name}\b|{name}\s*(:.*)?=)", re.MULTILINE)
    return next((why for source, why in session.troubles if defines.search(source)), None)


def _name_error(outcome: Outcome) -> bool:
    return outcome.error is not None and outcome.error.startswith("NameError")

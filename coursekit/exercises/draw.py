"""Draws that several chapters' cases share, and an exam's variants."""

from dataclasses import replace

import numpy as np

from coursekit.exercise import Exercise


def number(rng: np.random.Generator, low: float, high: float) -> float:
    """Draw a number with two decimals, which reads well in a verdict."""
    return round(float(rng.uniform(low, high)), 2)


def shuffled(rng: np.random.Generator, quiz: Exercise) -> Exercise:
    """Return a quiz whose texts stand in another order, each mistake with its new letter.

    Hints and sentences stay as they are, so they must not name a letter.
    """
    letters = list(quiz.options)
    moved = dict(zip(letters, rng.permutation(letters).tolist(), strict=True))
    texts = {moved[letter]: text for letter, text in quiz.options.items()}
    return replace(
        quiz,
        options={letter: texts[letter] for letter in letters},
        reference=moved[quiz.reference],
        mistakes=tuple(replace(m, answer=moved.get(m.answer, m.answer)) for m in quiz.mistakes),
    )

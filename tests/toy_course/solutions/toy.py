"""The toy course's declarations, and the `check` that its notebooks use."""

from coursekit.exercise import Exercise, Mistake
from coursekit.student import verdict_on

DOUBLE = Exercise(
    name="double",
    points=2,
    prompt="Return $2x$.",
    reference=lambda x: 2 * x,
    cases=lambda rng: [(rng.uniform(1, 2),), (rng.uniform(1, 2, 3),)],
    mistakes=(
        Mistake("square", lambda x: x**2, "This is x²."),
        Mistake("half", lambda x: x / 2, "This is a half."),
        Mistake("same", lambda x: x, "This is x itself."),
    ),
    hints=("Add it to itself.", "`x + x`"),
)
ANSWER = Exercise(
    name="answer",
    points=1,
    prompt="How much is 6 · 7?",
    reference=42,
    mistakes=(Mistake("sum", 13, "This is the sum."), Mistake("text", 67, "Multiply them.")),
    hints=("Multiply.", "42"),
)
BIGGER = Exercise(
    name="bigger",
    points=1,
    prompt="Which is bigger?",
    reference="B",
    options={"A": "one", "B": "two"},
    mistakes=(Mistake("A", "A", "It is the smaller one."),),
    hints=("Count.", "Not A."),
)
COURSE = {"01_double": (DOUBLE, ANSWER), "02_quiz": (BIGGER,)}


def check(**named):
    [(name, answer)] = named.items()
    exercises = {e.name: e for part in COURSE.values() for e in part}
    return verdict_on(exercises[name], answer)

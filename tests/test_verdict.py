"""What a student reads: at most six lines, safe as HTML, and a drawing where there is a curve."""

import numpy as np
import pytest

from coursekit import exercises
from coursekit.collect import collect, value_of
from coursekit.judge import inputs_for, judge
from coursekit.verdict import Verdict

MISTAKES = [
    pytest.param(exercise, mistake, id=f"{exercise.name}-{mistake.id}")
    for exercise in exercises.every().values()
    for mistake in exercise.mistakes
]


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES)
def test_every_verdict_is_at_most_six_lines_that_fit(exercise, mistake):
    inputs = inputs_for(exercise, 0)
    outcomes = collect(mistake.answer, inputs) if inputs else [value_of(mistake.answer)]
    lines = str(judge(exercise, inputs, outcomes)).splitlines()
    assert 3 <= len(lines) <= 6
    assert max(map(len, lines[1:])) <= 160
    assert lines[0] == f"✗ {exercise.name}: 0 of {exercise.points} point" + "s" * (
        exercise.points != 1
    )


def verdict(message, status="failed"):
    return Verdict("name", status, 0, 2, message)


def test_text_and_repr_are_the_same():
    shown = verdict("got      1\nA note.")
    assert str(shown) == repr(shown) == "✗ name: 0 of 2 points\n  got      1\n  A note."


def test_the_headline_says_the_status():
    assert Verdict("f", "passed", 1, 1).headline == "✓ f: 1 of 1 point"
    assert Verdict("f", "not attempted", 0, 2).headline == "· f: not attempted"


def test_html_is_escaped():
    html = verdict("got      <script>alert(1)</script>\n<b>&")._repr_html_()
    assert "<script>" not in html
    assert "<code>&lt;script&gt;alert(1)&lt;/script&gt;</code>" in html
    assert "<br>&lt;b&gt;&amp;" in html


def test_html_marks_code_and_bold():
    assert (
        "Use <code>exp(-x)</code>, <b>not</b> more."
        in verdict("Use `exp(-x)`, **not** more.")._repr_html_()
    )


def test_stars_inside_code_stay_stars():
    html = verdict("Write `a**2` and `b**2`.")._repr_html_()
    assert "<code>a**2</code> and <code>b**2</code>" in html


@pytest.mark.parametrize("status", ["passed", "failed", "not attempted"])
def test_html_has_the_lines_of_the_text(status):
    shown = verdict("call     f(1)\ngot      2", status)
    assert shown._repr_html_().count("<br>") == len(str(shown).splitlines()) - 1


def test_what_is_no_curve_cannot_be_drawn():
    with pytest.raises(TypeError, match="not a function of one variable"):
        verdict("").plot()


def test_a_drawing_goes_onto_the_axes_it_is_given():
    shown = Verdict("f", "failed", 0, 2, draw=lambda ax=None: ax)
    marker = np.array([1])
    assert shown.plot(marker) is marker

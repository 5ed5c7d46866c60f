"""A dict that is graded entry by entry: points for what is right, a word on what is not."""

import pytest

from coursekit import exercises
from coursekit.collect import value_of
from coursekit.exercise import Exercise, Mistake
from coursekit.judge import judge

COLOURS = Exercise(
    name="colours",
    points=4,
    prompt="Which?",
    reference={"A": "red", "B": "blue", "C": "red", "D": "blue"},
    partial=True,
    mistakes=(
        Mistake("a-blue", {"A": "blue"}, "A is not blue."),
        Mistake("b-red", {"B": "red"}, "B is not red."),
        Mistake("c-blue", {"C": "blue"}, "C is not blue."),
        Mistake("d-red", {"D": "red"}, "D is not red."),
    ),
    hints=("Look.", "Look again."),
)
RIGHT = dict(COLOURS.reference)


def verdict(answer, exercise=COLOURS):
    return judge(exercise, [], [value_of(answer)])


def test_all_right_is_all_points():
    found = verdict(RIGHT)
    assert (found.status, found.points, found.message) == ("passed", 4, "")


def test_case_and_spaces_do_not_matter():
    assert verdict({key: f" {word.title()} " for key, word in RIGHT.items()}).status == "passed"


def test_each_right_entry_earns_its_share():
    found = verdict(RIGHT | {"B": "red", "D": "red"})
    assert (found.status, found.points, found.out_of) == ("failed", 2, 4)
    assert found.headline == "✗ colours: 2 of 4 points"
    assert found.mistake.id == "b-red"
    assert found.message.splitlines() == [
        "got      2 of 4 right",
        "wrong: B, D",
        "B is not red.",
        "D is not red.",
    ]


def test_a_missing_entry_is_named_and_costs_only_itself():
    found = verdict({"A": "red", "B": "blue", "C": ...})
    assert (found.points, found.mistake) == (2, None)
    assert found.message.splitlines() == [
        "got      2 of 4 right",
        "no answer yet: C, D",
        'Every entry is one of "blue", "red".',
    ]


def test_a_slip_in_a_key_shows():
    found = verdict({"a": "red", "B": "blue", "C": "red", "D": "blue"})
    assert found.points == 3
    assert "no answer yet: A; not asked: 'a'" in found.message


@pytest.mark.parametrize("value", [True, None, 1.0, "green", ["red"], {"A": "red"}, lambda: "red"])
def test_an_entry_of_another_kind_is_wrong_and_told_the_words(value):
    found = verdict(RIGHT | {"A": value})
    assert (found.points, found.mistake) == (3, None)
    assert found.message.endswith('Every entry is one of "blue", "red".')


def test_beside_a_known_mistake_an_entry_of_another_kind_is_told_the_words_too():
    found = verdict(RIGHT | {"A": True, "B": "red"})
    assert found.message.splitlines()[1:] == [
        "wrong: A, B",
        'Every entry is one of "blue", "red".',
        "B is not red.",
    ]


@pytest.mark.parametrize("answer", ["red", ["red"] * 4, None, 3, {"red", "blue"}])
def test_what_is_no_dict_earns_nothing(answer):
    found = verdict(answer)
    assert (found.status, found.points) == ("failed", 0)
    assert "A dict with the keys A, B, C, D is wanted." in found.message


@pytest.mark.parametrize("answer", [..., {}, {"A": ..., "B": ...}])
def test_a_template_that_nobody_filled_in_is_not_attempted(answer):
    assert verdict(answer).status == "not attempted"


def test_the_points_are_whole_and_never_rounded_up():
    three = Exercise(
        name="three",
        points=2,
        prompt="?",
        reference={"A": "x", "B": "x", "C": "x"},
        partial=True,
        mistakes=(),
        hints=(),
    )
    points = [verdict(dict.fromkeys("ABC"[:k], "x"), three).points for k in range(1, 4)]
    assert points == [0, 1, 2]


PARTIAL = [exercise for exercise in exercises.every().values() if exercise.partial]


@pytest.mark.parametrize("exercise", PARTIAL, ids=lambda exercise: exercise.name)
def test_every_wrong_entry_is_explained_and_every_right_one_earns_whole_points(exercise):
    words = set(exercise.reference.values())
    wrong = {(k, w) for k, right in exercise.reference.items() for w in words - {right}}
    assert {entry for m in exercise.mistakes for entry in m.answer.items()} == wrong
    assert exercise.points % len(exercise.reference) == 0
    assert all(f"[{key}]" in exercise.prompt or f'"{key}"' in exercise.prompt for key, _ in wrong)


@pytest.mark.parametrize("exercise", PARTIAL, ids=lambda exercise: exercise.name)
def test_an_answer_that_is_wrong_throughout_still_fits_on_six_lines(exercise):
    words = sorted(set(exercise.reference.values()))
    shifted = {k: words[words.index(w) - 1] for k, w in exercise.reference.items()}
    found = verdict(shifted, exercise)
    assert found.points == 0
    assert len(str(found).splitlines()) <= 6
    assert max(map(len, str(found).splitlines())) <= 160

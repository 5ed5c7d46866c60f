"""Comparing results: what counts as right, and how the first difference is told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from coursekit.collect import Foreign
from coursekit.compare import Tolerance, close, difference, one_line, show

STRICT = Tolerance(1e-9, 0.0)
USUAL = Tolerance(1e-9, 1e-12)

numbers = st.floats(allow_nan=True, allow_infinity=True) | st.integers(-(2**60), 2**60)
leaves = (
    numbers
    | st.booleans()
    | st.text(max_size=9)
    | arrays.arrays(np.float64, arrays.array_shapes(min_dims=0, max_dims=3, min_side=0))
    | st.frozensets(st.text(max_size=3))
)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(values)
def test_every_value_agrees_with_itself(value):
    assert difference(value, value, STRICT) is None


@given(values, values)
def test_any_two_values_can_be_compared_and_shown(one, other):
    found = difference(one, other, USUAL)
    if found is not None:
        assert all("\n" not in text for text in (found.expected, found.got, found.note))


@given(values | st.text() | st.integers())
def test_a_picture_is_one_short_printable_line(value):
    picture = show(value)
    assert len(picture) <= 56
    assert picture.isprintable()


def test_zero_is_not_accepted_in_a_tail():
    assert difference(np.array([1e-300]), np.array([0.0]), STRICT) is not None
    assert difference(np.array([5e-324]), np.array([0.0]), Tolerance(1e-9, 5e-324)) is None


@pytest.mark.parametrize(
    ("expected", "got", "right"),
    [
        (1.0, 1 + 0.9e-9, True),
        (1.0, 1 + 1.1e-9, False),
        (np.inf, np.inf, True),
        (np.inf, -np.inf, False),
        (np.inf, 1e308, False),
        (1e308, np.inf, False),
        (np.nan, np.nan, True),
        (np.nan, 0.0, False),
        (0.0, -0.0, True),
    ],
)
def test_close_is_relative_and_knows_the_special_numbers(expected, got, right):
    assert bool(close(np.array(expected), np.array(got), STRICT)) is right


def test_the_first_wrong_element_is_named_by_its_index():
    found = difference(np.zeros((2, 3)), np.array([[0, 0, 0], [0, 5.0, 6.0]]), USUAL)
    assert (found.where, found.expected, found.got) == ("[1, 1]", "0.0", "5.0")
    assert (found.index, found.shape) == ((1, 1), (2, 3))


def test_floats_that_an_integer_array_has_cut_get_a_note():
    cut = np.vectorize(lambda v: max(v, 0))(np.array([-1.5, 2.57]))
    found = difference(np.array([0.0, 2.57]), cut, USUAL)
    assert (found.expected, found.got) == ("2.57", "2")
    assert found.note.startswith("The result was cut to whole numbers")


@pytest.mark.parametrize("got", [np.array([0, 3]), np.array([0.0, 2.0])])
def test_other_wrong_numbers_are_not_taken_for_cut_ones(got):
    assert difference(np.array([0.0, 2.57]), got, USUAL).note == ""


def test_a_single_whole_number_is_not_taken_for_a_cut_one():
    assert difference(2.57, 2, USUAL).note == ""


def test_the_wrong_part_of_several_results_is_named():
    expected = (np.zeros(2), 1.0)
    assert difference(expected, (np.zeros(2), 2.0), USUAL).where == "[1]"
    assert difference(expected, (np.array([0.0, 1.0]), 1.0), USUAL).where == "[0][1]"


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (0.5, np.float64(0.5)),
        (0.5, np.array(0.5)),
        (2.0, 2),
        (np.array([1.0, 2.0]), [1.0, 2.0]),
        (np.array([1.0, 2.0]), np.array([1, 2])),
        ((1.0, 2.0), [1.0, 2.0]),
        ([1.0, 2.0], np.array([1.0, 2.0])),
        (True, np.bool_(True)),
    ],
)
def test_forms_that_mean_the_same_are_right(expected, got):
    assert difference(expected, got, USUAL) is None


@pytest.mark.parametrize(
    ("expected", "got", "note"),
    [
        (0.5, None, "Is a `return` missing?"),
        (np.zeros(2), None, "Is a `return` missing?"),
        (1.0, True, "A single number is wanted."),
        (1.0, "1.0", "A single number is wanted."),
        (1.0, np.array([1.0]), "A single number is wanted."),
        pytest.param(1.0, 10**5000, "A single number is wanted.", id="enormous"),
        (np.zeros(2), np.array([False, False]), "An array of numbers is wanted."),
        (np.zeros(2), Foreign("map"), "An array of numbers is wanted."),
        (np.zeros(2), [[0.0], [0.0, 0.0]], "An array of numbers is wanted."),
        (np.zeros(2), ["0", "0"], "An array of numbers is wanted."),
        (np.zeros(2), ..., "An array of numbers is wanted."),
        (np.array([True]), np.array([1]), "An array of bools is wanted."),
        (np.zeros(3), np.zeros((3, 1)), "Its shape is (3, 1), not (3,)."),
        (np.zeros(3), 0.0, "Its shape is (), not (3,)."),
        (np.zeros(2), np.zeros(2, "f4"), "It was computed in float32; float64 is wanted."),
        (0.0, np.float16(0), "It was computed in float16; float64 is wanted."),
        ((1.0, 2.0), 1.0, "2 results are wanted."),
        ((1.0, 2.0), Foreign("generator"), "2 results are wanted."),
        ((1.0, 2.0), (1.0,), "2 results are wanted, 1 came."),
        (
            (np.zeros(3), np.ones(3)),
            np.array([np.zeros(3), np.ones(3)]),
            "2 separate results are wanted (`return a, b`), not one array.",
        ),
        (
            (1.0, 2.0, 3.0),
            np.zeros((1, 3)),
            "3 separate results are wanted (`return a, b, c`), not one array.",
        ),
        ((np.zeros(2),), 0.0, "1 result is wanted."),
        ((np.zeros(2),), np.zeros(2), "1 result is wanted."),
        ("C", 3, "A string is wanted."),
        ("C", Foreign("function"), "A string is wanted."),
        (frozenset("ab"), "ab", "A set is wanted."),
        ({"D1": "true"}, {"D2": "true"}, "A dict with the keys D1 is wanted."),
    ],
)
def test_a_result_of_the_wrong_form_gets_a_sentence(expected, got, note):
    assert difference(expected, got, USUAL).note == note


@pytest.mark.parametrize(
    "got",
    ["DBFCEA", "dbfcea", "D, B, F, C, E, A", "D-B-F-C-E-A", "D->B->F->C->E->A", "D → B;F CEA"],
)
def test_letters_may_be_joined_as_you_like(got):
    assert difference("DBFCEA", got, USUAL) is None
    assert difference("DBFCAE", got, USUAL) is not None


def test_a_minus_before_a_number_is_no_joint():
    assert difference("-3", "3", USUAL) is not None
    assert difference("off by -1", "off by 1", USUAL) is not None
    assert difference("-3", " -3", USUAL) is None


@pytest.mark.parametrize("got", [frozenset("ab"), frozenset("cde"), frozenset()])
def test_a_wrong_set_is_told_nothing_about_its_form(got):
    assert difference(frozenset("abc"), got, USUAL).note == ""


def test_case_does_not_matter_in_a_set_of_letters_either():
    assert difference(frozenset("AB"), frozenset(["a", " b"]), USUAL) is None
    assert difference(frozenset("AB"), frozenset("abc"), USUAL) is not None


@pytest.mark.parametrize("got", [np.zeros(2), (np.zeros(2), 1.0, 2.0)])
def test_several_results_are_shown_in_the_form_of_the_reference(got):
    assert difference((np.zeros(2), 1.0), got, USUAL).expected == "(array([0., 0.]), 1.0)"
    assert difference([np.zeros(2), 1.0], got, USUAL).expected == "[array([0., 0.]), 1.0]"


def test_dicts_are_compared_key_by_key():
    expected = {"a": "true", "b": 1.0}
    assert difference(expected, {"b": 1.0, "a": "true"}, USUAL) is None
    assert difference(expected, {"a": np.array([1, 2]), "b": 1.0}, USUAL).where == "['a']"


@pytest.mark.parametrize("outcome", [None, Foreign("complex")])
def test_a_mistake_that_gives_no_number_can_be_compared_too(outcome):
    assert difference(outcome, outcome, USUAL) is None
    assert difference(outcome, np.array([1.0, 2.0]), USUAL) is not None


def test_pictures_do_not_depend_on_the_notebooks_print_options():
    with np.printoptions(precision=1, suppress=True, formatter={"float": lambda x: "x"}):
        assert show(np.array([1e-20, 0.123456789])) == "array([1.00000000e-20, 1.23456789e-01])"


def test_long_values_are_shortened():
    assert show(np.arange(1000.0)).startswith("array([ 0., 1., ..., 998., 999.]")
    assert show(np.full((9, 9), 0.123456789)) == "array of shape (9, 9)"
    assert show(list(range(10**6))).endswith("…")
    assert show(10**5000) == "an enormous number"


def test_small_containers_look_as_in_python():
    assert show(()) == "()"
    assert show((2,)) == "(2,)"
    assert show((2, 3)) == "(2, 3)"
    assert show([2]) == "[2]"
    assert show(frozenset()) == "set()"


def test_foreign_values_get_their_article():
    assert show(Foreign("function")) == "a function"
    assert show(Foreign("object array")) == "an object array"


def test_characters_that_a_terminal_obeys_are_replaced():
    assert one_line("red \x1b[31m\n\t text") == "red \ufffd[31m text"

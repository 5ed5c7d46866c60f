"""Calling an answer: whatever it does comes back as plain data, and nothing leaks out."""

import sys
import warnings

import numpy as np
import pytest

from coursekit.callables import Graph, Node, Sine
from coursekit.collect import Foreign, Outcome, call, collect, identical, plain, value_of


def raising(problem):
    def answer(x):
        raise problem

    return answer


def endless(x):
    return endless(x)


class MuteError(Exception):
    def __str__(self):
        raise ValueError("no words")


class Liar(np.ndarray):
    def __eq__(self, other):
        return np.ones(self.shape, bool)


def test_every_call_gets_a_fresh_copy_and_the_inputs_stay():
    x = np.array([1.0, 2.0])

    def doubles_in_place(x):
        x *= 2
        return x

    outcomes = collect(doubles_in_place, [(x,), (x,)])
    assert [list(outcome.value) for outcome in outcomes] == [[2.0, 4.0], [2.0, 4.0]]
    assert all(outcome.mutated for outcome in outcomes)
    assert list(x) == [1.0, 2.0]


def test_a_returned_argument_is_not_a_changed_one():
    assert call(lambda x: x, (np.array([1.0]),)).mutated is False


def test_changes_inside_a_list_of_arrays_are_seen():
    def clears(weights):
        weights[0][:] = 0

    assert call(clears, ([np.ones(2), np.ones(3)],)).mutated
    assert call(lambda weights: weights.pop(), ([1.0, 2.0],)).mutated


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (raising(ValueError("too\nlong")), "ValueError: too"),
        (raising(SystemExit(3)), "SystemExit: 3"),
        (raising(NotImplementedError()), "NotImplementedError"),
        (raising(GeneratorExit()), "GeneratorExit"),
        (raising(MuteError()), "MuteError"),
        (5, "TypeError: 'int' object is not callable"),
    ],
)
def test_an_error_is_its_name_and_first_line(answer, error):
    assert call(answer, (1.0,)) == Outcome(error=error)


def test_endless_recursion_is_an_error_like_any_other():
    assert call(endless, (1.0,)).error.startswith("RecursionError")


def test_a_recursion_limit_that_the_answer_sets_ends_with_the_call():
    before = sys.getrecursionlimit()
    for answer in (sys.setrecursionlimit, lambda x: sys.setrecursionlimit(x) or 1 / 0):
        call(answer, (before + 5000,))
        assert sys.getrecursionlimit() == before


def test_a_very_long_error_is_cut():
    assert len(call(raising(ValueError("x" * 10**6)), (1.0,)).error) == 140


def test_ctrl_c_gets_through():
    with pytest.raises(KeyboardInterrupt):
        call(raising(KeyboardInterrupt()), (1.0,))


def test_only_runtime_warnings_are_noted():
    def warns(x):
        warnings.warn("old", DeprecationWarning, stacklevel=1)
        return x

    assert call(warns, (1.0,)) == Outcome(1.0)
    noted = call(lambda x: np.exp(x), (np.array([1000.0]),)).warning
    assert noted == "RuntimeWarning: overflow encountered in exp"


def test_the_notebooks_error_state_neither_hides_warnings_nor_changes():
    with np.errstate(all="ignore"):
        assert call(np.exp, (np.array([1000.0]),)).warning is not None
    with np.errstate(all="raise"):
        outcome = call(np.exp, (np.array([1000.0]),))
        assert outcome.error is None
        assert outcome.warning is not None
        assert np.geterr()["over"] == "raise"


def test_an_error_state_that_the_answer_sets_ends_with_the_call():
    before = np.geterr()
    assert call(lambda x: np.seterr(all="ignore") and x, (1.0,)).value == 1.0
    assert np.geterr() == before


def test_silence_inside_the_answer_is_allowed():
    def silent(x):
        with np.errstate(over="ignore"):
            return np.exp(x)

    assert call(silent, (np.array([1000.0]),)).warning is None


def test_underflow_is_no_warning():
    assert call(np.exp, (np.array([-800.0]),)).warning is None


@pytest.mark.parametrize("number", [True, 3, 0.5, "text", None, ...])
def test_plain_values_stay_as_they_are(number):
    assert plain(number) is number


def test_arrays_lose_their_class_and_keep_their_numbers():
    copy = plain(np.array([1.0, 2.0]).view(Liar))
    assert type(copy) is np.ndarray
    assert list(copy) == [1.0, 2.0]


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int8", "uint64", "bool"])
def test_dtypes_are_kept(dtype):
    assert plain(np.ones(2, dtype)).dtype == dtype
    assert plain(np.ones((), dtype)[()]).dtype == dtype


def test_long_doubles_and_foreign_byte_orders_become_native():
    assert plain(np.ones(2, np.longdouble)).dtype == np.float64
    swapped = plain(np.array([1.5, 2.5], ">f8"))
    assert swapped.dtype.str == np.dtype(float).str
    assert list(swapped) == [1.5, 2.5]


def test_subclasses_of_numbers_and_strings_become_plain():
    class Text(str):
        __slots__ = ()

        def __str__(self):
            return "a lie"

    class Whole(int):
        __slots__ = ()

    assert type(plain(Text("truth"))) is str
    assert plain(Text("truth")) == "truth"
    assert type(plain(Whole(3))) is int
    assert type(plain(np.str_("C"))) is str
    assert type(plain(np.float64(0.5))) is not float


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (np.array([1j]), "complex128 array"),
        (np.complex128(1j), "complex128"),
        (np.array([None]), "object array"),
        (1j, "complex"),
        (b"bytes", "bytes"),
        (len, "builtin_function_or_method"),
        ((x for x in "ab"), "generator"),
    ],
)
def test_what_no_exercise_asks_for_is_foreign(value, kind):
    assert plain(value) == Foreign(kind)


def test_containers_are_copied_to_a_bounded_depth():
    assert plain(([1], {"a": (2.0,)}, {"x"})) == ([1], {"a": (2.0,)}, frozenset({"x"}))
    loop: list[object] = []
    loop.append(loop)
    deep = plain(loop)
    for _ in range(8):
        (deep,) = deep
    assert deep == Foreign("deeply nested container")


def test_the_precision_of_a_single_number_does_not_matter_where_it_is_the_answer():
    value = value_of(np.finfo(np.float16).max).value
    assert type(value) is float
    assert value == 65504.0


def test_a_value_that_breaks_while_it_is_copied_is_an_error():
    class Broken(dict):
        def items(self):
            raise RuntimeError("no items")

    assert value_of(Broken()).error == "RuntimeError: no items"


def test_identical_means_bit_for_bit():
    assert identical((1.0, [np.array([np.nan])]), (1.0, [np.array([np.nan])]))
    assert identical(float("nan"), float("nan"))
    assert not identical(np.array([0.0]), np.array([-0.0]))
    assert not identical(np.array([1]), np.array([1.0]))
    assert not identical([1.0], [1.0, 2.0])
    assert identical(Sine(1.0, 1.0, 0.0), Sine(1.0, 1.0, 0.0))


def test_functions_that_are_data_are_identical_where_their_data_are():
    one, other = Graph("a\nb a"), Graph("a\nb a a")
    assert identical((one, Node("a")), (Graph("a\nb a"), Node("a")))
    assert not identical((one,), (other,))
    assert not identical((Node("a"),), (Node("b"),))
    assert not identical((Sine(1.0, 1.0, 0.0),), (Sine(1.0, 2.0, 0.0),))


def test_nodes_come_back_as_they_are_and_equal_only_themselves():
    graph = Graph("a\nb a a")
    outcome = call(lambda node, parents: [node, *parents(node)], (graph.nodes["b"], graph))
    b, first, second = outcome.value
    assert b is graph.nodes["b"]
    assert first is second is graph.nodes["a"]
    assert first != Node("a")
    assert not outcome.mutated


def test_nodes_cannot_be_written_on():
    def marks(node, parents):
        node.seen = True

    graph = Graph("a")
    assert call(marks, (graph.nodes["a"], graph)).error.startswith("FrozenInstanceError")


def test_a_graph_is_not_walked_by_recursion_whatever_the_limit():
    def visit(n, parents):
        return 1 + sum(visit(p, parents) for p in parents(n))

    def deeply(n, parents):
        sys.setrecursionlimit(10**6)
        return visit(n, parents)

    def down(n, parents):
        length = 0
        while n is not None:
            n, length = next(iter(parents(n)), None), length + 1
        return length

    long, short = (
        Graph("\n".join(["n0", *(f"n{k} n{k - 1}" for k in range(1, length))]))
        for length in (20_001, 100)
    )
    error = call(deeply, (long.nodes["n20000"], long)).error
    assert error == "RecursionError: the walk calls itself thousands of times"
    assert call(deeply, (short.nodes["n99"], short)).value == 100
    assert call(down, (long.nodes["n20000"], long)).value == 20_001


def test_a_list_of_parents_may_be_emptied_by_who_asked_for_it():
    graph = Graph("a\nb a a")
    graph(graph.nodes["b"]).clear()
    assert graph(graph.nodes["b"]) == [graph.nodes["a"]] * 2

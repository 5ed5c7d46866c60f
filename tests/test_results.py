"""A result is the same wherever it went: to a file and back, or to another process."""

import json
import pickle

import pytest
from classroom_results import EVIL, a_class, ungraded

from coursekit.grading.results import as_plain, from_plain

RESULTS = [*a_class(size=4), ungraded("ann", EVIL)]


@pytest.mark.parametrize(
    "result", RESULTS, ids=lambda r: f"{r.submission.student} {r.submission.chapter}"
)
def test_a_result_travels_to_a_file_and_to_another_process(result):
    assert from_plain(json.loads(json.dumps(as_plain(result)))) == result
    assert pickle.loads(pickle.dumps(result)) == result


def test_recognised_mistakes_travel_too():
    assert any(verdict.mistake for result in RESULTS for verdict in result.verdicts)

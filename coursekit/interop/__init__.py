"""The course as assignments for nbgrader and otter, whose tests ask our own judge.

`require` and `earned` are what the test cells import, in a student's kernel: nothing here may
load the library for notebook files before it is needed.
"""

from coursekit.interop.tests import WrongAnswerError, earned, require

__all__ = ["WrongAnswerError", "earned", "require"]

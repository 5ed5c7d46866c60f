"""The one error that people see: a sentence saying what, where and what to do."""


class CourseError(Exception):
    """A mistake in using the course that one sentence explains.

    The command line prints the sentence and exits with code 2; a notebook shows it
    without a traceback, because the traceback would only show the course's own code.
    """

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows instead of a traceback."""
        return [str(self)]

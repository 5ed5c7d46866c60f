"""Fill the templates: every text is escaped, and every name in a template must exist.

What students chose (names, reasons) is made printable first and escaped by jinja2; only our
own feedback texts, marked in Markdown, enter as HTML.
"""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from coursekit.grading.writing import printable
from coursekit.verdict import marked


class Pages:
    """The templates, loaded once for all pages of a run."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=PackageLoader("coursekit.grading"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            finalize=_finalize,
        )
        self._environment.filters["marked"] = _marked
        self._environment.filters["counted"] = counted

    def fill(self, template: str, **values: Any) -> str:
        """Return a page."""
        return self._environment.get_template(template).render(values)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "point"), counted(2, "point")
    ('1 point', '2 points')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _marked(text: str) -> Markup:
    return Markup(marked(text))  # it escapes everything else


def _finalize(value: Any) -> Any:
    """Make a text printable; what is HTML already is left as it is."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value

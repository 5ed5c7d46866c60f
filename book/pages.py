"""The other pages of the book: those of docs/, the front page, and one for each module."""

import importlib
import re

MODULES = (
    "coursekit.activations",
    "coursekit.losses",
    "coursekit.gradcheck",
    "coursekit.autograd",
    "coursekit.network",
    "coursekit.calibration",
    "coursekit.data",
    "coursekit.plot",
    "coursekit.student",
    "coursekit.exercise",
    "coursekit.verdict",
)
_SOLUTION = re.compile(r"\[(\d+)\.(\d+) ((?:\\.|[^\]])*)\]\(\.\./solutions/\w+\.ipynb\)")

CONTENTS = """
```{{toctree}}
:hidden:
:caption: The course

{chapters}
```

```{{toctree}}
:hidden:
:caption: Look it up

docs/map
docs/exercises
docs/glossary
docs/claims
```

```{{toctree}}
:hidden:
:caption: Teach with it

docs/teaching
docs/grading
docs/interop
docs/pytest
```

```{{toctree}}
:hidden:
:caption: Build on it

docs/architecture
CONTRIBUTING
docs/adr/index
```

```{{toctree}}
:hidden:
:caption: The library

api/index
docs/accuracy
docs/benchmarks
```
"""


def front(readme: str, slugs: list[str]) -> str:
    """Return the front page: the README, with the table of contents for the sidebar."""
    text = readme.replace("(docs/adr)", "(docs/adr/index.md)")
    return text + CONTENTS.format(chapters="\n".join(f"chapters/{slug}" for slug in slugs))


def in_docs(text: str) -> str:
    """Return a page of docs/ with its links led to the places that they name.

    >>> in_docs("[3.1 Where σ arrives](../solutions/03_precision.ipynb)")
    '[3.1 Where σ arrives](#sec-3-1)'
    >>> in_docs("| `logit` | function | 2 |")
    '| [`logit`](#exercise-logit) | function | 2 |'
    """
    text = _SOLUTION.sub(r"[\1.\2 \3](#sec-\1-\2)", text).replace("../solutions/", "../chapters/")
    return re.sub(
        r"^\| `(\w+)` (?=\| (?:function|value|quiz) \|)",
        r"| [`\1`](#exercise-\1) ",
        text,
        flags=re.M,
    )


def decisions(names: list[str]) -> str:
    """Return the page that lists the decisions."""
    listed = "\n".join(names)
    return f"# Decisions\n\nWhat was decided, and why.\n\n```{{toctree}}\n{listed}\n```\n"


def reference() -> dict[str, str]:
    """Return the pages of the API reference: file name → text."""
    names = "\n".join(MODULES)
    index = (
        "# What `coursekit` offers\n\nEverything here can be used outside the course, too. "
        f"A notebook takes `check` and `hint` from `coursekit` itself.\n\n"
        f"```{{toctree}}\n{names}\n```\n"
    )
    return {"index.md": index} | {f"{name}.md": _module(name) for name in MODULES}


def _module(name: str) -> str:
    """Return a page with a table of the module's public names, then each of them in full."""
    directives = [
        f".. automodule:: {name}",
        "   :no-members:",
        "",
        f".. currentmodule:: {name}",
        "",
        ".. autosummary::",
        "",
        *(f"   {word}" for word in words(name)),
        "",
    ]
    for word in words(name):
        kind = (
            "class"
            if isinstance(getattr(importlib.import_module(name), word), type)
            else "function"
        )
        directives += [f".. auto{kind}:: {word}", *["   :members:"] * (kind == "class"), ""]
    return f"# `{name}`\n\n```{{eval-rst}}\n" + "\n".join(directives) + "```\n"


def words(name: str) -> list[str]:
    """Return the functions and classes that a module offers.

    >>> words("coursekit.gradcheck")[:2]
    ['central_difference', 'relative_error']
    """
    module = importlib.import_module(name)
    offered = getattr(module, "__all__", None) or [
        word for word, thing in vars(module).items() if getattr(thing, "__module__", "") == name
    ]
    return [word for word in offered if not word.startswith("_") and _shown(getattr(module, word))]


def _shown(thing: object) -> bool:
    return callable(thing) and bool(getattr(thing, "__doc__", None)) and hasattr(thing, "__name__")

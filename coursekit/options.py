"""Options of the commands that mean more than their text."""

import os
from pathlib import Path

import click


def shard(
    context: click.Context, parameter: click.Parameter, text: str | None
) -> tuple[int, int] | None:
    """Return I and N of ``I/N``."""
    if text is None:
        return None
    part, slash, parts = text.partition("/")
    if not (slash and part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts)):
        raise click.BadParameter("write I/N, such as 1/4 for the first of four parts.")
    return int(part), int(parts)


def _use_exam(context: click.Context, parameter: click.Parameter, folder: Path | None) -> None:
    """Let the environment name the exam's folder, which the processes that grade inherit."""
    from coursekit.exercises.exam import VARIABLE

    if folder is not None:
        os.environ[VARIABLE] = str(folder)


exam_option = click.option(
    *("--exam", "folder"),
    metavar="DIR",
    type=click.Path(path_type=Path),
    callback=_use_exam,
    expose_value=False,
    help="Folder with your own exam.",
)

"""What runs elsewhere is written correctly, as far as one can tell from here."""

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = {path.name: path.read_text("utf-8") for path in ROOT.glob(".github/workflows/*.yml")}
EXAMPLES = {
    f"{path.name} {number}": example
    for path in sorted((ROOT / "docs").glob("*.md"))
    for number, example in enumerate(
        re.findall(r"^```yaml\n(.*?)^```", path.read_text("utf-8"), re.M | re.S)
    )
}
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


class Loader(yaml.SafeLoader):
    """YAML as GitHub reads it: `on` is a word, and a key comes once."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"a key comes twice: {keys}"
        return super().construct_mapping(node, deep)


Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool"]
    for letter, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def parsed(text):
    return yaml.load(text, Loader)


def steps(workflow):
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def commands(workflow):
    return "\n".join(step["run"] for step in steps(workflow) if "run" in step)


def pythons(node):
    """Yield the Python versions that are named anywhere in a workflow."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("python", "python-version"):
                values = value if isinstance(value, list) else [value]
                yield from (v for v in values if not str(v).startswith("${{"))
            yield from pythons(value)
    elif isinstance(node, list):
        for value in node:
            yield from pythons(value)


def test_there_are_workflows_and_an_example():
    assert set(WORKFLOWS) >= {"test.yml", "site.yml", "weekly.yml"}
    assert any(name.startswith("pytest.md") for name in EXAMPLES)


@pytest.mark.parametrize("name", [*WORKFLOWS, *EXAMPLES])
def test_a_workflow_is_bounded_and_pinned_and_may_not_write(name):
    workflow = parsed((WORKFLOWS | EXAMPLES)[name])
    assert {"name", "on", "jobs", "permissions"} <= set(workflow)
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert 0 < int(job["timeout-minutes"]) <= 90
        assert "runs-on" in job
    for step in steps(workflow):
        assert ("uses" in step) != ("run" in step)
        assert re.fullmatch(r"[\w.-]+/[\w.-]+@v\d+", step.get("uses", "actions/checkout@v4"))
    lowest = tuple(map(int, PROJECT["requires-python"].removeprefix(">=").split(".")))
    for version in pythons(workflow["jobs"]):
        assert isinstance(version, str), f"write {version} in quotes: 3.10 is a number, 3.1"
        assert tuple(map(int, version.split("."))) >= lowest


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_runs_what_is_here(name):
    run = commands(parsed(WORKFLOWS[name]))
    for target in re.findall(r"\bmake ([\w-]+)", run):
        assert re.search(rf"^{target}:", MAKEFILE, re.M), f"there is no target {target}"
    for script in re.findall(r"\bbash (\S+)", run):
        assert (ROOT / script).is_file()
    for path in re.findall(r"\btests/\S+", run):
        assert (ROOT / path).is_file()


def test_the_oldest_python_and_the_floors_are_tested():
    jobs = parsed(WORKFLOWS["test.yml"])["jobs"]
    lowest = PROJECT["requires-python"].removeprefix(">=")
    for job in ("everything", "systems"):
        assert jobs[job]["strategy"]["matrix"]["python"][0] == lowest
    for floor in PROJECT["dependencies"]:
        name, version = floor.split(">=")
        if name in ("numpy", "matplotlib"):
            assert f"'{name}=={version}.*'" in MAKEFILE


def test_binder_and_the_devcontainer_install_the_same_pins():
    lines = (ROOT / ".binder" / "requirements.txt").read_text("utf-8").splitlines()
    assert (ROOT / ".binder" / lines[0].removeprefix("--constraint ")).samefile(
        ROOT / "constraints.txt"
    )
    assert lines[1:] == ["--editable ."]
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text("utf-8"))
    assert "make setup" in container["postCreateCommand"]
    assert "coursekit start work --no-lab" in container["postCreateCommand"]

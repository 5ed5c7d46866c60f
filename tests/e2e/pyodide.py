"""Fetch what Pyodide's server would send, from npm and the package index: `pyodide.py FOLDER`.

The tests answer for that server, so that they are repeatable and need no network. It has pure
Python only: the wheels of NumPy and matplotlib are on Pyodide's own server and nowhere else.
"""

import hashlib
import json
import re
import subprocess
import sys
import tarfile
from pathlib import Path

FIRST = ("ipython", "jedi", "micropip")  # what a kernel wants before it runs a cell
ADDRESS = re.compile(r"https://cdn\.jsdelivr\.net/pyodide/v([\d.]+)/full/")


def version():
    """Return the version that JupyterLite's kernel asks for."""
    kernel = "share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension/static"
    scripts = (path.read_text("utf-8") for path in (Path(sys.prefix) / kernel).glob("*.js"))
    [found] = {number for script in scripts for number in ADDRESS.findall(script)}
    return found


def fetch(folder):
    """Leave in `folder` the runtime, the wheels, and a lock file that has their checksums."""
    folder.mkdir(parents=True, exist_ok=True)
    run("npm", "pack", "--silent", f"pyodide@{version()}", cwd=folder)
    [packed] = folder.glob("pyodide-*.tgz")
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter=flat)
    packed.unlink()
    lock = json.loads((folder / "pyodide-lock.json").read_text("utf-8"))
    pure = [lock["packages"][name] for name in needed(lock["packages"])]
    names = [f"{package['name']}=={package['version']}" for package in pure]
    python = lock["info"]["python"].rpartition(".")[0]
    other = ("--python-version", python, "--platform", "any", "--only-binary", ":all:")
    pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", ".")
    run(*pip, *other, *names, cwd=folder)
    for package in pure:  # Pyodide builds these wheels anew, so its checksums are others
        wheel = (folder / package["file_name"]).read_bytes()
        package["sha256"] = hashlib.sha256(wheel).hexdigest()
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), "utf-8")


def needed(packages):
    """Return the names of the first packages and of all that they depend on."""
    found, todo = set(), list(FIRST)
    while todo:
        name = todo.pop().lower().replace("_", "-")
        if name not in found:
            found.add(name)
            todo += packages[name]["depends"]
    return sorted(found)


def flat(member, folder):
    """Take the files out of the archive's folder."""
    member = tarfile.data_filter(member, folder)
    return member and member.replace(name=Path(member.name).name)


def run(*command, cwd):
    try:
        subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"{command[0]}: {error}\nThe browser's tests need npm and pip, with a network.")


if __name__ == "__main__":
    fetch(Path(sys.argv[1]))

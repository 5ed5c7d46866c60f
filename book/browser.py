"""The browser version: JupyterLite with the chapters, coursekit, and what its sliders need.

Python itself, NumPy and matplotlib come from Pyodide's server when a student opens a chapter;
everything else lies beside the page, and nothing is asked of the package index.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
WHEELS = ("comm", "ipywidgets", "jupyterlab_widgets")  # those that Pyodide lacks
EXTENSIONS = ("@jupyter-widgets/jupyterlab-manager", "@jupyterlite/pyodide-kernel-extension")
PAGES = {
    "jupyter-lite-schema-version": 0,
    "jupyter-config-data": {
        "appName": "A course on the sigmoid",
        "exposeAppInBrowser": True,  # the tests drive it
        "litePluginSettings": {
            "@jupyterlite/pyodide-kernel-extension:kernel": {"disablePyPIFallback": True}
        },
    },
}


def build(work: Path, out: Path) -> None:
    """Build the browser version in `out`; what it is made of goes to the new folder `work`.

    Raises
    ------
    subprocess.CalledProcessError
        When pip or JupyterLite fails; they have printed why.
    """
    installed = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
    options = {
        "apps": ["lab", "notebooks"],
        "federated_extensions": [str(installed / name) for name in EXTENSIONS],
        "ignore_sys_prefix": True,
        "no_sourcemaps": True,
    }
    shutil.copytree(ROOT / "chapters", work / "files")
    _write(work / "jupyter-lite.json", PAGES)
    _write(work / "jupyter_lite_config.json", {"LiteBuildConfig": options})
    where = ("--wheel-dir", work / "pypi", "--constraint", ROOT / "constraints.txt")
    _run("pip", "wheel", "--quiet", "--no-deps", *where, ROOT, *WHEELS)
    _run("jupyter", "lite", "build", "--lite-dir", work, "--output-dir", out, cwd=work)


def _run(module: str, *options: str | Path, cwd: Path = ROOT) -> None:
    command = [sys.executable, "-m", module, *map(str, options)]
    subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL)


def _write(path: Path, settings: dict[str, object]) -> None:
    path.write_text(json.dumps(settings, indent=2), "utf-8")

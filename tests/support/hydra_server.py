"""A process that has imported Hydra, and answers each question about a store in a child of its own.

Reads a JSON object a line (`folder`, `package`, `ask` and what that needs) and writes one a line back:
`output`, what the child printed, and `error`, the last line of what went wrong ("" if nothing did).
A child is a fork: as clean as a new process, without the second that importing Hydra takes.
"""

import contextlib
import dataclasses
import enum
import importlib
import json
import os
import runpy
import signal
import sys
import tempfile
import traceback
from pathlib import Path, PurePath
from typing import Any

import hydra
from hydra import compose, initialize
from hydra.core.plugins import Plugins
from omegaconf import OmegaConf

PATIENCE = 60
"""Seconds after which a child counts as hung."""

APPLICATION = """\
import sys
sys.path.insert(0, {here!r})
import importlib
import hydra
from omegaconf import OmegaConf
from tests.support.hydra_server import part, show
importlib.import_module({package!r})

@hydra.main(version_base="1.3", config_name={config!r}, config_path=None)
def main(cfg):
    print("@" + show(part(OmegaConf.to_object(cfg), {path!r})), flush=True)

main()
"""


def show(value: object) -> str:
    """An object as cases write it: keys of dicts and members of sets sorted, enums and paths as written."""
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}"
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        inner = (f"{f.name}={show(getattr(value, f.name))}" for f in dataclasses.fields(value))
        return f"{type(value).__name__}({', '.join(inner)})"
    if isinstance(value, dict):
        return "{" + ", ".join(sorted(f"{show(k)}: {show(v)}" for k, v in value.items())) + "}"
    if isinstance(value, set | frozenset):
        return "{" + ", ".join(sorted(map(show, value))) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(show, value)) + "]"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(show, value)) + ("," if len(value) == 1 else "") + ")"
    if isinstance(value, PurePath):
        return f"Path({str(value)!r})"
    return repr(value)


def part(value: Any, path: str) -> Any:
    """What stands below a dotted path: attributes, keys and indexes."""
    for name in path.split(".") if path else []:
        if isinstance(value, list | tuple):
            value = value[int(name)]
        elif isinstance(value, dict):
            named = (v for k, v in value.items() if name in (k, getattr(k, "name", None), str(k)))
            value = next(named)
        else:
            value = getattr(value, name)
    return value


def answer(question: dict[str, Any]) -> None:
    """Print the answer; raises what Hydra raises."""
    folder, package = question["folder"], question["package"]
    os.chdir(folder)
    sys.path.insert(0, folder)
    if question["ask"] == "jobs":
        _run_application(question)
        return
    module = importlib.import_module(package)
    print("@imported")
    if question["ask"] == "eval":
        names = {"cn": module, "dataclasses": dataclasses, "OmegaConf": OmegaConf}
        print("@" + repr(bool(eval(question["expression"], names))))
    elif question["ask"] == "object":
        with initialize(version_base="1.3", config_path=None):
            config = compose(question["config"], overrides=question["overrides"])
        print("@" + show(part(OmegaConf.to_object(config), question["path"])))


def _run_application(question: dict[str, Any]) -> None:
    keys = ("package", "config", "path")
    text = APPLICATION.format(here=question["folder"], **{k: question[k] for k in keys})
    application = Path(question["folder"]) / "app.py"
    application.write_text(text, encoding="utf-8")
    sys.argv = [str(application), *question["overrides"]]
    runpy.run_path(str(application), run_name="__main__")


def _in_child(question: dict[str, Any], output: str, errors: str) -> None:
    status = 1
    signal.alarm(PATIENCE)
    try:
        for descriptor, path in ((1, output), (2, errors)):
            os.dup2(os.open(path, os.O_WRONLY | os.O_TRUNC), descriptor)
        sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
        answer(question)
        status = 0
    except SystemExit as ended:
        status = 1 if ended.code else 0
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def _last_line(text: str, status: int) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    told = [
        li for li in lines if not li.startswith(("Set the environment variable", "Traceback", " "))
    ] or lines
    return " / ".join(told[-2:])[:300] if told else f"status {status}"


def main() -> None:
    """Answer until the input ends."""
    Plugins.instance()  # found once, before the first child
    assert hydra.__version__
    while line := sys.stdin.readline():
        with tempfile.TemporaryDirectory() as folder:
            files = [str(Path(folder) / name) for name in ("output", "errors")]
            for file in files:
                Path(file).touch()
            child = os.fork()
            if not child:
                _in_child(json.loads(line), *files)
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            output, errors = (Path(f).read_text(encoding="utf-8", errors="replace") for f in files)
        error = _last_line(errors, status) if status else ""
        print(json.dumps({"output": output, "error": error}), flush=True)


if __name__ == "__main__":
    main()

"""What cngen promises of a tree: each case of tests/whole/promise, with real Hydra and real git."""

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cngen.cli.commands import main
from tests.support.project import CHECKOUT, environment, write
from tests.support.promise_cases import Case, all_cases
from tests.support.scratch_git import commit, git, without_settings

pytestmark = pytest.mark.hydra

CASES = all_cases()
Row = dict[str, Any]
Answer = tuple[str, bool]
"""What Hydra gave or why it failed, and whether the store could be imported."""


class Hydra:
    """The other end of tests/support/hydra_server.py."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.hydra_server"],
            cwd=CHECKOUT,
            env=environment(HYDRA_FULL_ERROR="0"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def ask(self, **question: object) -> tuple[list[str], str]:
        """The lines that answer a question, and what went wrong."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        found = json.loads(self.process.stdout.readline())
        shown = [line[1:] for line in found["output"].splitlines() if line.startswith("@")]
        return shown, found["error"]

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(timeout=10)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def hydra() -> Iterator[Hydra]:
    server = Hydra()
    yield server
    server.close()


class Project:
    """A case on disk: what the commands print of it, and what Hydra makes of its store."""

    def __init__(self, case: Case, folder: Path, hydra: Hydra) -> None:
        self.case, self.folder, self.hydra = case, folder, hydra
        write(folder, case.project)

    def cngen(self, command: str, *arguments: str) -> Result:
        seen = {"NO_COLOR": "1", "COLUMNS": "200"}
        call = [command, *arguments]
        return CliRunner().invoke(main, call, env=seen, catch_exceptions=False)

    @cached_property
    def build(self) -> Result:
        return self.cngen("build")

    @cached_property
    def findings(self) -> list[Row]:
        assert self.build is not None
        rows: list[Row] = json.loads(self.cngen("check", "--format", "json").stdout)
        return [row for row in rows if row["code"] != "CN701"]

    def asked(self, ask: str, **question: object) -> tuple[list[str], str]:
        assert self.build is not None
        package = self.case.root.replace("/", ".")
        return self.hydra.ask(folder=str(self.folder), package=package, ask=ask, **question)

    def object(self, arguments: str, path: str = "") -> Answer:
        config, overrides = command_line(arguments)
        shown, error = self.asked("object", config=config, overrides=overrides, path=path)
        return (f"fails: {error}" if error or len(shown) < 2 else shown[1]), bool(shown)

    def jobs(self, arguments: str, path: str) -> list[str] | str:
        config, overrides = command_line(arguments)
        shown, error = self.asked("jobs", config=config, overrides=overrides, path=path)
        return f"fails: {error}" if error else shown

    def evaluated(self, expression: str) -> str:
        shown, error = self.asked("eval", expression=expression)
        return f"fails: {error}" if error else shown[-1]

    @cached_property
    def edited(self) -> bool:
        assert self.build is not None
        with without_settings():
            git(self.folder, "init", "-q", ".")
            commit(self.folder, {})
        write(self.folder, self.case.edits)
        return True

    def diff(self, *flags: str) -> Result:
        assert self.edited
        return self.cngen("diff", "HEAD", *flags)


def command_line(arguments: str) -> tuple[str, list[str]]:
    """The config that a command line starts from, and its overrides."""
    words = shlex.split(arguments)
    flag = "--config-name="
    names = [word.removeprefix(flag) for word in words if word.startswith(flag)]
    return (names or ["run"])[-1], [word for word in words if not word.startswith(flag)]


def folded(text: str) -> str:
    return " ".join(text.split())


# Expectations: each says whether it holds, and what happened instead

Held = tuple[bool, str]


def _build(project: Project, rest: str) -> Held:
    status = project.build.exit_code
    return status == int(rest), f"status {status}: {_listed(project.findings)}"


def _check(project: Project, rest: str) -> Held:
    rows = project.findings
    if rest == "none":
        return not rows, _listed(rows)
    wanted, rest = not rest.startswith("not "), rest.removeprefix("not ")
    if rest.startswith("contains "):
        text = rest.removeprefix("contains ")
        return any(text in f"{r['message']} {r['hint']}" for r in rows) == wanted, _listed(rows)
    what, _, place = rest.partition(" ")
    assert re.fullmatch(r"any|error|warning|CN\d{3}", what), rest
    file, _, line = place.partition(":")
    found = [
        row
        for row in rows
        if (what == "any" or what in (row["code"], row["severity"]))
        and file in ("", row["file"])
        and line in ("", str(row["line"]))
    ]
    return bool(found) == wanted, _listed(rows)


def _listed(rows: list[Row]) -> str:
    shown = (f"{r['code']} {r['file']}:{r['line']} {r['message']}" for r in rows)
    return "; ".join(shown) or "no finding"


def _import(project: Project, rest: str) -> Held:
    happened = project.evaluated("True")
    return (happened == "True") == (rest == "ok"), happened


def _eval(project: Project, rest: str) -> Held:
    happened = project.evaluated(rest)
    return happened == "True", happened


def _object(project: Project, arguments: str, path: str, expected: str) -> Held:
    happened, _ = project.object(arguments, path)
    return happened == expected, happened


def _composes(project: Project, arguments: str, path: str, expected: str) -> Held:
    happened, _ = project.object(arguments, path)
    return not happened.startswith("fails: "), happened


def _refused(project: Project, arguments: str, path: str, expected: str) -> Held:
    happened, is_imported = project.object(arguments)
    return is_imported and happened.startswith("fails: "), happened


def _jobs(project: Project, arguments: str, path: str, expected: str) -> Held:
    happened = project.jobs(arguments, path)
    return happened == expected.split("; "), str(happened)


def _runs(project: Project, arguments: str, path: str, expected: str) -> Held:
    happened = project.jobs(arguments, path)
    if expected == "fails":
        return isinstance(happened, str), str(happened)
    return not isinstance(happened, str) and len(happened) == _number(expected), str(happened)


def _number(text: str) -> int:
    return int(text.split()[0])


def _sweep(project: Project, name: str, what: str, rest: str) -> Held:
    assert project.build is not None
    if "contains" in what:
        text = folded(project.cngen("sweep", name).stdout)
        return (rest in text) == (what == "contains"), text
    run = project.cngen("sweep", name, "--format", "json")
    if run.exit_code:
        return False, run.output
    found = json.loads(run.stdout)
    if what == "json":
        overrides = [job["overrides"] for job in found["jobs"]]
        return overrides == json.loads(rest), json.dumps(overrides)
    return found["count"] == _number(rest), f"{found['count']} jobs"


def _diff(project: Project, rest: str) -> Held:
    run, text = project.diff("--format", "json"), folded(project.diff("--verbose").stdout)
    if run.exit_code:
        return False, run.output
    changes = json.loads(run.stdout)["changes"]
    wanted, rest = not rest.startswith("not "), rest.removeprefix("not ")
    if rest == "none":
        return not changes, text
    if rest.startswith("contains "):
        return (rest.removeprefix("contains ") in text) == wanted, text
    _, config, key = rest.split()
    effects = (effect for change in changes for effect in change["effects"])
    return any(e["key"] == key and config in e["configs"] for e in effects) == wanted, text


PLAIN: dict[str, Callable[[Project, str], Held]] = {
    "build": _build,
    "check": _check,
    "import": _import,
    "eval": _eval,
    "diff": _diff,
}
WITH_ARGUMENTS: dict[str, Callable[[Project, str, str, str], Held]] = {
    "object": _object,
    "composes": _composes,
    "refused": _refused,
    "jobs": _jobs,
    "runs": _runs,
}
_ARGUMENTS = re.compile(r"(object|composes|refused|jobs|runs) \[(.*?)\](?: ([\w.]+))?(?:: (.*))?")
_SWEEP = re.compile(r"sweep ([\w./]+)(?::| (json|contains|not contains):?) (.*)")
_PLAIN = re.compile(r"(build|check|import|eval|diff):? (.*)")


def judged(project: Project, line: str) -> Held:
    """Whether an expectation holds, and what happened."""
    if line.startswith("either: "):
        results = [_all(project, one.split(" & ")) for one in line[8:].split(" | ")]
        return any(holds for holds, _ in results), " | ".join(happened for _, happened in results)
    if found := _ARGUMENTS.fullmatch(line):
        return WITH_ARGUMENTS[found[1]](project, found[2], found[3] or "", found[4] or "")
    if found := _SWEEP.fullmatch(line):
        return _sweep(project, found[1], found[2] or "", found[3])
    found = _PLAIN.fullmatch(line)
    assert found, f"`{line}` is not an expectation"
    return PLAIN[found[1]](project, found[2])


def _all(project: Project, lines: list[str]) -> Held:
    results = [judged(project, line.strip()) for line in lines]
    return all(h for h, _ in results), " & ".join(text for h, text in results if not h)


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.kind}: {c.title}")
def test_a_promise_is_kept(
    case: Case, tmp_path: Path, hydra: Hydra, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    project = Project(case, tmp_path, hydra)
    for line in case.expected:
        holds, happened = judged(project, line)
        assert holds, f"expected {line}\nhappened {happened}"

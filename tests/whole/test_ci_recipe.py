"""docs/github-workflow.yml: its shell steps, run as a runner does in a repository of a user's."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.project import CHECKOUT, PATIENCE, PYPROJECT, RUN, STORE, environment_of_cngen

pytestmark = pytest.mark.slow

WORKFLOW = yaml.safe_load((CHECKOUT / "docs/github-workflow.yml").read_text(encoding="utf-8"))
JOB = WORKFLOW["jobs"]["configs"]
STEPS: dict[str, dict[str, Any]] = {s["name"]: s for s in JOB["steps"] if "name" in s}
SHELL = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
"""What `shell: bash` means to a runner."""

MARKER = "<!-- cngen diff -->"
DEEPER = RUN + "    depth: int = 3\n"
PYTHON = f"""#!/bin/sh
exec "{sys.executable}" -m cngen "$@"
"""
GH = f"""#!{sys.executable}
import json, os, sys
arguments = sys.argv[1:]
body = next((a.removeprefix("body=@") for a in arguments if a.startswith("body=@")), None)
text = open(body).read() if body else ""
with open(os.environ["RECORDS"] + "/gh", "a") as file:
    file.write(json.dumps([arguments, text, os.environ.get("GH_TOKEN", "")]) + "\\n")
if os.environ.get("GH_FAILS"):
    sys.exit("HTTP 403: Resource not accessible by integration")
if "--paginate" in arguments:
    print(os.environ.get("GH_FOUND", ""), end="")
"""


@dataclass
class Runner:
    """A repository whose HEAD is the merge of a pull request into its base, and the programs it has."""

    folder: Path
    programs: Path
    temp: Path
    event: str = "pull_request"
    is_fork: bool = False
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def context(self) -> Mapping[str, str]:
        """What the expressions of the workflow may ask for."""
        return {
            "github.event_name": self.event,
            "github.repository": "us/repo",
            "github.token": "secret",
            "github.event.pull_request.number": "7",
            "github.event.pull_request.head.repo.full_name": "me/fork"
            if self.is_fork
            else "us/repo",
        }

    def wants(self, name: str) -> bool:
        """Whether a step runs, whatever came of those before it."""
        condition = STEPS[name].get("if", "success()").removeprefix("${{").removesuffix("}}")
        return all(self._holds(term.strip()) for term in condition.split("&&"))

    def _holds(self, term: str) -> bool:
        if term in ("!cancelled()", "success()"):
            return True
        one, other = (self._value(side.strip()) for side in term.split("=="))
        return one == other

    def _value(self, text: str) -> str:
        return text.strip("'") if text.startswith("'") else self.context[text]

    def run(self, name: str) -> "subprocess.CompletedProcess[str]":
        step = STEPS[name]
        given = {
            key: re.sub(r"\$\{\{ (\S+) \}\}", lambda m: self.context[m[1]], str(value))
            for key, value in step.get("env", {}).items()
        }
        assert "${{" not in step["run"], "an expression in a script may hold anybody's code"
        own = {
            "PATH": os.pathsep.join((str(self.programs), os.environ["PATH"])),
            "RUNNER_TEMP": str(self.temp),
            "RECORDS": str(self.temp),
            "GITHUB_STEP_SUMMARY": str(self.temp / "summary"),
            "GITHUB_REPOSITORY": "us/repo",
        }
        return subprocess.run(
            [*SHELL, step["run"]],
            cwd=self.folder,
            env=environment_of_cngen(**own, **given, **self.variables),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    @property
    def calls(self) -> list[tuple[list[str], str, str]]:
        """The arguments, body and token of each call of `gh`."""
        path = self.temp / "gh"
        lines = path.read_text().splitlines() if path.exists() else []
        return [tuple(json.loads(line)) for line in lines]


@pytest.fixture
def runner(tmp_path: Path, clone: Path) -> Runner:
    folder, programs, temp = (tmp_path / name for name in ("work", "programs", "temp"))
    shutil.copytree(clone, folder, symlinks=True)
    programs.mkdir()
    temp.mkdir()
    for name, text in {
        "cngen": PYTHON,
        "gh": GH,
        "pip": '#!/bin/sh\necho "$@" > "$RECORDS/pip"\n',
    }.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    return Runner(folder, programs, temp)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pull request that takes a field away, checked out as actions/checkout does: two commits deep."""
    folder = tmp_path_factory.mktemp("repositories")
    origin = folder / "origin"
    (origin / "cn").mkdir(parents=True)
    git(origin, "init", "--quiet", "--initial-branch=main")
    (origin / "pyproject.toml").write_text(PYPROJECT)
    commit(origin, DEEPER, "start")
    commit(origin, DEEPER.replace("3", "4"), "deeper")
    git(origin, "switch", "--quiet", "--create", "feature")
    commit(origin, RUN, "flat")
    git(origin, "switch", "--quiet", "main")
    git(origin, "merge", "--quiet", "--no-ff", "--message", "merge", "feature")
    git(folder, "clone", "--quiet", "--depth=2", origin.as_uri(), "work")
    return folder / "work"


def commit(folder: Path, source: str, message: str) -> None:
    (folder / "cn/run.py").write_text(source)
    command = [sys.executable, "-m", "cngen", "build", "-C", str(folder)]
    subprocess.run(command, env=environment_of_cngen(), check=True, capture_output=True)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


def git(folder: Path, *arguments: str) -> None:
    names = {
        f"GIT_{who}_{what}": "a@b.c"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **names}
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    subprocess.run(
        ["git", *arguments], cwd=folder, env={**kept, **own}, check=True, timeout=PATIENCE
    )


CHECKS = ("Install cngen", "Check the configs", "Write the findings for code scanning")


@pytest.mark.parametrize("event", ["push", "pull_request"])
def test_a_clean_tree_passes(runner: Runner, event: str) -> None:
    runner.event = event
    for name in CHECKS:
        assert runner.wants(name)
        done = runner.run(name)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert (runner.temp / "pip").read_text() == "install cngen\n"
    assert json.loads((runner.temp / "cngen.sarif").read_text())["runs"][0]["results"] == []


def test_a_stale_store_fails_the_check_and_is_uploaded(runner: Runner) -> None:
    (runner.folder / STORE).write_text("")

    check, sarif = (runner.run(name) for name in CHECKS[1:])

    assert check.returncode == 1
    assert check.stdout.startswith("::error file=cn/_generated_store.py,line=1,")
    assert sarif.returncode == 0
    results = json.loads((runner.temp / "cngen.sarif").read_text())["runs"][0]["results"]
    assert [result["ruleId"] for result in results] == ["CN701"]


def test_no_findings_are_written_where_cngen_cannot_run(runner: Runner) -> None:
    (runner.folder / "pyproject.toml").write_text("[tool.cngen]\nroots = 1\n")

    assert runner.run("Write the findings for code scanning").returncode == 1


def test_a_push_has_no_diff(runner: Runner) -> None:
    runner.event = "push"

    assert [name for name in STEPS if runner.wants(name)] == [*CHECKS, "Upload the findings"]


def test_a_pull_request_gets_a_comment(runner: Runner) -> None:
    assert all(runner.wants(name) for name in STEPS)

    assert runner.run("Describe the change").returncode == 0
    assert runner.run("Comment on the pull request").returncode == 0

    (looked, _, _), (posted, body, token) = runner.calls
    assert looked[:3] == ["api", "--paginate", "repos/us/repo/issues/7/comments"]
    assert MARKER in looked[-1]
    assert posted[:4] == ["api", "--method", "POST", "repos/us/repo/issues/7/comments"]
    assert body.startswith(MARKER)
    assert "`Run.depth` was removed" in body
    assert body == (runner.temp / "summary").read_text()
    assert token == "secret"


@pytest.mark.parametrize("found", ["12", "12\n", "12\n13\n"])
def test_the_comment_is_written_anew(runner: Runner, found: str) -> None:
    runner.variables["GH_FOUND"] = found
    runner.run("Describe the change")

    assert runner.run("Comment on the pull request").returncode == 0

    changed, body, _ = runner.calls[-1]
    assert changed[:4] == ["api", "--method", "PATCH", "repos/us/repo/issues/comments/12"]
    assert body.startswith(MARKER)


def test_what_changes_no_config_gets_no_comment(runner: Runner) -> None:
    """But one that is there already is brought up to date."""
    nothing = f"{MARKER}\n**HEAD^1 -&gt; HEAD: nothing changed**\n"
    (runner.temp / "cngen-diff.md").write_text(nothing)

    assert runner.run("Comment on the pull request").returncode == 0
    assert [call[0][:2] for call in runner.calls] == [["api", "--paginate"]]

    runner.variables["GH_FOUND"] = "12"
    assert runner.run("Comment on the pull request").returncode == 0
    assert runner.calls[-1][0][2] == "PATCH"


def test_a_fork_gets_a_summary_and_no_comment(runner: Runner) -> None:
    runner.is_fork = True

    assert not runner.wants("Comment on the pull request")
    assert runner.run("Describe the change").returncode == 0
    assert (runner.temp / "summary").read_text().startswith(MARKER)


def test_a_comment_that_is_refused_fails_no_run(runner: Runner) -> None:
    runner.variables["GH_FAILS"] = "1"
    runner.run("Describe the change")

    assert runner.run("Comment on the pull request").returncode != 0
    assert len(runner.calls) == 1
    assert STEPS["Comment on the pull request"]["continue-on-error"] is True
    assert STEPS["Upload the findings"]["continue-on-error"] is True


def test_what_breaks_is_refused(runner: Runner) -> None:
    refused = runner.run("Refuse what breaks")

    assert (refused.returncode, refused.stderr) == (1, "")
    assert refused.stdout.startswith("HEAD^1 -> HEAD: 1 breaking")


def test_the_job_may_do_no_more_than_it_needs() -> None:
    assert WORKFLOW["permissions"] == {}
    assert {scope for scope, may in JOB["permissions"].items() if may == "write"} == {
        "pull-requests",
        "security-events",
    }

"""`cngen diff` as it is run, in real repositories of every kind: what it compares, prints and leaves alone."""

import gc
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cngen.cli.commands import main
from tests.support.project import (
    CHECKOUT,
    PATIENCE,
    PYPROJECT,
    RUN,
    Contents,
    Ran,
    environment_of_cngen,
    run_cngen,
    write,
)
from tests.support.scratch_git import (
    commit,
    everything,
    git,
    start,
    without_settings,
)

pytestmark = pytest.mark.slow

TWENTY = RUN.replace("10", "20")
OPT = (
    "from cngen import CN\n\n\nclass Opt(CN, abstract=True):\n    lr: float = 0.1\n\n\n"
    "class Adam(Opt):\n    beta: float = 0.9\n\n\nclass Sgd(Opt):\n    momentum: float = 0.9\n"
)
TRAIN = (
    "from cngen import CN\nfrom cn.opt.base import Adam, Opt\n\n\n"
    "class Train(CN):\n    steps: int = 10\n    opt: Opt = Adam()\n"
)
TREE = {"pyproject.toml": PYPROJECT, "cn/train.py": TRAIN, "cn/opt/base.py": OPT}
STEPS = [("behaviour", "`Run.steps`: `10` -> `20`")]
NOTHING: list[tuple[str, str]] = []


@pytest.fixture(scope="module", autouse=True)
def plain_git() -> Iterator[None]:
    with without_settings():
        yield
    gc.enable()  # the command turns it off


def diff(folder: Path, *arguments: str) -> Ran:
    return run_cngen("diff", "-C", str(folder), *arguments)


def document(folder: Path, *arguments: str) -> Mapping[str, Any]:
    """What the command says as JSON; nothing else is on either stream."""
    ran = diff(folder, "--format", "json", *arguments)
    assert (ran.returncode, ran.stderr) == (0, "")
    found: Mapping[str, Any] = json.loads(ran.stdout)
    return found


def changes(folder: Path, *arguments: str) -> list[tuple[str, str]]:
    """The impacts and messages, of a comparison that leaves nothing out."""
    found = document(folder, *arguments)
    assert found["notes"] == []
    return said(found)


def said(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(change["impact"], change["message"]) for change in found["changes"]]


def refusal(folder: Path, *arguments: str) -> str:
    """The one line with which it can't run."""
    ran = diff(folder, *arguments)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("cngen: error: ")
    assert ran.stderr.count("\n") == 1
    return ran.stderr.removeprefix("cngen: error: ").rstrip("\n")


# What is compared


def test_the_next_commit_the_index_and_revisions(tmp_path: Path) -> None:
    start(tmp_path)
    git(tmp_path, "tag", "v1")
    commit(tmp_path, {"cn/run.py": TWENTY})
    write(tmp_path, {"cn/run.py": RUN.replace("10", "30")})
    git(tmp_path, "add", "--all")
    write(tmp_path, {"cn/run.py": RUN.replace("10", "40"), "cn/new.py": ""})

    def to(old: int, new: int) -> list[tuple[str, str]]:
        return [("behaviour", f"`Run.steps`: `{old}` -> `{new}`")]

    assert changes(tmp_path) == to(20, 40)
    assert changes(tmp_path, "--staged") == to(20, 30)
    assert changes(tmp_path, "v1") == to(10, 40)
    assert changes(tmp_path, "v1", "--staged") == to(10, 30)
    for words in (("v1", "HEAD"), ("v1..HEAD",), ("v1..",), ("v1...",), ("HEAD~", "main")):
        assert changes(tmp_path, *words) == to(10, 20), words
    assert changes(tmp_path, "HEAD..v1") == changes(tmp_path, "..v1") == to(20, 10)
    assert changes(tmp_path, "HEAD", "HEAD") == NOTHING
    names = {"base": "HEAD", "head": "working tree"}
    assert names.items() <= document(tmp_path).items()
    assert document(tmp_path, "--staged")["head"] == "index"


def test_what_the_base_did_since_is_left_out_after_three_dots(tmp_path: Path) -> None:
    start(tmp_path, {**TREE, "cn/run.py": RUN})
    git(tmp_path, "switch", "--quiet", "--create", "feature")
    commit(tmp_path, {"cn/run.py": TWENTY})
    git(tmp_path, "switch", "--quiet", "main")
    commit(tmp_path, {"cn/opt/base.py": OPT.replace("0.1", "0.2")})
    git(tmp_path, "switch", "--quiet", "--detach", "feature")

    own = changes(tmp_path, "main...feature")
    assert own == changes(tmp_path, "main...") == STEPS
    assert document(tmp_path, "main...feature")["base"] == "main..."
    both = changes(tmp_path, "main..feature")
    assert both == [("behaviour", "`Opt.lr`: `0.2` -> `0.1`"), *STEPS]


def test_a_tree_that_is_not_there_yet_or_no_more(tmp_path: Path) -> None:
    start(tmp_path, {"README.md": ""})
    commit(tmp_path, {"pyproject.toml": PYPROJECT, "cn/run.py": RUN})
    git(tmp_path, "rm", "--quiet", "-r", "cn")
    commit(tmp_path, {})

    came = document(tmp_path, "HEAD~2", "HEAD~")
    assert said(came) == [("safe", "primary config `Run` was added: `--config-name run`")]
    reason = "no folder named `cn` below the project: set `root` in [tool.cngen]"
    assert came["notes"] == [f"HEAD~2 has no config tree: {reason}"]
    went = document(tmp_path, "HEAD~", "HEAD")
    assert said(went) == [("breaking", "primary config `Run` was removed: `--config-name run`")]
    assert went["notes"] == ["HEAD has no config tree: the root folder `cn` doesn't exist"]
    assert diff(tmp_path, "HEAD~2", "HEAD~", "--fail-on", "behaviour").returncode == 0
    assert diff(tmp_path, "HEAD~", "HEAD", "--fail-on", "breaking").returncode == 1
    message = refusal(tmp_path, "HEAD", "HEAD~2")
    assert message.startswith("neither HEAD nor HEAD~2 has a config tree: the root folder")


def test_another_root_and_other_settings(tmp_path: Path) -> None:
    start(tmp_path, TREE)
    git(tmp_path, "mv", "cn", "conf")
    moved = {"conf/train.py": TRAIN.replace("from cn.", "from conf.")}
    commit(
        tmp_path, {"pyproject.toml": '[tool.cngen]\nroot = "conf"\nfrom-tomorrow = 1\n', **moved}
    )
    write(tmp_path, {"pyproject.toml": '[tool.cngen]\nroot = "conf"\nnaming = "lower"\n'})

    moves = [("breaking", "setting `root`: `cn` -> `conf`")]  # code imports from there
    assert changes(tmp_path, "HEAD~", "HEAD") == moves
    assert changes(tmp_path) == [("safe", "setting `naming`: `snake` -> `lower`")]
    write(tmp_path, {"pyproject.toml": '[tool.cngen]\nroot = "conf"\nfrom-tomorrow = 1\n'})
    assert refusal(tmp_path) == "unknown setting `from-tomorrow` in [tool.cngen] (in working tree)"


def test_another_base_class(tmp_path: Path) -> None:
    """The classes of one tree are nodes, those of the other are none."""
    start(tmp_path, {"pyproject.toml": PYPROJECT + 'base = "lib.Base"\n', "cn/run.py": RUN})
    write(tmp_path, {"pyproject.toml": PYPROJECT})

    found = changes(tmp_path)

    assert ("safe", "setting `base`: `lib.Base` -> `cngen.CN`") in found
    assert ("safe", "primary config `Run` was added: `--config-name run`") in found


def test_a_project_that_moved(tmp_path: Path) -> None:
    """Places lead from here to the folder where each tree has it."""
    start(tmp_path, {f"old/{path}": text for path, text in TREE.items()})
    git(tmp_path, "mv", "old", "new")
    commit(
        tmp_path, {"new/cn/opt/base.py": OPT.replace("0.1", "0.2").partition("\n\n\nclass Sgd")[0]}
    )

    found = document(tmp_path / "new", "HEAD~:old")
    places = {c["kind"]: c["location"]["file"] for c in found["changes"]}
    here = Path(os.path.relpath(tmp_path)).as_posix()
    assert places == {
        "option-removed": f"{here}/old/cn/opt/base.py",
        "default-changed": f"{here}/new/cn/opt/base.py",
    }
    assert said(document(tmp_path, "HEAD~:old", "HEAD:new")) == said(found)
    assert refusal(tmp_path, "HEAD:old", "HEAD") == "`HEAD` has no folder `old`"


def test_a_shallow_clone_of_a_merge(tmp_path: Path) -> None:
    start(tmp_path / "work")
    commit(tmp_path / "work", {"cn/a.py": ""})
    git(tmp_path / "work", "switch", "--quiet", "--create", "feature")
    commit(tmp_path / "work", {"cn/run.py": TWENTY})
    git(tmp_path / "work", "switch", "--quiet", "main")
    git(tmp_path / "work", "merge", "--quiet", "--no-ff", "--message", "merge", "feature")
    for depth in ("1", "2"):
        source = (tmp_path / "work").as_uri()
        git(tmp_path, "clone", "--quiet", f"--depth={depth}", source, f"depth{depth}")

    assert changes(tmp_path / "depth2", "HEAD^1", "HEAD") == STEPS
    assert changes(tmp_path / "depth1") == NOTHING
    message = refusal(tmp_path / "depth1", "HEAD^1", "HEAD")
    assert message.startswith("unknown revision `HEAD^1` in this shallow clone: run `git fetch ")


def test_a_submodule_below_the_root(tmp_path: Path) -> None:
    start(tmp_path / "shared", {"base.py": OPT})
    start(tmp_path / "work", {"pyproject.toml": PYPROJECT, "cn/train.py": TRAIN})
    url = (tmp_path / "shared").as_uri()
    git(tmp_path / "work", "submodule", "--quiet", "add", url, "cn/opt")
    commit(tmp_path / "work", {})
    commit(tmp_path / "work/cn/opt", {"base.py": OPT.replace("0.1", "0.2")})

    found = [("behaviour", "`Opt.lr`: `0.1` -> `0.2`")]
    assert changes(tmp_path / "work") == changes(tmp_path / "work/cn/opt") == found
    assert changes(tmp_path / "work", "--staged") == NOTHING
    git(tmp_path / "work", "add", "cn/opt")
    assert changes(tmp_path / "work", "--staged") == found
    git(tmp_path, "clone", "--quiet", "work", "bare-bones")
    message = refusal(tmp_path / "bare-bones")
    end = "isn't checked out: run `git submodule update --init` (in HEAD)"
    assert message == f"the submodule `cn/opt` {end}"


def test_a_linked_worktree(tmp_path: Path) -> None:
    start(tmp_path / "work")
    commit(tmp_path / "work", {"cn/run.py": TWENTY})
    git(tmp_path / "work", "worktree", "add", "--quiet", "--detach", "../linked", "HEAD~")

    assert changes(tmp_path / "linked", "HEAD", "main") == STEPS
    write(tmp_path / "linked", {"cn/run.py": TWENTY})
    assert changes(tmp_path / "linked") == STEPS
    assert changes(tmp_path / "work") == NOTHING


def test_a_bare_repository(tmp_path: Path) -> None:
    """Whatever lies in the folders above it."""
    write(tmp_path, {"pyproject.toml": PYPROJECT, "cn/other.py": RUN})
    start(tmp_path / "work")
    commit(tmp_path / "work", {"cn/run.py": TWENTY})
    git(tmp_path, "clone", "--quiet", "--bare", "work", "bare.git")

    found = document(tmp_path / "bare.git", "main~", "main")
    assert said(found) == STEPS
    assert found["changes"][0]["location"]["file"] == "cn/run.py"
    end = "pass two revisions"
    assert refusal(tmp_path / "bare.git") == f"a bare repository has no working tree: {end}"
    assert refusal(tmp_path / "bare.git", "--staged") == f"a bare repository has no index: {end}"


def test_names_of_every_kind(tmp_path: Path) -> None:
    names = ("a b", "é", 'q"q', "日本", "it's")
    files = {f"cn/{name}/{name}.py": RUN.replace("Run", f"Run{n}") for n, name in enumerate(names)}
    start(tmp_path / "my ü project", {"pyproject.toml": PYPROJECT, **files})
    write(
        tmp_path / "my ü project", {path: text.replace("10", "20") for path, text in files.items()}
    )
    git(tmp_path / "my ü project", "add", "--all")

    for words in ((), ("--staged",)):
        found = document(tmp_path / "my ü project", *words)
        places = [c["location"]["file"] for c in found["changes"] if c["kind"] == "default-changed"]
        places += [note.rpartition(".py:")[0] + ".py" for note in found["notes"]]
        assert {Path(place).name for place in places} == {f"{name}.py" for name in names}


def test_a_run_in_a_folder_below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start(tmp_path, TREE)
    write(tmp_path, {"cn/train.py": "class Train(:\n", "cn/opt/base.py": OPT.replace("0.1", "0.2")})
    monkeypatch.chdir(tmp_path / "cn/opt")

    result = run_cngen("diff")

    assert "  base.py:5:5: `Opt.lr`: `0.1` -> `0.2`\n" in result.stdout
    assert re.search(r"^note: \.\./train\.py:\d+:\d+ in working tree: CN001 ", result.stdout, re.M)


# What can't be compared


def test_a_file_that_cannot_be_parsed_hides_what_is_in_it_and_no_more(tmp_path: Path) -> None:
    start(tmp_path, TREE)
    broken = {"cn/opt/base.py": "class Adam(:\n", "cn/train.py": TRAIN.replace("10", "20")}
    write(tmp_path, broken)
    git(tmp_path, "add", "--all")

    for words in ((), ("--staged",)):
        found = document(tmp_path, *words)
        assert said(found) == [("behaviour", "`Train.steps`: `10` -> `20`")]
        first, second = found["notes"]
        assert re.fullmatch(
            r".*cn/opt/base\.py:\d+:\d+ in .*: CN001 .*; this file isn't compared", first
        )
        assert second == "values from classes with errors aren't compared in `train`"
    commit(tmp_path, {})
    write(tmp_path, TREE)
    assert said(document(tmp_path)) == [("behaviour", "`Train.steps`: `20` -> `10`")]
    write(tmp_path, broken)
    assert said(document(tmp_path)) == NOTHING


def test_a_broken_file_that_moved_is_not_taken_for_gone(tmp_path: Path) -> None:
    start(tmp_path, TREE)
    git(tmp_path, "mv", "cn/opt/base.py", "cn/opt/all.py")
    write(tmp_path, {"cn/opt/all.py": f"{OPT}(\n", "cn/train.py": TRAIN.replace("base", "all")})

    found = document(tmp_path)

    assert said(found) == NOTHING
    end = "of HEAD isn't compared: it may have moved to `cn/opt/all.py`, which has errors"
    assert f"`cn/opt/base.py` {end}" in found["notes"]


def test_errors_of_meaning_hide_their_file(tmp_path: Path) -> None:
    start(tmp_path, {**TREE, "cn/run.py": RUN})
    write(tmp_path, {"cn/opt/base.py": OPT.replace("0.1", '"x"'), "cn/run.py": TWENTY})

    found = document(tmp_path)

    assert said(found) == STEPS
    assert "CN203" in found["notes"][0]


def test_errors_in_a_removed_line_leave_no_traceback(tmp_path: Path) -> None:
    """A node that holds itself without end, where its field goes."""
    start(
        tmp_path, {**TREE, "cn/own/self.py": 'from cngen import CN\nclass Me(CN):\n    me: "Me"\n'}
    )
    held = TRAIN.replace("Adam, Opt", "Adam, Opt\nfrom cn.own.self import Me") + "    me: Me\n"
    commit(tmp_path, {"cn/train.py": held})
    write(tmp_path, {"cn/train.py": TRAIN})

    assert said(document(tmp_path)) == [("breaking", "field `Train.me` was removed")]


@pytest.mark.parametrize(
    ("head", "fail_on", "status"),
    [
        (RUN, "behaviour", 0),
        (TWENTY, "breaking", 0),
        (TWENTY, "behaviour", 1),
        ("from cngen import CN\n", "breaking", 1),
        ("from cngen import CN\n", "behaviour", 1),
    ],
)
def test_statuses(tmp_path: Path, head: str, fail_on: str, status: int) -> None:
    start(tmp_path)
    write(tmp_path, {"cn/run.py": head})

    ran = diff(tmp_path, "--fail-on", fail_on)

    assert (ran.returncode, ran.stderr) == (status, "")
    assert diff(tmp_path).returncode == 0
    assert ran.stdout == diff(tmp_path).stdout


def test_a_head_that_cannot_be_compared_does_not_pass(tmp_path: Path) -> None:
    start(tmp_path)
    commit(tmp_path, {"cn/run.py": "class Run(:\n"})

    ran = diff(tmp_path, "HEAD~", "HEAD", "--fail-on", "breaking")

    assert ran.returncode == 1
    said = "HEAD has errors, so it was compared only in part"
    assert ran.stderr == f"cngen: --fail-on fails: {said}\n"
    assert diff(tmp_path, "HEAD~", "HEAD").returncode == 0


def test_what_mends_a_base_passes(tmp_path: Path) -> None:
    start(tmp_path)
    commit(tmp_path, {"cn/run.py": "class Run(:\n"})

    ran = diff(tmp_path, "HEAD", "HEAD~", "--fail-on", "behaviour")

    assert (ran.returncode, ran.stderr) == (0, "")
    assert "this file isn't compared" in ran.stdout


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"pyproject.toml": "[tool.cngen\n"}, "can't read pyproject.toml: "),
        (
            {"pyproject.toml": PYPROJECT + 'hydra = "1.5"\n'},
            'setting `hydra` must be "1.3" or "1.4"',
        ),
        (
            {"pyproject.toml": '[tool.cngen]\nroot = ["cn", "old"]\n'},
            "the root folder `old` doesn't exist",
        ),
        (
            {"pyproject.toml": "", "docs/cn/run.py": RUN},
            "several folders named `cn` (cn, docs/cn) below the project: set `root` in [tool.cngen]",
        ),
    ],
)
def test_what_mends_the_settings_of_a_base_passes(
    tmp_path: Path, files: Contents, reason: str
) -> None:
    start(tmp_path, {"cn/run.py": RUN, **files})
    write(tmp_path, {"pyproject.toml": PYPROJECT})

    found = document(tmp_path, "--fail-on", "behaviour")

    assert said(found) == [("safe", "primary config `Run` was added: `--config-name run`")]
    start_of_note = "HEAD can't be compared, so everything in working tree counts as added: "
    assert [note.startswith(start_of_note + reason) for note in found["notes"]] == [True]


def test_what_mends_a_link_of_a_base_passes(tmp_path: Path) -> None:
    start(tmp_path)
    (tmp_path / "cn/lost.py").symlink_to("nowhere.py")
    commit(tmp_path, {})
    (tmp_path / "cn/lost.py").unlink()

    found = document(tmp_path, "--fail-on", "behaviour")

    note = "HEAD can't be compared, so everything in working tree counts as added"
    assert found["notes"] == [f"{note}: can't read `cn/lost.py`: broken link"]


# Where the project is


def test_a_project_that_moved_down(tmp_path: Path) -> None:
    """It is compared with what it was, in either direction, whether or not a workspace stays above it."""
    for name, left in (("all", {}), ("workspace", {"pyproject.toml": "[project]\nname = 'all'\n"})):
        folder = start(tmp_path / name, TREE)
        commit(folder, {"cn/opt/base.py": OPT.replace("0.1", "0.2")})
        for path in TREE:
            (folder / "sub" / path).parent.mkdir(parents=True, exist_ok=True)
            git(folder, "mv", path, f"sub/{path}")
        commit(folder, {**left, "sub/cn/opt/base.py": OPT.replace("0.1", "0.3")})
        write(folder, {"sub/cn/opt/base.py": OPT.replace("0.1", "0.4")})

        def to(old: str, new: str) -> list[tuple[str, str]]:
            return [("behaviour", f"`Opt.lr`: `{old}` -> `{new}`")]

        assert changes(folder / "sub") == to("0.3", "0.4")
        assert changes(folder / "sub", "HEAD~") == to("0.2", "0.4")
        assert changes(folder / "sub", "HEAD~", "--staged") == to("0.2", "0.3")
        assert changes(folder / "sub", "HEAD~..HEAD") == to("0.2", "0.3")
        assert changes(folder / "sub", "HEAD..HEAD~") == to("0.3", "0.2")
        assert changes(folder / "sub", "HEAD~2..HEAD~") == to("0.1", "0.2")


@pytest.mark.parametrize(
    "others",
    [
        {"pyproject.toml": "", "a/pyproject.toml": "", "a/cn/run.py": TWENTY},
        {
            "pyproject.toml": "",
            "a/pyproject.toml": "",
            "a/cn/run.py": TWENTY,
            "c/pyproject.toml": "",
            "c/cn/run.py": TWENTY,
        },
        {"pyproject.toml": PYPROJECT, "cn/run.py": TWENTY},
        {"pyproject.toml": "", "a/cn/run.py": TWENTY},
    ],
    ids=["one beside it", "two beside it", "one around it", "one around it without settings"],
)
def test_a_new_project_is_compared_with_no_other(tmp_path: Path, others: Contents) -> None:
    start(tmp_path, others)
    write(tmp_path, {"b/pyproject.toml": PYPROJECT, "b/cn/run.py": RUN})
    note = "has no config tree: no folder named `cn` below the project: set `root` in [tool.cngen]"

    found = document(tmp_path / "b")
    assert said(found) == [("safe", "primary config `Run` was added: `--config-name run`")]
    assert found["notes"] == [f"HEAD {note}"]
    assert refusal(tmp_path / "b", "--staged").startswith(
        "neither HEAD nor index has a config tree"
    )
    commit(tmp_path, {})
    went = document(tmp_path / "b", "HEAD..HEAD~")
    assert said(went) == [("breaking", "primary config `Run` was removed: `--config-name run`")]
    assert went["notes"] == [f"HEAD~ {note}"]
    assert changes(tmp_path / "b") == NOTHING


def test_a_repository_below_somebody_elses_project(tmp_path: Path) -> None:
    """What lies above its top isn't its project, unless it is a submodule there."""
    write(tmp_path, {"pyproject.toml": PYPROJECT, "cn/other.py": RUN})
    start(tmp_path / "own", {"cn/run.py": RUN})
    write(tmp_path / "own", {"cn/run.py": TWENTY})

    assert changes(tmp_path / "own") == STEPS
    git(tmp_path, "init", "--quiet")
    assert changes(tmp_path / "own") == STEPS


# What it refuses


def test_words_that_do_not_go_together(tmp_path: Path) -> None:
    start(tmp_path)

    one = "`--staged` takes at most one revision"
    assert refusal(tmp_path, "--staged", "HEAD", "HEAD") == one
    assert refusal(tmp_path, "--staged", "HEAD..HEAD") == one
    both = "`main..HEAD` is a range of revisions: remove `main`"
    assert refusal(tmp_path, "main..HEAD", "main") == both
    assert refusal(tmp_path, "main...HEAD...main") == "unknown revision `HEAD...main`"
    assert refusal(tmp_path, "mian") == "unknown revision `mian`: did you mean `main`?"
    assert refusal(tmp_path, "HEAD", "mian") == "unknown revision `mian`: did you mean `main`?"
    assert refusal(tmp_path, "mian...HEAD") == "unknown revision `mian`: did you mean `main`?"
    assert refusal(tmp_path, "--", "--all") == "unknown revision `--all`"
    assert refusal(tmp_path, "--", "-x..HEAD") == "unknown revision `-x`"
    ran = diff(tmp_path, "-x")
    assert (ran.returncode, ran.stdout) == (2, "")


def test_a_repository_without_commits(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    write(tmp_path, {"pyproject.toml": PYPROJECT, "cn/run.py": RUN})

    assert refusal(tmp_path) == "unknown revision `HEAD`: nothing is committed yet"


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    write(tmp_path, {"pyproject.toml": PYPROJECT, "cn/run.py": RUN})

    assert refusal(tmp_path) == f"`{tmp_path}` is not in a git repository"


def test_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert refusal(tmp_path) == "git isn't installed, or isn't on the PATH"


def test_settings_that_cannot_be_read_are_told_with_their_side(tmp_path: Path) -> None:
    start(tmp_path)
    commit(tmp_path, {"pyproject.toml": "[tool.cngen\n"})

    for words, name in ((("HEAD~", "HEAD"), "HEAD"), ((), "working tree")):
        message = refusal(tmp_path, *words)
        assert message.startswith("can't read pyproject.toml: ")
        assert message.endswith(f" (in {name})")
    git(tmp_path, "rm", "--quiet", "-r", "cn")
    write(tmp_path, {"pyproject.toml": PYPROJECT})
    assert refusal(tmp_path).endswith(
        " (in HEAD)"
    )  # what is wrong there, rather than that this is empty


# The process


def test_every_format_is_alone_on_its_stream(tmp_path: Path) -> None:
    start(tmp_path)
    write(tmp_path, {"cn/run.py": TWENTY})
    begins = {
        "text": "HEAD -> working tree: 1 behaviour; 1 of 1 configs changes\n",
        "markdown": "<!-- cngen diff -->",
        "json": "{",
        "github": "::warning file=",
    }
    for name, begin in begins.items():
        ran = diff(tmp_path, "--format", name)
        assert (ran.returncode, ran.stderr) == (0, ""), name
        assert ran.stdout.startswith(begin), name


def test_colours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start(tmp_path)
    write(tmp_path, {"cn/run.py": TWENTY})
    words = ["diff", "-C", str(tmp_path)]

    assert "\x1b[" in CliRunner().invoke(main, words, color=True).stdout
    assert "\x1b[" not in CliRunner().invoke(main, words).stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in CliRunner().invoke(main, words, color=True).stdout


@pytest.mark.parametrize("fail_on", [(), ("--fail-on", "behaviour")])
def test_a_reader_that_has_gone(tmp_path: Path, fail_on: tuple[str, ...]) -> None:
    start(tmp_path)
    write(tmp_path, {"cn/run.py": TWENTY})
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as gone:
        result = subprocess.run(
            [sys.executable, "-m", "cngen", "diff", *fail_on],
            cwd=tmp_path,
            env=environment_of_cngen(),
            stdout=gone,
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
        )
    assert (result.returncode, result.stderr) == (1, b"")


def test_a_run_writes_nothing_and_executes_nothing(tmp_path: Path) -> None:
    """Of sources that would write a file if anybody imported them, in git and on disk."""
    folder, mark = tmp_path / "work", tmp_path / "mark"
    effect = f"open({str(mark)!r}, 'w')\n"
    start(
        folder, {"pyproject.toml": PYPROJECT, "cn/run.py": effect + RUN, "cn/__init__.py": effect}
    )
    write(folder, {"cn/run.py": effect + TWENTY, "conftest.py": effect, "git.py": effect})
    os.utime(folder / "cn/__init__.py", (1, 1))  # a git that refreshes its index would say so in it
    before = everything(folder)

    for words in ((), ("--staged",), ("HEAD", "HEAD"), ("HEAD...HEAD",), ("mian",)):
        ran = run_cngen("diff", *words, cwd=folder)
        assert ran.returncode == (2 if words == ("mian",) else 0), ran.stderr

    assert everything(folder) == before
    assert not mark.exists()


EVERY_FORMAT = """
from contextlib import suppress
from cngen.cli import main
for style in ("text", "markdown", "json", "github"):
    with suppress(SystemExit):
        main(["diff", "--format", style, "--verbose"])
"""


def test_output_is_the_same_in_every_process(tmp_path: Path) -> None:
    start(tmp_path, {**TREE, "cn/run.py": RUN})
    write(
        tmp_path,
        {
            "cn/train.py": TRAIN.replace("10", "20").replace("= Adam()", "= Adam(lr=1.0)"),
            "cn/opt/base.py": OPT.replace("0.9", "0.8"),
            "cn/run.py": "class Run(:\n",
            "cn/exp/base.py": "from cn.train import Train\nclass Fast(Train):\n    steps = 1\n",
        },
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", EVERY_FORMAT],
            cwd=tmp_path,
            env=environment_of_cngen(PYTHONHASHSEED=seed),
            capture_output=True,
            check=True,
            timeout=PATIENCE,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    (output,) = outputs
    assert all(begin.encode() in output for begin in ("HEAD -> ", "<!-- cngen", "{\n", "::"))
    assert str(tmp_path).encode() not in output


def test_the_history_is_not_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same programs run, whatever lies behind the two trees."""
    ran = {}
    for count in (1, 500):
        folder = tmp_path / str(count)
        start(folder)
        imported(folder, count)
        trace = tmp_path / f"trace{count}"
        monkeypatch.setenv("GIT_TRACE", str(trace))
        assert changes(folder, "long~", "long") == STEPS
        monkeypatch.delenv("GIT_TRACE")
        ran[count] = re.findall(r"built-in: git (\S+)", trace.read_text())

    assert ran[1] == ran[500] == ["rev-parse", "cat-file"]


def imported(folder: Path, count: int) -> None:
    """A branch `long` with so many commits of other files, then one that changes a config."""
    lines = ["blob", "mark :9", f"data {len(TWENTY)}", TWENTY]
    for number in range(count + 1):
        lines += [
            "commit refs/heads/long", "committer A <a@b.c> 1700000000 +0000", "data 1", "x",
            *(["from refs/heads/main^0"] if not number else []),
            "M 100644 :9 cn/run.py" if number == count else f"M 100644 inline data/{number}",
            *([] if number == count else ["data 1", "x"]), "",
        ]  # fmt: skip
    subprocess.run(
        ["git", "fast-import", "--quiet"],
        cwd=folder,
        input="\n".join(lines).encode(),
        check=True,
        timeout=PATIENCE,
    )


def test_the_project_itself_can_be_compared() -> None:
    if not (CHECKOUT / ".git").exists():
        pytest.skip("no repository")
    assert diff(CHECKOUT).returncode == 0

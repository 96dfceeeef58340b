"""Every rule: it finds what its cases expect and nothing else, its page is true, and its fixes work."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from cngen import codes
from cngen.compiler import Compiled, compile_tree
from cngen.diagnostics import Diagnostic, RuleId, Severity
from cngen.lint.fixing import fix_all
from cngen.lint.pages import page as page_of
from cngen.lint.rule import Rule, StageRule
from cngen.lint.rules import all_rules
from cngen.project.files import Edited, Worktree
from cngen.project.settings import load_settings
from cngen.project.sources import line_starts, position
from tests.support.project import write_project
from tests.support.rule_cases import FENCE, FOLDER, Case, Expected, all_cases, blocks

CASES = all_cases()
RULES = {rule.code: rule for rule in all_rules()}
HEADINGS = ["What it does", "Why is it bad", "Example", "Use instead"]
ELSEWHERE = {
    "CN002": "bytes, not text: tests/lint/test_findings.py",
    "CN701": "about the store: tests/cli/test_cli.py",
}
"""Rules whose cases can't be Markdown."""


class Project:
    """A case on disk, each of whose states is compiled once."""

    def __init__(self, case: Case, folder: Path) -> None:
        self.settings = load_settings(write_project(folder, case.files, case.settings))
        self.files = Worktree(self.settings.project)
        self.compiled: dict[frozenset[tuple[str, bytes]], Compiled] = {}

    def compile(self, changed: Mapping[str, bytes]) -> Compiled:
        """The tree with other contents for some of its files."""
        state = frozenset(changed.items())
        if state not in self.compiled:
            self.compiled[state] = compile_tree(self.settings, Edited(self.files, changed))
        return self.compiled[state]

    def fixed(self, unsafe: bool) -> Mapping[str, bytes]:
        """The sources that fixes change."""
        return {p: s.data for p, s in fix_all(self.compile, unsafe).after.items()}


def said(compiled: Compiled, files: Mapping[str, str]) -> set[Expected]:
    """The findings as cases expect them."""
    return {_said(d, files[d.span.file]) for d in compiled.diagnostics}


def _said(found: Diagnostic, text: str) -> Expected:
    line, _ = position(line_starts(text), found.span.start)
    at = text[found.span.start : max(found.span.start, found.span.end)].partition("\n")[0]
    return found.span.file, line, found.code, at


def matches(expected: set[Expected], found: set[Expected]) -> bool:
    """Whether findings are what is expected; a text that isn't given may be any."""
    loose = {e[:3] for e in expected if e[3] is None}
    rest = {f for f in found if f[:3] not in loose}
    return rest == {e for e in expected if e[3] is not None} and loose <= {f[:3] for f in found}


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.rule} {c.title}")
def test_a_case(case: Case, tmp_path: Path) -> None:
    """It finds what its lines expect, its fixes give what it expects, and then nothing is left to fix."""
    project = Project(case, tmp_path)

    assert_finds_what_it_says(case, project.compile({}))
    if case.fixed or case.unsafe:
        assert_is_fixed(case, project.fixed(False), case.fixed)
        assert_is_fixed(case, project.fixed(True), {**case.fixed, **case.unsafe})
    before = project.compile({}).diagnostics
    after = project.compile(project.fixed(True)).diagnostics
    assert not [d for d in after if d.fix is not None]
    assert len(after) <= len(before) - len([d for d in before if d.fix is not None])


def assert_finds_what_it_says(case: Case, compiled: Compiled) -> None:
    assert matches(case.expected, said(compiled, case.files)), compiled.diagnostics
    if any(RULES[code].severity is Severity.ERROR for _, _, code, _ in case.expected):
        assert compiled.text is None


def assert_is_fixed(case: Case, after: Mapping[str, bytes], wanted: Mapping[str, str]) -> None:
    texts = {path: data.decode() for path, data in after.items()}
    assert texts == {path: text for path, text in wanted.items() if text != case.files[path]}


@pytest.mark.parametrize("code", RULES)
def test_a_rule_has_a_case_and_a_quiet_neighbour(code: str) -> None:
    if code in ELSEWHERE:
        return
    own = [case for case in CASES if case.rule == code]
    assert own, f"{code} needs its cases: tests/lint/rules/{code}_{RULES[code].name}.md"
    assert any(code == e[2] for case in own for e in case.expected), f"no case finds {code}"
    assert any(not case.expected for case in own), f"{code} needs a case that stays quiet"


def test_a_file_is_named_after_its_rule() -> None:
    wanted = {f"{code}_{rule.name}.md" for code, rule in RULES.items()} - {
        f"{code}_{RULES[code].name}.md" for code in ELSEWHERE
    }
    assert {path.name for path in FOLDER.glob("*.md")} == wanted


# Pages


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda r: r.code)
def test_a_rule_has_a_page(rule: Rule) -> None:
    page = rule.page()
    summary = page.partition("\n\n")[0]
    assert re.match(r"[A-Z`].*\.$", summary.replace("\n", " ")), "the first sentence says it all"
    assert re.findall(r"^## (.+)$", FENCE.sub("", page), re.MULTILINE) == HEADINGS


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda r: r.code)
def test_the_page_of_a_rule_is_true(rule: Rule, tmp_path: Path) -> None:
    """Its example is found, and what to use instead isn't.

    What to use instead leaves out the files of the example that stay as they are, unless a file is moved.
    """
    if rule.code in ELSEWHERE:
        return
    page = rule.page()
    for heading in ("\n## Example\n", "\n## Use instead\n"):
        assert page.count(heading) == 1, f"the page of {rule.code} needs one `{heading.strip()}`"
    bad, good = page[page.index("## Example") :].split("## Use instead")
    select = "" if rule.default else f'select = ["CN", "{rule.code}"]\n'
    for text, is_found in ((bad, True), (good, False)):
        files = blocks(text)
        kept = blocks(bad) if files.keys() <= blocks(bad).keys() else {}
        extra = select + "".join(m[3] for m in FENCE.finditer(text) if m[1] == "toml")
        folder = tmp_path / str(is_found)
        folder.mkdir()
        compiled = compile_tree(load_settings(write_project(folder, {**kept, **files}, extra)))
        codes = {d.code for d in compiled.diagnostics}
        assert codes == ({rule.code} if is_found else set()), compiled.diagnostics


# Names and codes


def test_codes_and_names_are_unique() -> None:
    codes = [rule.code for rule in all_rules()]
    names = [name for rule in all_rules() for name in (rule.name, *rule.former_names)]
    assert len({*codes}) == len(codes)
    assert len({*names}) == len(names)
    assert all(re.fullmatch(r"CN[0123457]\d\d", code) for code in codes)


def test_a_rule_is_known_by_its_code_its_name_and_its_former_names() -> None:
    for rule in all_rules():
        for name in (rule.code, rule.name, *rule.former_names):
            assert page_of(name) == page_of(name.upper()) == page_of(rule.code)


def test_a_rule_lies_in_a_file_and_a_class_of_its_name() -> None:
    for rule in all_rules():
        assert type(rule).__module__.rpartition(".")[2] == rule.name.replace("-", "_")
        assert type(rule).__name__.lower() == rule.name.replace("-", "")


def test_each_declared_rule_of_a_stage_has_a_page_that_shares_the_declaration() -> None:
    declared = [value for value in vars(codes).values() if isinstance(value, RuleId)]
    assert all(any(rule.id is one for rule in all_rules()) for one in declared)
    assert all(rule.id in declared for rule in all_rules() if isinstance(rule, StageRule))


def test_a_finding_is_made_from_a_declared_rule_and_never_from_a_bare_code() -> None:
    package = Path(compile_tree.__code__.co_filename).parent
    bare = re.compile(r'(?<!RuleId\()(?<!")"CN\d{3}"|\bDiagnostic\(')
    for path in package.rglob("*.py"):
        found = [] if path.name == "diagnostics.py" else bare.findall(path.read_text())
        assert not found, path

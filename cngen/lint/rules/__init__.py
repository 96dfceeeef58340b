"""Tree -> findings. A rule is a class in a separate file here; nothing lists the rules."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TypeGuard

from cngen.diagnostics import CngenError, Diagnostic, Severity, did_you_mean
from cngen.lint.rule import Rule, StageRule
from cngen.model.tree import Tree
from cngen.project.settings import Settings


def check(tree: Tree) -> Iterator[Diagnostic]:
    """The findings of every rule that the settings select."""
    for rule in all_rules():
        if is_selected(tree.settings, rule):
            yield from rule.check(tree)


def is_selected(settings: Settings, rule: Rule) -> bool:
    """Whether a rule is wanted: the longest of the codes and beginnings that name it decides.

    Errors always are: a tree with an error has no store.
    """
    if rule.severity is Severity.ERROR:
        return True
    wanted = _longest(settings.select, rule.code)
    if not rule.default and wanted < len(rule.code):
        return False
    return wanted > _longest(settings.ignore, rule.code)


def _longest(prefixes: Iterable[str], code: str) -> int:
    return max((len(prefix) for prefix in prefixes if code.startswith(prefix)), default=0)


def check_codes(settings: Settings) -> None:
    """A code that names no rule would turn nothing on or off, silently.

    Raises:
        CngenError: there is such a code in the settings.
    """
    known = [rule.code for rule in all_rules()]
    per_file = (code for _, codes in settings.per_file_ignores for code in codes)
    for code in (*settings.select, *settings.ignore, *per_file):
        if not any(rule.startswith(code) for rule in known):
            hint = "`CN` is all of them" if code == "ALL" else did_you_mean(code, known)
            raise CngenError(f"unknown rule code `{code}`" + (f": {hint}" if hint else ""))


def known_rule(code: str) -> Rule | None:
    """The rule of a code or of a name, former ones as well, in any case; None if there is none."""
    return _by_name().get(code.upper())


@cache
def _by_name() -> Mapping[str, Rule]:
    return {name.upper(): r for r in all_rules() for name in (r.code, r.name, *r.former_names)}


@cache
def all_rules() -> tuple[Rule, ...]:
    """One instance of each rule, by code. A rule that fails to import stops the run."""
    found: list[Rule] = []
    for module_info in iter_modules(__path__):
        module = import_module(f"{__name__}.{module_info.name}")
        found.extend(rule() for rule in vars(module).values() if _is_rule_of(rule, module.__name__))
    return tuple(sorted(found, key=lambda rule: rule.code))


def _is_rule_of(value: object, module: str) -> TypeGuard[type[Rule]]:
    """Whether a value is a rule that a module defines, not one that it imports."""
    # No `issubclass`: for Python 3.10 `tuple[str, ...]` is a type, and it raises for that.
    is_rule = isinstance(value, type) and Rule in value.__mro__
    return is_rule and value not in (Rule, StageRule) and value.__module__ == module

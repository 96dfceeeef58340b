"""Tree -> findings. A rule is a class in a file of its own here; nothing lists the rules."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TypeGuard

from cngen.diagnostic import Diagnostic
from cngen.model import Tree
from cngen.rules.base import Rule


def check(tree: Tree) -> Iterator[Diagnostic]:
    """The findings of every rule."""
    for rule in all_rules():
        yield from rule.check(tree)


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
    is_rule = isinstance(value, type) and issubclass(value, Rule) and value is not Rule
    return is_rule and value.__module__ == module

"""What a rule is."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from inspect import cleandoc
from typing import ClassVar

from cngen.diagnostics import Diagnostic, Fix, Severity, Span
from cngen.model.tree import Tree


class Rule(ABC):
    """One pattern that is reported about a resolved tree, as `cngen rule` explains it.

    The docstring of a rule is its page: a sentence, then *What it does*, *Why is it bad*, *Example* and
    *Use instead*. One that isn't a `default` is only for those who select its whole code. An error can
    be neither deselected nor silenced: no store can be written from such a tree.
    """

    code: ClassVar[str]
    severity: ClassVar[Severity] = Severity.ERROR
    default: ClassVar[bool] = True
    former_names: ClassVar[tuple[str, ...]] = ()
    """Names of earlier versions, which `cngen rule` still knows."""

    @classmethod
    def name(cls) -> str:
        """`unknown-argument` for `UnknownArgument`."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", cls.__name__).lower()

    @classmethod
    def page(cls) -> str:
        """The rule's documentation, as Markdown."""
        return cleandoc(cls.__doc__ or "")

    @abstractmethod
    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every place of a tree where the rule is broken."""

    def found(self, span: Span, message: str, hint: str = "", fix: Fix | None = None) -> Diagnostic:
        """A finding of this rule."""
        return Diagnostic(span, self.code, message, hint, self.severity, fix)


class StageRule(Rule):
    """A kind of finding that a stage tells by its code, before there is a tree to look at."""

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Nothing that isn't told already."""
        return iter(())

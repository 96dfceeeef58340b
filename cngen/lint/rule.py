"""What a rule is."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from inspect import cleandoc
from typing import ClassVar

from cngen.diagnostics import Diagnostic, Fix, RuleId, Severity, Span
from cngen.model.tree import Tree


class Rule(ABC):
    """One pattern that is reported about a resolved tree, as `cngen rule` explains it.

    The docstring of a rule is its page: a sentence, then *What it does*, *Why is it bad*, *Example* and
    *Use instead*. One that isn't a `default` is only for those who select its whole code. An error can
    be neither deselected nor silenced: no store can be written from such a tree.
    """

    id: ClassVar[RuleId]
    default: ClassVar[bool] = True
    former_names: ClassVar[tuple[str, ...]] = ()
    """Names of earlier versions, which `cngen rule` still knows."""

    @property
    def code(self) -> str:
        """`CN204`."""
        return self.id.code

    @property
    def name(self) -> str:
        """`unknown-argument`."""
        return self.id.name

    @property
    def severity(self) -> Severity:
        """Whether a finding of this rule is an error."""
        return self.id.severity

    @classmethod
    def page(cls) -> str:
        """The rule's documentation, as Markdown."""
        return cleandoc(cls.__doc__ or "")

    @abstractmethod
    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every place of a tree where the rule is broken."""

    def found(self, span: Span, message: str, hint: str = "", fix: Fix | None = None) -> Diagnostic:
        """A finding of this rule."""
        return self.id.found(span, message, hint, fix)


class StageRule(Rule):
    """A rule whose findings a stage reports, by the `RuleId` that both share in `cngen.codes`."""

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Nothing: the stage has reported it."""
        return iter(())

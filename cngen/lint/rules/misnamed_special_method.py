"""CN216."""

from collections.abc import Iterator
from difflib import get_close_matches

from cngen.diagnostics import Diagnostic, Edit, Fix, RuleId, Severity, Span
from cngen.lint.queries.bodies import class_of
from cngen.lint.rule import Rule
from cngen.model.tree import Node, Tree
from cngen.syntax.facts import ClassDef, FunctionDef

_MEANT = {
    "postinit": "__post_init__", "init": "__init__", "eq": "__eq__", "ne": "__ne__", "lt": "__lt__",
    "hash": "__hash__", "repr": "__repr__", "str": "__str__", "bool": "__bool__", "call": "__call__",
    "len": "__len__", "iter": "__iter__", "contains": "__contains__", "getitem": "__getitem__",
    "getattr": "__getattr__", "setattr": "__setattr__", "initsubclass": "__init_subclass__",
}  # fmt: skip
_OF_PYTHON = """
abs add aenter aexit aiter and anext annotate annotations await bool bytes call ceil class
class_getitem complex contains copy deepcopy del delattr delete delitem dict dir divmod enter eq exit
float floor floordiv format fspath ge get getattr getattribute getinitargs getitem getnewargs
getnewargs_ex getstate gt hash iadd iand ifloordiv ilshift imatmul imod imul index init init_subclass
instancecheck int invert ior ipow irshift isub iter itruediv ixor le len length_hint lshift lt matmul
missing mod mro_entries mul ne neg new next or pos post_init pow prepare radd rand rdivmod reduce
reduce_ex release_buffer buffer replace repr reversed rfloordiv rlshift rmatmul rmod rmul ror round
rpow rrshift rshift rsub rtruediv rxor set set_name setattr setitem setstate sizeof slots str sub
subclasscheck subclasses subclasshook truediv trunc weakref xor
"""
"""The special methods of Python's data model, of copying and of pickling."""

_KNOWN = frozenset(f"__{name}__" for name in _OF_PYTHON.split())


class MisnamedSpecialMethod(Rule):
    """A method has a misspelled name of a special method, so Python never calls it.

    ## What it does
    Finds methods of nodes such as `__post__init__`, `__postinit__`, `_post_init_` or `__rerp__`. Names
    that are special themselves (`__int__`), and those that another method of the node calls, are fine.

    ## Why is it bad
    Python accepts any name, so there is no error if the checks in `__post__init__` never run.

    ## Example
    ```python
    # cn/train.py
    from cngen import CN

    class Train(CN):
        steps: int = 1000

        def __post__init__(self) -> None:
            if self.steps <= 0:
                raise ValueError("steps must be positive")
    ```

    ## Use instead
    ```python
    # cn/train.py
    from cngen import CN

    class Train(CN):
        steps: int = 1000

        def __post_init__(self) -> None:
            if self.steps <= 0:
                raise ValueError("steps must be positive")
    ```
    """

    id = RuleId("CN216", "misnamed-special-method", Severity.WARNING)
    former_names = ("special-method-name",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such method, in the class that writes it."""
        for node in tree.nodes.values():
            definition = class_of(tree, node) if node.behaviour is not None else None
            if definition is not None:
                yield from self._methods(node, definition)

    def _methods(self, node: Node, definition: ClassDef) -> Iterator[Diagnostic]:
        methods = [method for method in definition.body if isinstance(method, FunctionDef)]
        for method in methods:
            meant = _meant(method.name) if method.name.startswith("_") else ""
            others = [other for other in methods if other is not method]
            if not meant or any(method.name in other.names for other in others):
                continue
            span = Span(node.span.file, method.place, method.place + len(method.name))
            fix = None
            if meant != "__init__" and not any(other.name == meant for other in others):
                fix = Fix((Edit(span, meant),), safe=False)
            message = f"Python never calls `{method.name}`: it is not a special method"
            yield self.found(span, message, f"did you mean `{meant}`?", fix)


def _meant(name: str) -> str:
    """The special method that a name misses, empty if it misses none.

    With both double underscores a letter or two may be wrong, else only underscores.
    """
    word = name.strip("_").replace("_", "")
    is_marked = name.endswith("_") or (word == "postinit" and name.startswith("__"))
    if name in _KNOWN or not is_marked:
        return ""
    if word in _MEANT:
        return _MEANT[word]
    if not (name.startswith("__") and name.endswith("__")) or len(word) < 4:
        return ""
    near = get_close_matches(word, [known for known in _MEANT if len(known) > 3], 1, 0.75)
    return _MEANT[near[0]] if near else ""

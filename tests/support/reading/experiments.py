"""Draws trees with experiments: classes in ``cn/exp`` that inherit from a primary config.

What may be written for a field depends on what stands there, and a patch may have put it there. So each
body is drawn on the config that the classes before it read as.
"""

import ast
import copy
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, is_dataclass

from hypothesis import strategies as st

from .folders import written
from .interpreter import MISSING, ROOT, Reading, group_of, primary, read
from .layout import Folder, rendered
from .stacking import NoReading, applied, is_sound, steps_of
from .strategy import INT, PRIMARY, FieldType, Node, Value, Writer

EXPERIMENTS = ("Fast", "Faster", "Tiny", "Grid", "BigOne", "NightRun", "RP_2", "Exp", "Abl", "Abl2")
EXPERIMENT_OPTIONS = ("ours", "v2-final", "a_b")
GROUPS: tuple[Folder, ...] = (
    (ROOT, "exp"),
    (ROOT, "exp"),
    (ROOT, "exp", "ablations"),
    (ROOT, "study"),
)
NEW_KEYS = ("left", "right", "a_b", "mid")
MOST_JOBS = 8
MEMBER = re.compile(r"@\w+@[.\w]*")
ITEMS = {"int": INT, "float": ("0.5", "2"), "list[int]": ("[3]", "[]"), "@Any@": ("None", '"x"')}
"""What may be put into a plain dict, by the type of its values."""


@dataclass(frozen=True)
class Experiment:
    """A class that has been drawn."""

    token: str
    name: str
    folder: Folder
    primary: Node
    sweeps: bool = False
    lineage: frozenset[str] = frozenset()


class ExperimentWriter(Writer):
    """Draws a tree, then experiments on it."""

    def __init__(self, draw: st.DrawFn, *, sweeping: bool) -> None:
        super().__init__(draw)
        self.experiments: list[Experiment] = []
        self.may_sweep = sweeping
        self.room = 0  # how many times more jobs a class may still get; 1 for no sweep at all
        self.zipped = False

    def tree(self) -> dict[str, str]:
        self.classes()
        if self.rarely(4):
            self.derived()
        node = self.pick([n for n in self.nodes if n.name in PRIMARY])
        self.chain(node, self.number(1, 3))
        self.chain(node, 1)
        if self.rarely(3):
            self.mixture(node)
        if self.may_sweep:
            self.pointing(node)
        return self.text()

    # Classes

    def derived(self) -> None:
        """A primary config that is another one with some places set otherwise."""
        run = next(n for n in self.nodes if n.name == "Run")
        with self.reading() as reading:
            lines = self.body(primary(reading, "run")(), patch_open=False)
        shadow = type("Trial", (run.shadow,), {})
        node = Node(self.token(), "Trial", (ROOT,), False, shadow, dict(run.fields))
        text = "\n    ".join([f"class Trial(@{run.token}@):", *(lines or ["pass"])])
        if self.kept(lambda: self.place((ROOT,), node.token, "Trial", text, "trial"), "Trial"):
            self.nodes.append(node)

    def chain(self, node: Node, length: int) -> None:
        """Experiments of which each inherits from the one before."""
        base: Node | Experiment = node
        for number in range(length):
            sweeps = self.may_sweep and (number == length - 1 or self.rarely(2))
            base = self.experiment(node, [base], sweeps) or base

    def mixture(self, node: Node) -> None:
        """An experiment that inherits from two."""
        found = [e for e in self.experiments if not e.sweeps and e.primary is node]
        if len(found) > 1:
            first = self.pick(found)
            second = self.pick([e for e in found if e is not first])
            self.experiment(node, [first, second], False)

    def pointing(self, node: Node) -> None:
        """An experiment that goes through others."""
        found = [e for e in self.experiments if not e.sweeps and e.primary is node]
        if found and self.rarely(2):
            names = [self.pick(found).token for _ in range(self.number(1, 3))]
            shared = self.pick(["", "", ', zip="pair"'])
            texts = ", ".join(f"@{t}@" for t in dict.fromkeys(names))
            line = f"sizes = @points@({texts}{shared})"
            base = self.pick([node, *(e for e in found if not e.lineage & {*names})])
            self.experiment(node, [base], True, [line])

    def experiment(
        self,
        node: Node,
        bases: list["Node | Experiment"],
        sweeps: bool,
        more: list[str] | None = None,
    ) -> Experiment | None:
        taken = [e.name for e in self.experiments]
        name = self.pick([n for n in EXPERIMENTS if n not in taken])
        folder, token = self.pick(GROUPS), self.token()
        self.room, self.zipped = (MOST_JOBS if sweeps else 1), False
        with self.reading() as reading:
            try:
                lines = self.docstring() + self.body(self.state(reading, node, bases))
            except NoReading:  # bases that don't go together
                return None
        option = self.pick([o for o in EXPERIMENT_OPTIONS if o not in taken])
        keywords = [f'name="{option}"'] if self.rarely(6) and not taken else []
        header = ", ".join([*(f"@{b.token}@" for b in bases), *keywords])
        text = "\n    ".join([f"class {name}({header}):", *([*lines, *(more or [])] or ["pass"])])
        if not self.kept(lambda: self.place(folder, token, name, text), name):
            return None
        above = [b for b in bases if isinstance(b, Experiment)]
        sweeps = any(b.sweeps for b in above) or "@sweep@" in text or bool(more)
        lineage = frozenset({token}.union(*(b.lineage for b in above)))
        found = Experiment(token, name, folder, node, sweeps, lineage)
        self.experiments.append(found)
        return found

    def kept(self, place: Callable[[], None], name: str) -> bool:
        """Put a class into a file, unless it can't be read as drawn."""
        before = copy.deepcopy(self.files)
        try:
            place()
            with self.reading() as reading:
                cls = next(c for c in reading.classes if c.__name__ == name)
                if not group_of(cls):
                    cls()
                elif not is_sound(reading, cls):
                    raise NoReading(f"{name} says something twice")
        except (NoReading, TypeError):  # the latter: Python can't put the bases in one order
            self.files[:] = before
            return False
        return True

    # Configs

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """What has been drawn so far, executed."""
        texts = {s.path: rendered(self.files, s, lambda ways: ways[0]) for s in self.files}
        with written(texts) as folder, read(folder) as reading:
            yield reading

    def state(self, reading: Reading, node: Node, bases: list["Node | Experiment"]) -> object:
        """What a class with these bases inherits."""
        classes = [self.executed(reading, base) for base in bases]
        steps = [steps_of(reading, c) for c in reversed(classes) if group_of(c)]
        return applied(reading, self.executed(reading, node)(), [s for part in steps for s in part])

    def executed(self, reading: Reading, drawn: "Node | Experiment") -> type:
        group = "/".join(drawn.folder[1:])
        found = (c for c in reading.classes if (c.__name__, group_of(c)) == (drawn.name, group))
        return next(found)

    # Bodies

    def body(self, state: object, *, patch_open: bool = True) -> list[str]:
        """Lines for some fields; nodes come up more often, for what is composed is what is hard."""
        self.patch_open = patch_open
        fields = list(vars(state))
        drawn = fields + [name for name in fields if self.types[name].kind] * 2
        names = [self.pick(drawn) for _ in range(self.number(0, 4))] if drawn else []
        texts = {
            name: self.said(self.types[name], vars(state)[name], 0) for name in dict.fromkeys(names)
        }
        return [f"{name} = {text}" for name, text in texts.items() if text]

    def said(self, kind: FieldType, value: object, depth: int) -> str:
        """What is written for a place where something stands already; empty for nothing."""
        if self.can_patch(kind, value) and (depth > 2 or self.rarely(2)):
            if self.room > 1 and self.rarely(4):
                return self.value(lambda: self.patch(kind, value, depth) or "@patch@()")
            return self.patch(kind, value, depth)
        if not kind.kind:
            return self.plain(kind, value)
        if is_rooted(kind):
            return ""
        if kind.kind == "optional" and self.room > 1 and self.rarely(2):
            return self.value(lambda: self.optional(kind))
        drawn = self.node_value(kind, False, min(depth, 1))
        return drawn.text if drawn is not None else ""

    def optional(self, kind: FieldType) -> str:
        found = [] if self.rarely(3) else self.candidates(kind)
        return self.one(kind, found, 1).text if found else "None"

    def can_patch(self, kind: FieldType, value: object) -> bool:
        if kind.kind in ("node", "optional"):
            return is_dataclass(value) or (value == MISSING and self.patch_open)
        if kind.kind == "dict":
            return isinstance(value, dict) and not is_rooted(kind)
        return isinstance(value, dict) and item_type(kind.annotation) in ITEMS

    def patch(self, kind: FieldType, value: object, depth: int) -> str:
        """Some parts of a node or of a dict."""
        texts: dict[str, str] = {}
        names = self.parts(kind, value)
        for name in dict.fromkeys(names):
            if not kind.kind:
                items = ITEMS[item_type(kind.annotation)]
                texts[name] = self.value(lambda items=items: self.pick(items))
            elif kind.kind == "dict":
                inner = FieldType(kind.annotation, (), "node", kind.top)
                old = value.get(name) if isinstance(value, dict) else None
                texts[name] = self.said(inner, old, depth + 1)
            else:
                node = value if is_dataclass(value) else None
                old = getattr(node, name, MISSING)
                texts[name] = self.said(self.types[name], old, depth + 1)
        inner_texts = [f"{name}={text}" for name, text in texts.items() if text]
        return f"@patch@({', '.join(inner_texts)})" if inner_texts else ""

    def parts(self, kind: FieldType, value: object) -> list[str]:
        if isinstance(value, dict):
            names = [k for k in value if isinstance(k, str) and k.isidentifier()] + list(NEW_KEYS)
        elif is_dataclass(value):
            names = list(vars(value))
        else:  # whatever will be chosen has the plain fields of the annotated class; dicts keep keys
            plain = [n for n in (kind.top.fields if kind.top else ()) if not self.types[n].kind]
            names = [n for n in plain if not any(t[0] == "{" for t in self.types[n].values)]
        return [self.pick(names) for _ in range(self.number(1, 2))] if names else []

    def plain(self, kind: FieldType, value: object) -> str:
        """A plain value; a dict keeps the keys that are there, for Hydra can't take them away."""
        texts = [*kind.values, *self.constants.get(kind.annotation, ())]
        old = set(value) if isinstance(value, dict) else set()
        texts = [t for t in texts if not old or (t.startswith("{") and old <= keys_of(t))]
        return self.value(lambda: self.pick(texts)) if texts else ""

    # Sweeps

    def value(self, draw: Callable[[], str]) -> str:
        """A value, or several to sweep."""
        if self.room < 2 or self.rarely(3):
            return draw()
        with self.unswept(True):
            drawn = [draw() for _ in range(self.number(1, 3))]
        texts = list(dict.fromkeys(drawn))
        if len(texts) == 2 and (self.zipped or self.rarely(3)):
            self.room //= 1 if self.zipped else 2
            self.zipped = True
            return f'@sweep@({texts[0]}, {texts[1]}, zip="pair")'
        texts = texts[: self.room]
        self.room //= len(texts)
        return f"@sweep@({', '.join(texts)})"

    def argument(self, kind: FieldType) -> str:
        """A swept dict would have to keep the keys of the default, which isn't known here."""
        with self.unswept(any(t.startswith("{") for t in kind.values)):
            return self.value(lambda: super(ExperimentWriter, self).argument(kind))

    def one(self, kind: FieldType, found: list[Node], depth: int) -> Value:
        drawn = super().one
        is_fixed = kind.kind == "list" or is_rooted(kind)
        if is_fixed or self.room < 2 or not self.rarely(2):
            with self.unswept(is_fixed):
                return drawn(kind, found, depth)
        sizes: list[Value] = []

        def text() -> str:
            sizes.append(drawn(kind, found, depth))
            return sizes[-1].text

        swept = self.value(text)
        return Value(swept, max(v.size for v in sizes), any(v.open_nodes for v in sizes))

    @contextmanager
    def unswept(self, is_unswept: bool) -> Iterator[None]:
        room = self.room
        self.room = 1 if is_unswept else room
        yield
        self.room = room if is_unswept else self.room

    def wrapped(self, value: Value, new: bool, depth: int) -> Value:
        return value if "@sweep@" in value.text else super().wrapped(value, new, depth)


def is_rooted(kind: FieldType) -> bool:
    """Whether a field holds nodes of the root folder, from which nothing can be chosen."""
    return kind.top is not None and kind.top.folder == (ROOT,) and kind.kind != "list"


def item_type(annotation: str) -> str:
    """``int`` of ``dict[str, int]``."""
    outer, _, inner = annotation.partition("[str, ")
    return inner.removesuffix("]") if outer in ("dict", "@Dict@") else ""


def keys_of(text: str) -> set[object]:
    """The keys of a dict as it is written; an enum's member may be a value."""
    return set(ast.literal_eval(MEMBER.sub("None", text)))


@st.composite
def trees_with_experiments(draw: st.DrawFn, *, sweeping: bool = False) -> dict[str, str]:
    """A ``cn/`` tree with experiments in it: paths and texts."""
    return ExperimentWriter(draw, sweeping=sweeping).tree()

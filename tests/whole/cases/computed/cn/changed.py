"""Constants that change before they are used: by another name, in a function, through `global`."""

from cngen import CN

A = [1]
B = A
B.append(2)
C = [1]


def f():
    global D
    D = 5
    C.append(3)


D = 4
f()
E = {"a": 1}


def g():
    E["b"] = 2


g()
F = [9]
G = len(F)


class Changed(CN):
    a: list[int] = A
    c: list[int] = C
    d: int = D
    e: dict[str, int] = E
    f: list[int] = F
    g: int = G

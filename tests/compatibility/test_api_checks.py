"""One small package before and after: what the comparison of code says about kinds of changes we have not made yet."""

from __future__ import annotations

from pathlib import Path

import pytest
from api_tools.comparison import compare
from api_tools.surface import PUBLIC_MODULES
from api_tools.trees import Tree
from distribution.public_names import PUBLIC_MODULES as MODULES_OF_USERS

IMPORTS = """from __future__ import annotations
import contextlib, dataclasses, enum, functools, typing, warnings
import attrs
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, NotRequired, Optional, TypeAlias, TypedDict, Union, overload
"""
TWO_OVERLOADS = """
@overload
def f(a: int) -> int: ...
@overload
def f(a: str) -> str: ...
def f(a: Any) -> Any: ...
"""


def tree(folder: Path, code: str, private: str = "") -> Tree:
    package = folder / "inference_ext"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(IMPORTS + code)
    (package / "_private.py").write_text(IMPORTS + private)
    return Tree([folder], ["inference_ext"])


def rows(folder: Path, old: str, new: str, private: tuple[str, str] = ("", "")) -> list[tuple[str, str, str]]:
    before, now = tree(folder / "old", old, private[0]), tree(folder / "new", new, private[1])
    found = compare(before, now, "inference_ext")
    return [(one.severity, one.place.removeprefix("inference_ext."), one.change) for one in found]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # --- how a function is called and what it gives
        ("def f(a): ...", "def f(a, *, b=1): ...", ("added", "f", "parameter `b` added")),
        ("def f(*, a): ...", "def f(a): ...", None),
        ("def f(a: int): ...", "def f(a: float): ...", ("added", "f", "parameter `a` also takes `float`")),
        ("def f(a: float): ...", "def f(a: int): ...", ("breaking", "f", "parameter `a` no longer takes `float`")),
        (
            "def f(a: list[str]): ...",
            "def f(a: Sequence[str]): ...",
            ("added", "f", "parameter `a` also takes `Sequence[str]`"),
        ),
        ("def f(a: Optional[int]): ...", "def f(a: None | int): ...", None),
        ("def f(a: Union[int, str]): ...", "def f(a: str | int): ...", None),
        ("def f(a: str): ...", "def f(a: Literal['x']): ...", ("breaking", "f", "parameter `a` no longer takes `str`")),
        ("def f(a: int): ...", "def f(a): ...", ("added", "f", "parameter `a` also takes `Any`")),
        ("def f() -> int: ...", "def f() -> Any: ...", ("breaking", "f", "result may now be `Any`")),
        (
            "def f() -> list[int]: ...",
            "def f() -> list[int | None]: ...",
            ("breaking", "f", "result may now be `list[int | None]`"),
        ),
        ("async def f(): ...", "def f(): ...", ("breaking", "f", "is no longer asynchronous")),
        ("def f(): ...", "@warnings.deprecated('')\ndef f(): ...", ("changed", "f", "deprecated")),
        ("def f(): ...", "class f: ...", ("breaking", "f", "kind is class, was function")),
        (
            "class C:\n @classmethod\n def f(cls): ...",
            "class C:\n def f(self): ...",
            ("breaking", "C.f", "is no longer a class method"),
        ),
        # --- overloads
        (
            TWO_OVERLOADS,
            TWO_OVERLOADS.replace("-> str", "-> bytes"),
            ("breaking", "f", "no overload for `(a: str) -> str`"),
        ),
        ("def f(a: Any) -> Any: ...", TWO_OVERLOADS, ("changed", "f", "has 2 overloads, had none")),
        (TWO_OVERLOADS, "def f(a: int | str) -> Any: ...", ("breaking", "f", "no overload for `(a: int) -> int`")),
        # --- attributes
        (
            "class C:\n a: int = 1",
            "class C:\n @property\n def a(self) -> int: ...",
            ("breaking", "C.a", "can no longer be set"),
        ),
        ("class C:\n @property\n def a(self) -> int: ...", "class C:\n a: int = 1", None),
        ("class C:\n a: int = 1", "class C:\n @functools.cached_property\n def a(self) -> int: ...", None),
        ("LIMIT: int = 1", "LIMIT: int = 2", ("changed", "LIMIT", "value 1 -> 2")),
        ("LIMIT: int = 1", "LIMIT: Final[int] = 1", ("breaking", "LIMIT", "can no longer be set")),
        ("LIMIT = 1", "", ("breaking", "LIMIT", "attribute removed")),
        # --- classes and their constructors
        (
            "class C: ...",
            "class C:\n def __init__(self, a): ...",
            ("breaking", "C.__init__", "now takes `a` (required)"),
        ),
        ("class C: ...", "class C:\n def __init__(self, a=1): ...", ("added", "C.__init__", "function added")),
        ("@attrs.define\nclass C:\n a: int", "@attrs.frozen\nclass C:\n a: int", ("breaking", "C", "became frozen")),
        ("class C: ...", "@typing.final\nclass C: ...", ("breaking", "C", "became final")),
        (
            "@attrs.define\nclass C:\n a: int",
            "@attrs.define(kw_only=True)\nclass C:\n a: int",
            ("breaking", "C.__init__", "parameter `a` is keyword-only, was positional or keyword"),
        ),
        (
            "@attrs.define\nclass C:\n a: int = 1",
            "@attrs.define\nclass C:\n a: int = attrs.field(init=False)",
            ("breaking", "C.__init__", "parameter `a` removed"),
        ),
        (
            "@attrs.define\nclass C:\n _a: int = attrs.field(alias='b')",
            "@attrs.define\nclass C:\n _a: int",
            ("breaking", "C.__init__", "parameter `b` removed"),
        ),
        (
            "@attrs.define\nclass C:\n a: list[int] = attrs.field(factory=list)",
            "@attrs.define\nclass C:\n a: list[int] = attrs.field()",
            ("breaking", "C.__init__", "parameter `a` became required"),
        ),
        (
            "@dataclasses.dataclass\nclass C:\n a: int = 1",
            "@dataclasses.dataclass\nclass C:\n a: int",
            ("breaking", "C.__init__", "parameter `a` became required"),
        ),
        ("class C(Exception): ...", "class C(ValueError): ...", None),
        ("class C(ValueError): ...", "class C(Exception): ...", ("breaking", "C", "is no longer a `ValueError`")),
        (
            "class B: ...\nclass C(B): ...",
            "class B: ...\nclass D(B): ...\nclass C(D): ...",
            ("added", "D", "class added"),
        ),
        ("class E(enum.Enum):\n A = 1", "class E(enum.Enum):\n A = 2", ("breaking", "E.A", "value 1 -> 2")),
        # --- typed dictionaries
        (
            "class D(TypedDict):\n a: int",
            "class D(TypedDict, total=False):\n a: int",
            ("breaking", "D", "key `a` may now be missing"),
        ),
        (
            "class D(TypedDict):\n a: int",
            "class D(TypedDict):\n a: int\n b: int",
            ("breaking", "D", "key `b` added (required)"),
        ),
        # --- type aliases
        ("A: TypeAlias = 'int | str'", "A: TypeAlias = int", ("breaking", "A", "it no longer takes `str`")),
        ("A = Literal['x', 'y']", "A = Literal['x']", ("breaking", "A", "it no longer takes `'y'`")),
        ("A: TypeAlias = int", "class A: ...", ("breaking", "A", "kind is class, was attribute")),
    ],
)
def test_a_change_is_told(old: str, new: str, expected: tuple[str, str, str] | None, tmp_path: Path) -> None:
    found = rows(tmp_path, old, new)
    if expected is None:
        assert found == []
    else:
        assert expected in found


def test_what_is_private_is_not_told(tmp_path: Path) -> None:
    old = "__all__ = ['f']\nfrom inference_ext._private import f\ndef g(a): ...\nclass C: ..."
    new = "__all__ = ['f']\nfrom inference_ext._private import f\nclass C:\n def h(self): ..."
    private = ("def f(): ...\ndef _help(a): ...", "def f(): ...\n")
    assert rows(tmp_path, old, new, private) == []


def test_a_name_that_is_no_longer_exported_is_gone_though_it_is_imported(tmp_path: Path) -> None:
    names = "from inference_ext._private import f, g\n__all__ = ['f', 'g']"
    private = "def f(): ...\ndef g(): ..."
    found = rows(tmp_path, names, names.replace(", 'g'", ""), (private, private))
    assert found == [("breaking", "g", "function removed")]


def test_a_public_class_may_move_between_private_modules(tmp_path: Path) -> None:
    old = "from inference_ext._private import C\n__all__ = ['C', 'f']\ndef f(c: C) -> C: ..."
    new = "class C:\n a: int\n__all__ = ['C', 'f']\ndef f(c: C) -> C: ..."
    assert rows(tmp_path, old, new, ("class C:\n a: int", "")) == []


def test_a_private_type_of_a_signature_is_followed(tmp_path: Path) -> None:
    code = "from inference_ext._private import Name, Options\n__all__ = ['f']\ndef f(a: Name, b: Options): ..."
    options = "class Options(TypedDict):\n x: int"
    private = (f"Name = Literal['a', 'b']\n{options}", f"Name = Literal['a']\n{options}\n y: int")
    assert rows(tmp_path, code, code, private) == [
        ("breaking", "_private.Name", "it no longer takes `'b'`"),
        ("breaking", "_private.Options", "key `y` added (required)"),
        ("added", "_private.Options.y", "attribute added"),
    ]


def test_what_callers_only_receive_may_need_more_to_be_made(tmp_path: Path) -> None:
    code = "__all__ = ['f', 'C']\n@attrs.define\nclass C:\n a: int\ndef f() -> C: ..."
    assert rows(tmp_path, code, code.replace(" a: int", " a: int\n b: int")) == [
        ("changed", "C.__init__", "parameter `b` added (required)"),
        ("added", "C.b", "attribute added"),
    ]


def test_a_method_may_move_to_a_base(tmp_path: Path) -> None:
    old = "__all__ = ['C']\nclass _B: ...\nclass C(_B):\n def f(self): ..."
    new = "__all__ = ['C']\nclass _B:\n def f(self): ...\nclass C(_B): ..."
    assert rows(tmp_path, old, new) == []


def test_what_is_public_is_what_users_are_told() -> None:
    under_other_paths = {name for name in PUBLIC_MODULES if name.startswith("inference_ext.http.")}
    assert set(PUBLIC_MODULES) - under_other_paths == set(MODULES_OF_USERS)
    assert {name.rpartition(".")[2] for name in under_other_paths} == {"client", "entities", "errors"}

"""What callers can reach: the public names of a package, and the types their annotations name.

A type that stands in a private module but in the annotation of something public is public as far as its own members
and values go; only its path is nobody's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import griffe

from api_tools.trees import alias_value, target_of
from api_tools.type_expressions import type_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api_tools.trees import Tree

__all__ = ["PACKAGES", "PUBLIC_MODULES", "Surface", "annotations_of", "owner_of"]

PACKAGES = ("inference_api", "inference_ext")

#: Modules of `inference_ext` whose `__all__` is for users. Of `inference_api` all modules are.
PUBLIC_MODULES = (
    "inference_ext",
    "inference_ext.http.client",
    "inference_ext.http.entities",
    "inference_ext.http.errors",
    "inference_ext.local",
    "inference_ext.local.photographs",
    "inference_ext.testing",
)

#: What every object has anyway: without a method of its own, the inherited one answers.
_OF_EVERY_OBJECT = set(dir(object)) - {"__init__", "__eq__"}


class Surface:
    """The public objects of one package.

    Attributes:
        objects: Every public object by the place where callers find it.
        named: The places that are public only because an annotation names them.
        repeated: Further places of what callers find elsewhere; its members are listed there alone.

    """

    def __init__(self, tree: Tree, package: str) -> None:
        self.objects: dict[str, griffe.Object] = {}
        self.named: set[str] = set()
        self.repeated: set[str] = set()
        self._tree = tree
        self._places: dict[str, str] = {}
        for module in _public_modules(tree.packages[package]):
            self._add(module.path, module)
        self._add_named_types(package)

    def public_name(self, path: str) -> str:
        """The place where callers find what is defined at a path; the path itself for everything else."""
        return self._places.get(path, path)

    def _add(self, place: str, found: griffe.Object) -> None:
        if place in self.objects:
            return
        self.objects[place] = found
        if isinstance(found.parent, griffe.Module) or isinstance(found, griffe.Class | griffe.Module):
            if found.canonical_path in self._places:
                self.repeated.add(place)
                return
            self._places[found.canonical_path] = place
        for name, member in _public_members(found):
            self._add(f"{place}.{name}", member)

    def _add_named_types(self, package: str) -> None:
        waiting = list(self.objects.values())
        while waiting:
            known = set(self.objects)
            for path in {
                path for one in waiting for annotation in annotations_of(one) for path in type_names(annotation)
            }:
                found = self._tree.find(path)
                if found is None or found.canonical_path in self._places or found.package.name != package:
                    continue
                if isinstance(found, griffe.Class) or self._tree.alias_value(path) is not None:
                    self.named.add(found.canonical_path)
                    self._add(found.canonical_path, found)
            waiting = [self.objects[place] for place in self.objects.keys() - known]


def annotations_of(found: griffe.Object) -> Iterator[griffe.Expr | str | None]:
    """Every annotation of a function or an attribute, and the value of a type alias."""
    match found:
        case griffe.Function():
            yield found.returns
            yield from (parameter.annotation for parameter in found.parameters)
        case griffe.Attribute():
            yield found.annotation
            yield alias_value(found)
        case _:
            return


def owner_of(place: str) -> str:
    """The place of the class or module that a member is of."""
    return place.rpartition(".")[0]


def _public_modules(package: griffe.Module) -> Iterator[griffe.Module]:
    if package.name == "inference_api":
        yield package
        for name, member in package.members.items():
            if isinstance(member, griffe.Module) and not name.startswith("_"):
                yield member
        return
    for path in PUBLIC_MODULES:
        try:
            found = package[path.split(".")[1:]] if "." in path else package
        except KeyError:
            continue  # it is newer than this release, or gone
        if isinstance(found, griffe.Module):
            yield found


def _public_members(found: griffe.Object) -> Iterator[tuple[str, griffe.Object]]:
    members: dict[str, griffe.Object | griffe.Alias] = {}
    if isinstance(found, griffe.Module):
        exports = found.exports
        if exports is not None:
            members = {name: found.members[name] for one in exports if (name := str(one)) in found.members}
        else:
            members = {
                name: one for name, one in found.members.items() if not one.is_alias and not name.startswith("_")
            }
    elif isinstance(found, griffe.Class):
        members = {name: one for name, one in found.all_members.items() if _is_for_callers(name)}
    for name, member in members.items():
        target = target_of(member)
        if target is None or (isinstance(found, griffe.Class) and _is_special_attribute(name, target)):
            continue
        yield name, target


def _is_for_callers(name: str) -> bool:
    return not name.startswith("_") or (name.endswith("__") and name not in _OF_EVERY_OBJECT)


def _is_special_attribute(name: str, target: griffe.Object) -> bool:
    return name.startswith("__") and not isinstance(target, griffe.Function)

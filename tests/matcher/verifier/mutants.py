"""What one change makes of a module of the verifier, and the loading of it in the place of the module."""

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType, ModuleType

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "matcher" / "verifier"

SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.BitOr: ast.BitAnd,
}
REMOVABLE = (ast.AugAssign, ast.Continue, ast.Expr)


def mutants(path: Path) -> Iterator[tuple[str, ast.Module]]:
    """Yield (description, changed tree) for every mutation of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    seen: Counter[str] = Counter()
    name = path.relative_to(FOLDER).as_posix()
    for position, (owner, node) in enumerate(_nodes(tree)):
        for number, _ in enumerate(changes(node)):
            changed = copy.deepcopy(tree)
            target = list(_nodes(changed))[position][1]
            before = ast.unparse(target)
            replacement = list(changes(target))[number]
            _put(changed, target, replacement)
            text = f"{name} {owner}: {_short(before)} → {_short(ast.unparse(replacement))}"
            seen[text] += 1
            suffix = f" #{seen[text]}" if seen[text] > 1 else ""
            yield text + suffix, ast.fix_missing_locations(changed)


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what a node may be replaced by."""
    if isinstance(node, ast.Compare):
        for index, operator in enumerate(node.ops):
            new = copy.deepcopy(node)
            new.ops[index] = SWAPPED[type(operator)]()  # type: ignore[call-overload]
            yield new
    elif isinstance(node, ast.BinOp | ast.BoolOp) and type(node.op) in SWAPPED:
        swapped = copy.deepcopy(node)
        swapped.op = SWAPPED[type(node.op)]()  # type: ignore[assignment]
        yield swapped
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield copy.deepcopy(node.operand)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
    elif isinstance(node, ast.Name) and node.id in ("min", "max"):
        yield ast.Name("max" if node.id == "min" else "min", ast.Load())
    elif isinstance(node, REMOVABLE):
        yield ast.Pass()


def _nodes(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Yield (function, node) for all nodes outside f-strings, docstrings and annotations."""

    def walk(node: ast.AST, owner: str) -> Iterator[tuple[str, ast.AST]]:
        for field, child in ast.iter_fields(node):
            if field in ("annotation", "returns", "type_comment", "decorator_list"):
                continue
            for item in child if isinstance(child, list) else [child]:
                if not isinstance(item, ast.AST) or isinstance(item, ast.JoinedStr):
                    continue
                if isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant):
                    continue
                inner = item.name if isinstance(item, ast.FunctionDef | ast.ClassDef) else owner
                yield inner, item
                yield from walk(item, inner)

    return walk(tree, "module")


def _put(tree: ast.Module, old: ast.AST, new: ast.AST) -> None:
    for node in ast.walk(tree):
        for field, child in ast.iter_fields(node):
            if child is old:
                setattr(node, field, new)
            elif isinstance(child, list):
                setattr(node, field, [new if item is old else item for item in child])


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 100 else text[:97] + "..."


class Mutant(MetaPathFinder, Loader):
    """Loads one module of the verifier from a changed syntax tree."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self.name, self.path, self.tree = name, path, tree

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        package = self.path.name == "__init__.py"
        return spec_from_loader(fullname, self, origin=str(self.path), is_package=package)

    def exec_module(self, module: ModuleType) -> None:
        if self.path.name == "__init__.py":
            module.__path__ = [str(self.path.parent)]
        exec(self.get_code(), module.__dict__)  # its purpose: run the mutant

    def get_code(self, *_: object) -> CodeType:
        return compile(self.tree, str(self.path), "exec")

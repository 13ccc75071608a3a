"""The house rules of docs and design that no other tool checks, read from the source itself."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

HOUSE = Path(__file__).parents[1]
ROOMS = ("payments", "ledgers", "config", "flows", "desk")
# Who may enter whom: a room with its smaller rooms, each with those whose words it may use. `payments` alone means its
# root words (money, month, parties, ...), `ledgers` its ground (database, errors), `flows` its office.
MAY_ENTER: dict[str, set[str]] = {
    "payments": set(),
    "payments.intake": {"payments"},
    "payments.pain001": {"payments"},
    "payments.bank": {"payments"},
    "payments.matching": {"payments", "payments.bank"},
    "payments.plan": {"payments"},
    "payments.dossier": {"payments", "payments.plan", "payments.intake"},
    "payments.monitoring": {"payments", "payments.plan", "payments.dossier"},
    "config": {"payments", "payments.dossier"},
    "ledgers": {"payments", "ledgers.schema"},
    "ledgers.schema": {"payments", "payments.bank", "payments.matching", "payments.plan", "payments.dossier"},
    "ledgers.journal": {"payments", "ledgers", "ledgers.schema"},
}
LEDGERS = ("schema", "journal", "registers", "dossier", "month", "bank", "cases", "checks", "views")  # bottom to top
for _number, _name in enumerate(LEDGERS[2:], 2):
    _below = {f"ledgers.{below}" for below in LEDGERS[:_number]}
    MAY_ENTER[f"ledgers.{_name}"] = {"ledgers", *_below, *(room for room in MAY_ENTER if room.startswith("payments"))}
_BOOKS = {room for room in MAY_ENTER if room != "config"}
MAY_ENTER |= {
    "flows": {"config", "payments", "ledgers", "ledgers.registers"},
    "flows.delivery": {"payments", "ledgers"},
    "flows.actions": {"flows", "flows.delivery", "config", *_BOOKS},
    "flows.schedules": {"flows", "flows.actions", "config", "payments", "ledgers"},
    "flows.rehearsal": {"config", "ledgers", "payments", "payments.pain001"},
    "desk": set(),
    "desk.words": {"payments", "payments.plan", "payments.dossier"},
    "desk.exports": {"desk.words", *_BOOKS},
    "desk.documents": {"desk.words", "desk.exports", "flows", "flows.actions", "config", *_BOOKS},
    "desk.paper": {"desk.words", "flows", "flows.actions", "flows.delivery", "config", *_BOOKS},
}
_ALL = set(MAY_ENTER) - {"flows.schedules"}
MAY_ENTER["desk.cli"] = {*_ALL, "flows.schedules"}
MAY_ENTER["desk.web"] = _ALL - {"flows.rehearsal"}
ONE_DOOR = {  # a library that one room alone knows, or one module
    "sepaxml": {"payments/pain001/writer.py"},
    "typer": {"desk/cli/"},
    "prefect": {"flows/schedules/"},
    "jinja2": {"desk/documents/html_page.py"},
    "openpyxl": {"payments/intake/workbook.py"},
    "typst": {"desk/paper/typesetting.py"},
    "xlsxwriter": {"desk/exports/"},
}
CLOCK = "flows/office.py"
PASSED_AROUND = {"Connection", "Engine", "IntegrityError", "DBAPIError", "OperationalError", "SQLAlchemyError"}
OPENS_OR_WRITES = ("execute", "exec_driver_sql", "begin", "connect", "commit")
NUMBER_CELLS = ("payments/intake/workbook.py",)  # where a spreadsheet's own numbers become text, before they are money
DATA = ("ledgers/schema/core.py", "ledgers/schema/bank.py", "ledgers/schema/dossier.py")  # one long list each


class Module(NamedTuple):
    """One source file of ours."""

    path: str
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        return self.path.partition("/")[0]

    @property
    def inner_room(self) -> str:
        return ".".join(self.path.split("/")[:-1])


class Import(NamedTuple):
    """One imported module with the name taken from it, if any."""

    line: int
    module: str
    name: str | None


MODULES = [
    Module(str(path.relative_to(HOUSE)), text := path.read_text(encoding="utf-8"), ast.parse(text))
    for room in ROOMS
    for path in sorted((HOUSE / room).rglob("*.py"))
]


def imported(node: ast.AST) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        yield from (Import(node.lineno, alias.name, None) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        module = "." * node.level + (node.module or "")
        yield from (Import(node.lineno, module, alias.name) for alias in node.names)


def imports_of(module: Module) -> Iterator[Import]:
    return (found for node in ast.walk(module.tree) for found in imported(node))


def full_names(found: Import) -> set[str]:
    """`from flows import payment_run` names the module flows.payment_run as well."""
    return {found.module} | ({f"{found.module}.{found.name}"} if found.name else set())


def insist(judge: Callable[[Module], Iterator[tuple[int, str]]]) -> None:
    """Fail with every place that a rule does not allow, one a line."""
    found = [f"{module.path}:{line}: {what}" for module in MODULES for line, what in judge(module)]
    assert not found, "\n".join(["", *found])


def test_the_rooms_are_all_there() -> None:
    """So that no rule below passes because it looked at nothing."""
    assert {module.room for module in MODULES} == set(ROOMS)
    assert len(MODULES) > 50


NAMES = {module.path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): module for module in MODULES}


def ours(module: Module) -> Iterator[tuple[int, Module]]:
    """The modules of ours that a module imports, anywhere in it."""
    for found in imports_of(module):
        target = NAMES.get(f"{found.module}.{found.name}") or NAMES.get(found.module)
        if target is not None:
            yield found.line, target


def test_every_room_has_its_rule_and_its_sentence() -> None:
    """So that a new room cannot stand outside the rules."""
    rooms = {module.inner_room for module in MODULES}
    assert rooms <= set(MAY_ENTER)
    for room in rooms:
        sentence = ast.get_docstring(NAMES[room].tree) or ""
        assert sentence.endswith("."), room
        assert "\n" not in sentence, room


def test_imports_between_the_rooms_point_one_way() -> None:
    def judge(module: Module) -> Iterator[tuple[int, str]]:
        for found in imports_of(module):
            if found.module.startswith("."):
                yield found.line, "imports by dots"
        for line, target in ours(module):
            room, entered = module.inner_room, target.inner_room
            if entered != room and entered not in MAY_ENTER[room]:
                yield line, f"{room} enters {entered} ({target.path})"

    insist(judge)


def door(room: str) -> set[str]:
    """The modules of a room that others may import: its `__all__`."""
    for node in NAMES[room].tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


def test_a_room_is_entered_by_its_door() -> None:
    """What a room keeps to itself can change without a look at the others."""

    def judge(module: Module) -> Iterator[tuple[int, str]]:
        for line, target in ours(module):
            name = Path(target.path).stem
            if target.inner_room != module.inner_room and name != "__init__" and name not in door(target.inner_room):
                yield line, f"enters {target.inner_room} by {name}, which is not in its __all__"
        if module.path.endswith("/__init__.py"):
            for name in door(module.inner_room) - {
                Path(m.path).stem for m in MODULES if m.inner_room == module.inner_room
            }:
                yield 1, f"offers {name}, which is not there"

    insist(judge)


def test_no_files_import_each_other_in_a_circle() -> None:
    """Counted with what a function imports when it is called: such an import hides a circle and does not mend it."""
    below = {module.path: {target.path for _, target in ours(module)} - {module.path} for module in MODULES}
    while leaves := {path for path, targets in below.items() if not targets}:
        below = {path: targets - leaves for path, targets in below.items() if path not in leaves}
    assert below == {}, "in a circle, or above one: " + ", ".join(sorted(below))


@pytest.mark.parametrize("library", ONE_DOOR)
def test_a_library_is_known_in_one_place(library: str) -> None:
    doors = ONE_DOOR[library]
    knowing = modules_with(library)
    assert knowing, library
    assert {path for path in knowing if not any(path.startswith(door) for door in doors)} == set()


def modules_with(library: str) -> set[str]:
    return {m.path for m in MODULES for found in imports_of(m) if found.module.partition(".")[0] == library}


def test_prefect_only_says_when_and_is_loaded_by_nobody_who_does_not_ask_for_it() -> None:
    """The command line and the desk call plain functions; `serve` alone imports the flows, when it is called."""

    def judge(module: Module) -> Iterator[tuple[int, str]]:
        if module.inner_room == "flows.schedules":
            return
        inside = {id(n) for f in ast.walk(module.tree) if isinstance(f, ast.FunctionDef) for n in ast.walk(f)}
        for node in ast.walk(module.tree):
            for found in imported(node):
                if any(name.startswith("flows.schedules") for name in full_names(found)) and id(node) not in inside:
                    yield found.line, f"loads Prefect with {found.module}"

    insist(judge)


def test_sql_is_written_in_the_ledgers_only() -> None:
    """Elsewhere a connection is passed on, and the database's refusals are told; nothing more."""

    def judge(module: Module) -> Iterator[tuple[int, str]]:
        if module.room == "ledgers":
            return
        for found in imports_of(module):
            if found.module.partition(".")[0] == "sqlalchemy" and found.name not in PASSED_AROUND:
                yield found.line, f"imports {found.name or found.module} of SQLAlchemy"
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and node.attr in (
                "execute",
                "exec_driver_sql",
                "begin",
                "connect",
                "commit",
            ):
                yield node.lineno, f"calls .{node.attr} itself"

    insist(judge)


def test_payments_knows_no_database_no_clock_no_file_and_no_network() -> None:
    strangers = {"sqlalchemy", "prefect", "pathlib", "os", "io", "shutil", "tempfile", "socket", "urllib", "http"}
    strangers |= {"time", "random", "uuid", "secrets", "subprocess", "logging", "sqlite3", "psycopg"}
    in_memory = {("io", "StringIO"), ("io", "BytesIO")}
    doors = {"open", "input", "print", "exec", "eval"}

    def judge(module: Module) -> Iterator[tuple[int, str]]:
        if module.room != "payments":
            return
        for found in imports_of(module):
            if found.module.partition(".")[0] in strangers and (found.module, found.name) not in in_memory:
                yield found.line, f"imports {found.module}"
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in doors:
                yield node.lineno, f"calls {node.func.id}()"

    insist(judge)


def test_one_place_looks_at_the_clock() -> None:
    """A moment that is passed on can be tested, and is one and the same in every row of a transaction."""
    clocks = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "func.now"}

    def judge(module: Module) -> Iterator[tuple[int, str]]:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and module.path != CLOCK and ast.unparse(node) in clocks:
                yield node.lineno, f"looks at the clock: {ast.unparse(node)}"

    insist(judge)


def test_html_is_written_in_templates_only() -> None:
    """Where every value is escaped by itself, and nobody has to remember it."""
    markup = re.compile("</|<br|<[a-z]+[ >]")

    def judge(module: Module) -> Iterator[tuple[int, str]]:
        for node in ast.walk(module.tree) if module.room == "desk" else ():
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and markup.search(node.value):
                yield node.lineno, f"markup: {node.value[:40]}"

    insist(judge)


def test_money_never_meets_a_float_or_a_division() -> None:
    """`/` joins paths in flows and desk, and nothing else anywhere."""

    def judge(module: Module) -> Iterator[tuple[int, str]]:
        if module.room == "config":
            return
        paths = path_names(module.tree)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, float) and module.room != "desk":
                yield node.lineno, f"the float {node.value}"
            if isinstance(node, ast.Name) and node.id in ("float", "Decimal") and module.path not in NUMBER_CELLS:
                yield node.lineno, node.id
            if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Div):
                yield node.lineno, "a division"
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and not joins_paths(node, paths):
                yield node.lineno, f"a division: {ast.unparse(node)}"

    insist(judge)


def path_names(tree: ast.Module) -> set[str]:
    """Every name that the module declares to be a Path: arguments, variables and fields."""
    arguments = [(a.arg, a.annotation) for a in ast.walk(tree) if isinstance(a, ast.arg)]
    variables = [(ast.unparse(a.target), a.annotation) for a in ast.walk(tree) if isinstance(a, ast.AnnAssign)]
    annotated = [*arguments, *variables, ("parent", ast.Name("Path"))]
    names = {name for name, kind in annotated if kind is not None and "Path" in ast.unparse(kind).split(" | ")}
    while True:  # what is assigned from a joined path is a path too
        more = {
            target.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp) and joins_paths(node.value, names)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        if more <= names:
            return names
        names |= more


def joins_paths(node: ast.expr, paths: set[str]) -> bool:
    """Whether the leftmost part of a / b / c is a Path, a folder of package data, or a declared name of either."""
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        node = node.left
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in ("Path", "files")
    return (node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")) in paths


def test_modules_and_functions_stay_short_enough_to_read() -> None:
    def judge(module: Module) -> Iterator[tuple[int, str]]:
        lines = module.text.count("\n")
        if lines > 330 and module.path not in DATA:
            yield 1, f"{lines} lines"
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > 70:
                    yield node.lineno, f"{node.name} has {length} lines"

    insist(judge)


def test_whatever_is_public_says_what_it_is() -> None:
    def judge(module: Module) -> Iterator[tuple[int, str]]:
        if not ast.get_docstring(module.tree):
            yield 1, "no docstring"
        yield from undocumented(module.tree.body)

    def undocumented(body: list[ast.stmt]) -> Iterator[tuple[int, str]]:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                public = not node.name.startswith("_") and not overload(node)
                if public and not ast.get_docstring(node) and not stated_by_a_protocol(node):
                    yield node.lineno, f"{node.name} has no docstring"
                if public and isinstance(node, ast.ClassDef):
                    yield from undocumented(node.body)

    def overload(node: ast.stmt) -> bool:
        return any("overload" in ast.unparse(d) for d in getattr(node, "decorator_list", []))

    def stated_by_a_protocol(node: ast.stmt) -> bool:
        return isinstance(node, ast.FunctionDef) and ast.unparse(node.body[-1]) == "..."

    insist(judge)


def test_nothing_is_left_for_later_and_nothing_is_called_utils() -> None:
    assert [module.path for module in MODULES if "util" in Path(module.path).stem or "helper" in module.path] == []
    later = ("TO" + "DO", "FIX" + "ME", "X" * 3)
    assert [
        f"{module.path}:{number}"
        for module in MODULES
        for number, line in enumerate(module.text.splitlines(), start=1)
        if any(word in line for word in later)
    ] == []


def test_the_books_are_changed_by_one_act_in_flows_whatever_the_door() -> None:
    """Who may, in which transaction, and whether the books are sound: asked there, and by the books themselves."""
    doors = {"act", "transaction", "writing", "require", "require_sound", "refuse_bsn"}
    known = {f"{office}.{name}" for office in ("office", "call.office()", "at") for name in ("actor", "now")}

    def judge(module: Module) -> Iterator[tuple[int, str]]:
        if module.room == "ledgers" or module.inner_room == "flows.actions":
            return
        for found in imports_of(module):
            if found.module == "ledgers.database" and found.name == "writing":
                yield found.line, "imports writing"
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and called(node) in doors:
                yield node.lineno, f"calls {called(node)}()"
            # A door that knows who acts, or at what moment, is about to write it down itself.
            if module.room == "desk" and isinstance(node, ast.Attribute) and ast.unparse(node) in known:
                yield node.lineno, f"passes on {ast.unparse(node)}"

    insist(judge)


def called(node: ast.Call) -> str:
    """The last word of what is called: `writing` of `database.writing(...)`."""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")

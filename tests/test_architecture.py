"""The rules of the house that import statements and calls can prove."""

import ast
import dataclasses
import inspect
import re
from collections.abc import Callable, Iterator
from functools import cache, wraps
from pathlib import Path

import streamlit

from pages.parts import controls, declarations, layout, pictures

ROOT = Path(__file__).parents[1]
CORE = sorted((ROOT / "cnnviz_core").rglob("*.py"))
PAGES = sorted((ROOT / "pages").glob("*.py"))
PARTS = sorted((ROOT / "pages" / "parts").rglob("*.py"))
APP = [ROOT / "dashboard.py", *PAGES, *PARTS]

# From the top of the house to the ground: a folder imports from those further right. What stands
# between two signs stands side by side, and does not import from each other.
DIRECTION = (
    "pages > parts/* > parts/live > parts > views "
    "> lessons > snippets, learning, filter_ascent, heatmaps "
    "> inspection, stepping > networks, layers > drawing, runtime > ground"
)
FLOOR = {
    room: floor
    for floor, rooms in enumerate(reversed(DIRECTION.split(" > ")))
    for room in rooms.split(", ")
}

# Rooms that only a few may enter: the views, and who else is named here.
DOORS = {
    "drawing": {"views", "heatmaps"},  # `heatmaps.overlay` is for notebooks, too
    "runtime": {"views", "layers.convolution"},  # which asks whether TensorFlow is still loading
}

MAX_PAGE_LINES = 130

# Where all controls are drawn, from their declarations.
CONTROLS = ROOT / "pages/parts/controls.py"
# What draws texts of a page, beside Streamlit.
OURS = {"controls": controls, "layout": layout, "pictures": pictures}
RECORDS = {name for name, one in vars(declarations).items() if dataclasses.is_dataclass(one)}
# Where boxes that open are drawn: they have a place in the address bar, but are no controls.
LAYOUT = ROOT / "pages/parts/layout.py"

# Widgets without help or without a place in the address bar, and why.
EXCEPTIONS = {
    (
        "pages/parts/inspection/feature_map_controls.py",
        "selectbox",
    ): "the layer slider's other handle",
    ("pages/parts/lesson_bar.py", "button"): "an answer, whose question stands above it",
    ("pages/parts/lesson_bar.py", "number_input"): "an answer, whose question stands above it",
    ("pages/parts/lesson_bar.py", "form_submit_button"): "an answer that is typed beside it",
    ("pages/parts/layers/lenet_controls.py", "tabs"): "the tab that lies on top changes no picture",
}

HEAVY = {"tensorflow", "keras"}
TEXT_KEYWORDS = {"label", "help", "body", "alt", "caption", "placeholder", "title", "text"}
# Two letters in a row are a word, but for the commands of LaTeX.
WORD = re.compile(r"(?<![\\a-z])[^\W\d_]{2}")


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def for_each(paths: list[Path]) -> Callable[[Callable[[Path], None]], Callable[[], None]]:
    """Make a test of one file one test of them all, which names those that fail."""

    def decorate(check: Callable[[Path], None]) -> Callable[[], None]:
        @wraps(check)
        def check_all() -> None:
            failures = []
            for path in paths:
                try:
                    check(path)
                except AssertionError as failure:
                    failures.append(f"{relative(path)}: {failure}")
            assert not failures, "\n".join(failures)

        # pytest asks the wrapped function for its arguments otherwise.
        del check_all.__wrapped__
        return check_all

    return decorate


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def room(path: Path) -> str:
    """Return the room that a file stands in, as `DIRECTION` names it.

    >>> room(ROOT / "cnnviz_core/layers/kernels.py"), room(ROOT / "cnnviz_core/arrays.py")
    ('layers', 'ground')
    >>> room(ROOT / "pages/parts/layers/map_controls.py"), room(ROOT / "dashboard.py")
    ('parts/*', 'pages')
    """
    match path.relative_to(ROOT).parts[:-1]:
        case ("cnnviz_core",):
            return "ground"
        case ("cnnviz_core", name, *_):
            return name
        case ("pages", "parts"):
            return "parts"
        case ("pages", "parts", "live"):
            return "parts/live"
        case ("pages", "parts", *_):
            return "parts/*"
        case _:
            return "pages"


def module(path: Path) -> str:
    """Return `layers.kernels` for `cnnviz_core/layers/kernels.py`."""
    return ".".join(path.relative_to(ROOT / "cnnviz_core").with_suffix("").parts)


@cache
def file_of(name: str) -> Path | None:
    """Return the file of ours that a full name is in, or is; None for the libraries' names."""
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        stem = ROOT.joinpath(*parts[:count])
        for path in (stem.with_suffix(".py"), stem / "__init__.py"):
            if path.is_file():
                return path
    return None


def imported(node: ast.AST) -> Iterator[str]:
    """Full names of all that is imported anywhere in a tree."""
    for child in ast.walk(node):
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, "imports are absolute"
            yield from (f"{child.module}.{alias.name}" for alias in child.names)


def ours(path: Path) -> Iterator[tuple[str, Path]]:
    """Full names of all of ours that a file imports, and the files that they are in."""
    for name in imported(tree(path)):
        if (found := file_of(name)) is not None:
            yield name, found


def is_function(name: str, path: Path) -> bool:
    """Whether a full name is that of a function defined in a file."""
    defined = (node for node in tree(path).body if isinstance(node, ast.FunctionDef))
    return name.rpartition(".")[2] in {node.name for node in defined}


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Method calls with their names: `slider`, or `controls.slider`, `layout.more` for our own."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            receiver = node.func.value
            home = receiver.id if isinstance(receiver, ast.Name) and receiver.id in OURS else ""
            yield f"{home}.{node.func.attr}".removeprefix("."), node


def keywords_needed(name: str) -> set[str]:
    """What each call of a Streamlit widget must give, as far as that widget takes it."""
    element = getattr(streamlit, name, None)
    if not callable(element) or inspect.isclass(element):
        return set()
    offered = set(inspect.signature(element).parameters)
    bound = {"key", "bind"} if "bind" in offered else set()
    return bound | ({"help"} & offered if offered & {"on_change", "on_click"} else set())


def takes_part(name: str) -> bool:
    """Whether a Streamlit element has a value that the address bar can show."""
    element = getattr(streamlit, name, None)
    return callable(element) and "bind" in keywords_needed(name)


def untranslated(node: ast.AST, mark: str = "_") -> Iterator[str]:
    """Words written out in an expression, but for those inside `_("…")`, or another mark."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == mark:
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and WORD.search(node.value):
        yield node.value
    if isinstance(node, ast.Subscript | ast.Compare):
        return  # a key or a value, not a text
    for child in ast.iter_child_nodes(node):
        yield from untranslated(child, mark)


def outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    """What runs as soon as a module is imported."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield child
            yield from outside_functions(child)


def texts_of(name: str, call: ast.Call) -> list[ast.expr]:
    """What a person reads of a Streamlit element or of our controls; nothing for other calls."""
    home, _, own_name = name.rpartition(".")
    element = getattr(OURS.get(home, streamlit), own_name, None)
    if not callable(element) or name in ("html", "Page") or inspect.isclass(element):
        return []
    first = next(iter(inspect.signature(element).parameters), "")
    return [
        *(call.args[:1] if first in TEXT_KEYWORDS else []),
        *(given.value for given in call.keywords if given.arg in TEXT_KEYWORDS),
    ]


def public_definitions(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.AST]]:
    for child in ast.iter_child_nodes(node):
        kinds = ast.FunctionDef | ast.ClassDef
        if isinstance(child, kinds) and not child.name.startswith("_"):
            yield prefix + child.name, child
            if isinstance(child, ast.ClassDef):
                yield from public_definitions(child, f"{child.name}.")


@cache
def records() -> dict[str, int]:
    """Count the fields of every dataclass of ours, by its full name."""
    return {
        f"{name_of(path)}.{node.name}": sum(isinstance(one, ast.AnnAssign) for one in node.body)
        for path in [*CORE, *APP]
        for node in tree(path).body
        if isinstance(node, ast.ClassDef)
        and any("dataclass" in ast.unparse(one) for one in node.decorator_list)
    }


def name_of(path: Path) -> str:
    """Return the full name of a module of ours.

    >>> name_of(ROOT / "pages/parts/texts.py")
    'pages.parts.texts'
    """
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def known_as(path: Path) -> dict[str, str]:
    """Return the full names of what a file imports and defines, by the names it has there."""
    names = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    own = (node.name for node in tree(path).body if isinstance(node, ast.ClassDef))
    return names | {name: f"{name_of(path)}.{name}" for name in own}


def called(call: ast.Call, names: dict[str, str]) -> str:
    """Return the full name of what is called: `Record(…)`, or `module.Record(…)`."""
    first, dot, rest = ast.unparse(call.func).partition(".")
    return names.get(first, first) + dot + rest


@for_each([*CORE, *APP])
def test_imports_point_down(path: Path) -> None:
    here = room(path)
    wrong = [
        name
        for name, found in ours(path)
        if FLOOR[room(found)] > FLOOR[here]
        or (FLOOR[room(found)] == FLOOR[here] and found.parent != path.parent)
    ]
    assert not wrong, ", ".join(wrong)


@for_each(CORE)
def test_only_some_may_draw_and_only_some_know_threads(path: Path) -> None:
    for closed, allowed in DOORS.items():
        if not {room(path), module(path)} & {closed, *allowed}:
            assert closed not in {room(found) for _, found in ours(path)}


@for_each(CORE)
def test_only_the_views_know_streamlit(path: Path) -> None:
    roots = {name.split(".")[0] for name in imported(tree(path))}
    assert room(path) == "views" or "streamlit" not in roots


@for_each(APP)
def test_pages_take_functions_from_the_views_alone(path: Path) -> None:
    core = [(name, found) for name, found in ours(path) if found in CORE and room(found) != "views"]
    # How a number is written is the same for whoever writes one.
    core = [(name, found) for name, found in core if module(found) != "number_format"]
    modules = [name for name, found in core if name == f"cnnviz_core.{module(found)}"]
    functions = [name for name, found in core if is_function(name, found)]
    assert not modules + functions, ", ".join(modules + functions)


@for_each(APP)
def test_pages_know_no_network_library(path: Path) -> None:
    assert not {name.split(".")[0] for name in imported(tree(path))} & HEAVY


@for_each(CORE)
def test_tensorflow_is_imported_inside_functions(path: Path) -> None:
    names = [name for node in outside_functions(tree(path)) for name in imported(node)]
    assert not {name.split(".")[0] for name in names} & HEAVY


@for_each([*CORE, *APP])
def test_pyplot_is_nowhere(path: Path) -> None:
    # It keeps every figure in one place that all visitors' threads share.
    assert not any("pyplot" in name for name in imported(tree(path)))
    assert not any(
        isinstance(node, ast.Attribute) and node.attr == "pyplot" for node in ast.walk(tree(path))
    )


@for_each([path for path in [*CORE, *APP] if path.read_text().strip()])
def test_every_public_name_has_a_docstring(path: Path) -> None:
    assert ast.get_docstring(tree(path)), "the module"
    bare = [name for name, node in public_definitions(tree(path)) if not ast.get_docstring(node)]
    assert bare == []


@for_each(PAGES)
def test_a_page_fits_on_two_screens(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MAX_PAGE_LINES


@for_each(APP)
def test_every_widget_has_help_and_a_key_that_the_address_bar_shows(path: Path) -> None:
    missing = [
        f"line {call.lineno}: {name} has no {keyword}="
        for name, call in calls(path)
        if (relative(path), name) not in EXCEPTIONS
        for keyword in sorted(keywords_needed(name) - {given.arg for given in call.keywords})
    ]
    assert missing == []


def test_exceptions_are_still_needed() -> None:
    used = {(relative(path), name) for path in APP for name, _ in calls(path)}
    assert set(EXCEPTIONS) <= used


@for_each(APP)
def test_every_text_goes_through_gettext(path: Path) -> None:
    texts = [text for name, call in calls(path) for text in texts_of(name, call)]
    assert [words for text in texts for words in untranslated(text)] == []


@for_each([path for path in APP if path != CONTROLS])
def test_controls_are_declared_and_drawn_by_one_module(path: Path) -> None:
    raw = {name for name, _ in calls(path) if takes_part(name)}
    raw -= {"expander"} if path == LAYOUT else set()
    assert {name for name in raw if (relative(path), name) not in EXCEPTIONS} == set()


def test_where_controls_are_drawn_each_says_its_key_and_its_help() -> None:
    drawn = [(name, call) for name, call in calls(CONTROLS) if takes_part(name)]
    assert len(drawn) > 8
    for name, call in drawn:
        given = {one.arg for one in call.keywords}
        assert {"key", "bind", "help"} <= given, name


@for_each(APP)
def test_what_is_declared_is_marked_for_translation(path: Path) -> None:
    made = [
        (node.func.id, node)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    texts = [
        *(
            given.value
            for name, node in made
            if name in RECORDS
            for given in node.keywords
            if given.arg in TEXT_KEYWORDS
        ),
        *(
            value
            for name, node in made
            if name in RECORDS
            for given in node.keywords
            if given.arg == "options" and isinstance(given.value, ast.Dict)
            for value in given.value.values
        ),
        *(text for name, node in made if name == "Preset" for text in node.args[:2]),
    ]
    assert [words for text in texts for words in untranslated(text, "N_")] == []


@for_each(APP)
def test_texts_are_translated_before_they_are_filled_in(path: Path) -> None:
    filled = [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
        for argument in node.args
        if isinstance(argument, ast.JoinedStr | ast.BinOp)
        or (isinstance(argument, ast.Call) and getattr(argument.func, "attr", "") == "format")
    ]
    assert filled == []


@for_each([*CORE, *APP])
def test_records_of_more_than_five_fields_are_built_by_keyword(path: Path) -> None:
    names = known_as(path)
    wrong = [
        f"line {node.lineno}: {name}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and node.args
        if records().get(name := called(node, names), 0) > 5
    ]
    assert not wrong, ", ".join(wrong)

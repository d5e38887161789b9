"""The rules of the house that import statements and calls can prove."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from functools import cache, wraps
from pathlib import Path

import streamlit

from pages.parts import controls

ROOT = Path(__file__).parents[1]
CORE = sorted((ROOT / "cnnviz_core").rglob("*.py"))
PAGES = sorted((ROOT / "pages").glob("*.py"))
PARTS = sorted((ROOT / "pages" / "parts").rglob("*.py"))
APP = [ROOT / "dashboard.py", *PAGES, *PARTS]

# The modules of the core, from the bottom up: each imports only from the lines below it in the
# house, which are above it here. What draws stands over what computes, so no operation draws.
LEVELS = (
    "arrays heatmaps.progress networks.graph_nodes runtime.malloc layers.activation_facts "
    "sample_facts references drawing.figure_style number_format drawing runtime layers inspection",
    "runtime.warm_up layers.windows layers.named_kernels runtime.scheduler runtime.result_store "
    "layers.typed_grids drawing.montage",
    "filter_ascent.objectives filter_ascent.parameterization filter_ascent.transforms "
    "filter_ascent.precision runtime.jobs",
    "images layers.kernels layers.convolution layers.pooling layers.activation",
    "layers.specs strips layers.stepping layers.formulas layers.window_sums "
    "layers.activation_curves",
    "layers.article layers.step_setup",
    "layers.pipeline",
    "networks.network networks.torch_pickle networks.imagenet networks.model_config",
    "networks.preprocessing networks.download networks.model_cache networks.flattening",
    "networks.fingerprint",
    "networks.graph",
    "networks.efficientnet_lite0 networks.vgg16_edges networks.keras_applications networks.lenet "
    "networks.uploaded",
    "networks",
    "filter_ascent.trunk filter_ascent.settings",
    "filter_ascent.scores",
    "filter_ascent.step",
    "filter_ascent.ascent filter_ascent.formulas",
    "filter_ascent.batches",
    "inspection.feature_maps inspection.predictions inspection.receptive_fields "
    "inspection.main_layers inspection.layer_roles inspection.target_layers "
    "inspection.pooled_classifier heatmaps.records",
    "inspection.architecture inspection.partial_runs inspection.field_growth "
    "heatmaps.class_scores heatmaps.baselines",
    "inspection.effective_fields heatmaps.holes",
    "heatmaps.pixel_attribution heatmaps.occlusion heatmaps.faithfulness heatmaps.sanity_checks "
    "heatmaps.map_similarity heatmaps.split_network filter_ascent.patches "
    "heatmaps.network_baselines inspection.prediction_changes heatmaps.random_heat "
    "heatmaps.manual_occlusion inspection.voter_kernels",
    "heatmaps.class_gradients heatmaps.deleted_pictures heatmaps.chance_curves",
    "heatmaps.class_activation heatmaps.channel_scoring heatmaps.votes",
    "heatmaps.methods heatmaps.vote_sum",
    "drawing.rendering drawing.encoding drawing.curves drawing.outlines",
    "layers.step_layout drawing.stages drawing.maps drawing.layer_lines "
    "inspection.architecture_drawing drawing.histograms drawing.ascents drawing.kernels "
    "heatmaps.maps drawing.share_lines",
    "layers.step_style heatmaps.states heatmaps.overlays heatmaps.formulas",
    "layers.step_drawing heatmaps.heat_similarity",
    "heatmaps",
    "filter_ascent",
    "views",
)
LEVEL = {name: number for number, names in enumerate(LEVELS) for name in names.split()}

MAX_PAGE_LINES = 130

# Widgets without help or without a place in the address bar, and why.
EXCEPTIONS = {
    (
        "pages/parts/inspection/feature_map_controls.py",
        "selectbox",
    ): "the layer slider's other handle",
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


def module_name(path: Path) -> str:
    """`networks.graph` for `cnnviz_core/networks/graph.py`, `networks` for its `__init__.py`.

    A view is part of the views.
    """
    parts = path.relative_to(ROOT / "cnnviz_core").with_suffix("").parts
    if parts[0] == "views":
        return "views"
    return ".".join(part for part in parts if not part.startswith("_"))


def imported(node: ast.AST) -> Iterator[str]:
    """Full names of all that is imported anywhere in a tree."""
    for child in ast.walk(node):
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, "imports are absolute"
            yield from (f"{child.module}.{alias.name}" for alias in child.names)


def core_modules(node: ast.AST) -> set[str]:
    """The modules of the core that a tree imports, or imports something of."""
    names = (name.split(".")[1:] for name in imported(node) if name.startswith("cnnviz_core"))
    found = set()
    for parts in names:
        prefixes = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
        found.add(next((prefix for prefix in prefixes if prefix in LEVEL), ".".join(parts)))
    return found


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Method calls with their names: `slider`, or `controls.slider` for our own."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            receiver = node.func.value
            ours = isinstance(receiver, ast.Name) and receiver.id == "controls"
            yield f"controls.{node.func.attr}" if ours else node.func.attr, node


def keywords_needed(name: str) -> set[str]:
    """What each call of a Streamlit widget must give, as far as that widget takes it."""
    element = getattr(streamlit, name, None)
    if not callable(element) or inspect.isclass(element):
        return set()
    offered = set(inspect.signature(element).parameters)
    bound = {"key", "bind"} if "bind" in offered else set()
    return bound | ({"help"} & offered if offered & {"on_change", "on_click"} else set())


def untranslated(node: ast.AST) -> Iterator[str]:
    """Words written out in an expression, but for those inside `_("…")`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and WORD.search(node.value):
        yield node.value
    if isinstance(node, ast.Subscript | ast.Compare):
        return  # a key or a value, not a text
    for child in ast.iter_child_nodes(node):
        yield from untranslated(child)


def outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    """What runs as soon as a module is imported."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield child
            yield from outside_functions(child)


def texts_of(name: str, call: ast.Call) -> list[ast.expr]:
    """What a person reads of a Streamlit element or of our controls; nothing for other calls."""
    home, _, own_name = name.rpartition(".")
    element = getattr(controls if home else streamlit, own_name, None)
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


def test_every_module_of_the_core_has_one_level() -> None:
    modules = {module_name(path) for path in CORE} - {""}
    assert sorted(modules) == sorted(name for names in LEVELS for name in names.split())


@for_each(CORE)
def test_imports_point_down(path: Path) -> None:
    name = module_name(path)
    others = core_modules(tree(path)) - {name}
    assert {other for other in others if LEVEL[other] >= LEVEL.get(name, 0)} == set()


@for_each(CORE)
def test_the_core_does_not_know_streamlit_or_the_pages(path: Path) -> None:
    allowed = {"streamlit"} if module_name(path) == "views" else set()
    roots = {name.split(".")[0] for name in imported(tree(path))}
    assert not roots & {"streamlit", "pages", "dashboard"} - allowed


def test_operations_do_not_draw() -> None:
    drawing = {
        "drawing.rendering",
        "drawing.montage",
        "drawing.curves",
        "drawing.outlines",
        "views",
    }
    for path in CORE:
        if LEVEL.get(module_name(path), 0) < LEVEL["drawing.rendering"]:
            assert not core_modules(tree(path)) & drawing, relative(path)


def test_rendering_knows_arrays_only() -> None:
    assert core_modules(tree(ROOT / "cnnviz_core/drawing/rendering.py")) == {
        "arrays",
        "drawing.montage",
    }
    assert core_modules(tree(ROOT / "cnnviz_core/drawing/montage.py")) == {"arrays"}


@for_each(APP)
def test_pages_know_the_views_of_the_core_only(path: Path) -> None:
    names = set(imported(tree(path)))
    assert not {name.split(".")[0] for name in names} & HEAVY


@for_each([*PARTS, *CORE])
def test_no_part_imports_a_page(path: Path) -> None:
    pages = [name for name in imported(tree(path)) if name.split(".")[0] == "pages"]
    assert all(name.startswith("pages.parts") for name in pages)


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

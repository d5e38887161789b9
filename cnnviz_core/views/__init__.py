"""The cached face of the core: all that pages call, and the only place that knows Streamlit.

Each function takes a `Picture` and plain arguments, and gives what a page shows. Results are
shared between all visitors: caches are bounded, and their arrays must not be written to.
Caches are keyed on a picture's key, never on its pixels.
"""

from cnnviz_core.arrays import FloatArray
from cnnviz_core.drawing.curves import MAX_SERIES
from cnnviz_core.drawing.encoding import data_url
from cnnviz_core.drawing.rendering import PICTURE_SCALE, Rendered, Scale, cell_colors, gradients
from cnnviz_core.filter_ascent.ascent import AscentSettings
from cnnviz_core.filter_ascent.formulas import AscentTarget
from cnnviz_core.heatmaps.baselines import FILLS, Fill
from cnnviz_core.heatmaps.chance_curves import Verdict
from cnnviz_core.heatmaps.faithfulness import Drop
from cnnviz_core.heatmaps.formulas import shown_formula
from cnnviz_core.heatmaps.heat_similarity import HeatSimilarity
from cnnviz_core.heatmaps.holes import HoleFill
from cnnviz_core.heatmaps.manual_occlusion import TriedPlaces
from cnnviz_core.heatmaps.maps import EVIDENCES, METHODS, OVERLAY_COLORS, Evidence, OverlayColors
from cnnviz_core.heatmaps.network_baselines import gray_input, zero_color
from cnnviz_core.heatmaps.states import INTEGRATED_STEPS, Completeness
from cnnviz_core.heatmaps.vote_sum import parse_channels
from cnnviz_core.inspection.architecture import LayerRow
from cnnviz_core.inspection.architecture_drawing import BlockKind
from cnnviz_core.inspection.feature_maps import CHANNEL_ORDERS, ChannelOrder
from cnnviz_core.inspection.layer_roles import LayerOperation, LayerRole, layer_role
from cnnviz_core.inspection.main_layers import main_layers
from cnnviz_core.inspection.prediction_changes import Change
from cnnviz_core.inspection.predictions import CAT_CLASSES, DOG_CLASSES, CatOrDog, Prediction
from cnnviz_core.layers.activation import (
    ACTIVATIONS,
    ActivationInfo,
    ActivationName,
    activation_names,
)
from cnnviz_core.layers.article import FIGURES
from cnnviz_core.layers.formulas import percentage_formula, pooling_formula
from cnnviz_core.layers.kernels import (
    DIRECTIONAL,
    MAX_SIZE,
    ColorTreatment,
    EditedKernel,
    KernelChoice,
    KernelName,
    NamedKernel,
    RandomKernels,
    kernel_names,
    kernel_sizes,
    named_kernel,
)
from cnnviz_core.layers.pipeline import HeadLayer
from cnnviz_core.layers.pooling import PoolMode, PoolPadding
from cnnviz_core.layers.specs import Activation, Convolution, Layer, Pooling
from cnnviz_core.layers.step_setup import ConvolutionSetup, PoolingSetup, StepSetup
from cnnviz_core.layers.step_style import Theme
from cnnviz_core.layers.stepping import Operation
from cnnviz_core.layers.typed_grids import format_grid, parse_grid
from cnnviz_core.layers.windows import Padding
from cnnviz_core.networks import LayerInfo, Network, NetworkInfo
from cnnviz_core.number_format import short_number, short_tex
from cnnviz_core.references import REFERENCES, Reference
from cnnviz_core.runtime import warm_up as warming
from cnnviz_core.runtime.jobs import (
    Job,
    give_up,
    is_finished,
    latest,
    num_others,
    take_ticket,
    work_on,
)
from cnnviz_core.runtime.scheduler import Ticket, Urgency
from cnnviz_core.views.activation import (
    ActivationView,
    activated,
    activation_curves,
    activation_histogram,
)
from cnnviz_core.views.architecture import (
    ArchitectureView,
    EffectiveFieldView,
    FieldView,
    drawn_network,
    effective_field,
    network_architecture,
    receptive_field,
)
from cnnviz_core.views.ascent import (
    ASCENT_SIZES,
    AscentTile,
    AscentView,
    StepFormulas,
    ascent_animation,
    ascent_layers,
    ascent_sheet,
    ascent_size,
    ascent_sizes,
    ascent_view,
    class_layer,
    preview_question,
    random_channels,
    step_formulas,
)
from cnnviz_core.views.ascent_jobs import AscentJob, ascent_job, is_answered
from cnnviz_core.views.ascent_patches import (
    AnswerBar,
    Comparison,
    ComparisonJob,
    FilterAnswers,
    ShownPatch,
    comparison,
    excited_channels,
)
from cnnviz_core.views.ascent_questions import AscentQuestion, AscentState, article_question
from cnnviz_core.views.ascent_watches import (
    AscentStanding,
    AscentWatch,
    ascent_standing,
    climb_on,
    look_away,
    watch_ascent,
)
from cnnviz_core.views.classes import ranked_classes
from cnnviz_core.views.convolution import (
    ConvolutionPlace,
    ConvolutionView,
    convolution_place,
    convolved,
    num_filters,
)
from cnnviz_core.views.faithfulness import (
    NUM_RANDOM,
    AreaVerdict,
    AverageDrop,
    DeletedView,
    HeatCurves,
    average_drop,
    average_drop_job,
    deleted,
    heat_curves,
    heat_curves_figure,
    is_blank,
    quick_methods,
    single_drop,
)
from cnnviz_core.views.feature_maps import (
    ChannelScale,
    LayerView,
    StrongestMaps,
    layer_measures,
    layer_view,
    measures_figure,
    num_tiles,
    through_the_network,
)
from cnnviz_core.views.heat_cascades import (
    CASCADE_SEEDS,
    cascade_figure,
    cascade_job,
    has_cascade,
)
from cnnviz_core.views.heat_jobs import (
    HeatJob,
    HeatQuestion,
    depths,
    explained_layers,
    forgetting_layers,
    heat_job,
    offered_methods,
)
from cnnviz_core.views.heatmaps import (
    HeatFacts,
    HeatLook,
    HeatTile,
    heat_end,
    heat_facts,
    heat_similarity,
    heat_tile,
    heat_view,
)
from cnnviz_core.views.home import GalleryFigure, first_layers, gallery
from cnnviz_core.views.kernels import (
    KernelDisplay,
    KernelsView,
    kernel_displays,
    kernels_of,
    layer_kernels,
    layers_with_kernels,
    weights_histogram,
)
from cnnviz_core.views.lenet import LenetStage, LenetView, lenet
from cnnviz_core.views.maps import (
    Brightest,
    ColorRange,
    Display,
    ScaleSharing,
    SizeOnScreen,
    num_channels,
)
from cnnviz_core.views.networks import (
    all_layers,
    available_networks,
    load_network,
    uploaded_network,
)
from cnnviz_core.views.occlusion import (
    CoveredView,
    FallMap,
    Patch,
    covered,
    fill_background,
    nothing_tried,
    patch_on,
    sliding_job,
    sliding_map,
    stride_of,
    tried_map,
    with_place,
)
from cnnviz_core.views.pooling import PoolingView, pooled
from cnnviz_core.views.predictions import (
    PredictionsView,
    WeighedValues,
    is_untrained,
    num_classes,
    positive_histogram,
    predicted,
    probabilities_histogram,
    weighed_values,
)
from cnnviz_core.views.sharing import (
    Picture,
    is_strip,
    original,
    part,
    sample_names,
    sample_picture,
    sample_title,
    thumbnail,
    uploaded_picture,
)
from cnnviz_core.views.stepping import (
    MAX_ANIMATED_STOPS,
    StopPicture,
    StopsView,
    animated_stops,
    stop_picture,
    stops,
)
from cnnviz_core.views.thumbnails import (
    Thumbnail,
    Thumbnails,
    filter_thumbnails,
    layer_thumbnails,
    network_thumbnails,
)
from cnnviz_core.views.votes import (
    VoteBar,
    VoteCounts,
    VoterDisplay,
    VotersView,
    VoterView,
    VoteSide,
    VotesView,
    strongest_channels,
    vote_counts,
    vote_view,
    voter_views,
)

__all__ = [
    "ACTIVATIONS",
    "ASCENT_SIZES",
    "CASCADE_SEEDS",
    "CAT_CLASSES",
    "CHANNEL_ORDERS",
    "DIRECTIONAL",
    "DOG_CLASSES",
    "EVIDENCES",
    "FIGURES",
    "FILLS",
    "INTEGRATED_STEPS",
    "MAX_ANIMATED_STOPS",
    "MAX_SERIES",
    "MAX_SIZE",
    "METHODS",
    "NUM_RANDOM",
    "OVERLAY_COLORS",
    "PICTURE_SCALE",
    "REFERENCES",
    "Activation",
    "ActivationInfo",
    "ActivationName",
    "ActivationView",
    "AnswerBar",
    "ArchitectureView",
    "AreaVerdict",
    "AscentJob",
    "AscentQuestion",
    "AscentSettings",
    "AscentStanding",
    "AscentState",
    "AscentTarget",
    "AscentTile",
    "AscentView",
    "AscentWatch",
    "AverageDrop",
    "BlockKind",
    "Brightest",
    "CatOrDog",
    "Change",
    "ChannelOrder",
    "ChannelScale",
    "ColorRange",
    "ColorTreatment",
    "Comparison",
    "ComparisonJob",
    "Completeness",
    "Convolution",
    "ConvolutionPlace",
    "ConvolutionSetup",
    "ConvolutionView",
    "CoveredView",
    "DeletedView",
    "Display",
    "Drop",
    "EditedKernel",
    "EffectiveFieldView",
    "Evidence",
    "FallMap",
    "FieldView",
    "Fill",
    "FilterAnswers",
    "FloatArray",
    "GalleryFigure",
    "HeadLayer",
    "HeatCurves",
    "HeatFacts",
    "HeatJob",
    "HeatLook",
    "HeatQuestion",
    "HeatSimilarity",
    "HeatTile",
    "HoleFill",
    "Job",
    "KernelChoice",
    "KernelDisplay",
    "KernelName",
    "KernelsView",
    "Layer",
    "LayerInfo",
    "LayerOperation",
    "LayerRole",
    "LayerRow",
    "LayerView",
    "LenetStage",
    "LenetView",
    "NamedKernel",
    "Network",
    "NetworkInfo",
    "Operation",
    "OverlayColors",
    "Padding",
    "Patch",
    "Picture",
    "PoolMode",
    "PoolPadding",
    "Pooling",
    "PoolingSetup",
    "PoolingView",
    "Prediction",
    "PredictionsView",
    "RandomKernels",
    "Reference",
    "Rendered",
    "Scale",
    "ScaleSharing",
    "ShownPatch",
    "SizeOnScreen",
    "StepFormulas",
    "StepSetup",
    "StopPicture",
    "StopsView",
    "StrongestMaps",
    "Theme",
    "Thumbnail",
    "Thumbnails",
    "Ticket",
    "TriedPlaces",
    "Urgency",
    "Verdict",
    "VoteBar",
    "VoteCounts",
    "VoteSide",
    "VoterDisplay",
    "VoterView",
    "VotersView",
    "VotesView",
    "WeighedValues",
    "activated",
    "activation_curves",
    "activation_histogram",
    "activation_names",
    "all_layers",
    "animated_stops",
    "article_question",
    "ascent_animation",
    "ascent_job",
    "ascent_layers",
    "ascent_sheet",
    "ascent_size",
    "ascent_sizes",
    "ascent_standing",
    "ascent_view",
    "available_networks",
    "average_drop",
    "average_drop_job",
    "cascade_figure",
    "cascade_job",
    "cell_colors",
    "class_layer",
    "climb_on",
    "comparison",
    "convolution_place",
    "convolved",
    "covered",
    "data_url",
    "deleted",
    "depths",
    "drawn_network",
    "effective_field",
    "excited_channels",
    "explained_layers",
    "fill_background",
    "filter_thumbnails",
    "first_layers",
    "forgetting_layers",
    "format_grid",
    "gallery",
    "give_up",
    "gradients",
    "gray_input",
    "has_cascade",
    "heat_curves",
    "heat_curves_figure",
    "heat_end",
    "heat_facts",
    "heat_job",
    "heat_similarity",
    "heat_tile",
    "heat_view",
    "is_answered",
    "is_blank",
    "is_finished",
    "is_strip",
    "is_untrained",
    "is_warming_up",
    "kernel_displays",
    "kernel_names",
    "kernel_sizes",
    "kernels_of",
    "latest",
    "layer_kernels",
    "layer_measures",
    "layer_role",
    "layer_thumbnails",
    "layer_view",
    "layers_with_kernels",
    "lenet",
    "load_network",
    "look_away",
    "main_layers",
    "measures_figure",
    "named_kernel",
    "network_architecture",
    "network_thumbnails",
    "nothing_tried",
    "num_channels",
    "num_classes",
    "num_filters",
    "num_others",
    "num_tiles",
    "offered_methods",
    "original",
    "parse_channels",
    "parse_grid",
    "part",
    "patch_on",
    "percentage_formula",
    "pooled",
    "pooling_formula",
    "positive_histogram",
    "predicted",
    "preview_question",
    "probabilities_histogram",
    "quick_methods",
    "random_channels",
    "ranked_classes",
    "receptive_field",
    "sample_names",
    "sample_picture",
    "sample_title",
    "short_number",
    "short_tex",
    "shown_formula",
    "single_drop",
    "sliding_job",
    "sliding_map",
    "step_formulas",
    "stop_picture",
    "stops",
    "stride_of",
    "strongest_channels",
    "take_ticket",
    "through_the_network",
    "thumbnail",
    "tried_map",
    "uploaded_network",
    "uploaded_picture",
    "vote_counts",
    "vote_view",
    "voter_views",
    "warm_up",
    "watch_ascent",
    "weighed_values",
    "weights_histogram",
    "with_place",
    "work_on",
    "zero_color",
]


def warm_up() -> None:
    """Begin to load TensorFlow in the background, unless that has been done."""
    warming.start()


def is_warming_up() -> bool:
    """Whether TensorFlow is not there yet."""
    return warming.in_progress()

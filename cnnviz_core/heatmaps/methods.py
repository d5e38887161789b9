"""The methods that find a network's evidence for a class, in one table."""

from dataclasses import dataclass
from typing import Literal

from cnnviz_core.heatmaps import class_activation, method_runs, occlusion, pixel_attribution
from cnnviz_core.heatmaps.method_runs import Run
from cnnviz_core.inspection.layer_roles import pooled_classifier, target_layers
from cnnviz_core.networks.network import Network

MethodKind = Literal["class activation", "pixel attribution"]
Cost = Literal["one pass", "many passes"]

# Of integrated gradients. Of a class alone, the first few steps nearly add up; what tells two
# classes apart takes more.
INTEGRATED_STEPS = (32, 64, 128, 256)


@dataclass(frozen=True, slots=True)
class Method:
    """What there is to know of a method.

    Attributes
    ----------
    title : str
    paper : str
        Authors and year.
    definitions : tuple of str
        LaTeX, the map M first and then what it is made of. They define what is computed, down to
        what is left out of the paper, so that a program can evaluate them as they stand. A is the
        activations of a layer with channels k at positions ij, x the network's input with channels
        c, y the score, n the number of parts of the work.
    kind : "class activation" or "pixel attribution"
        Weighs the maps of a layer, or gives each pixel of the picture its share.
    cost : "one pass" or "many passes"
        Of the network, forward and back, or of its end. Many come in parts.
    run : callable
        From the question to a map, or to better and better ones. Leaving the iterator stops the
        work; a `ValueError` comes with the first map.
    """

    title: str
    paper: str
    definitions: tuple[str, ...]
    kind: MethodKind
    cost: Cost
    run: Run


_OF_CHANNELS = r"M_{ij} = \sum_k w_k A^k_{ij}"
_OF_SCORED_CHANNELS = r"M_{ij} = \sum_{k \in K} w_k A^k_{ij}"
_OF_THE_LAYER = r"g^k_{ij} = \frac{\partial y}{\partial A^k_{ij}}"


METHODS: dict[str, Method] = {
    "grad-cam": Method(
        title="Grad-CAM",
        paper="Selvaraju et al., 2017",
        definitions=(
            _OF_CHANNELS,
            r"w_k = \frac{1}{Z} \sum_{ij} g^k_{ij}",
            _OF_THE_LAYER,
        ),
        kind="class activation",
        cost="one pass",
        run=method_runs.weighing("grad-cam", class_activation.grad_cam),
    ),
    "grad-cam++": Method(
        title="Grad-CAM++",
        paper="Chattopadhay et al., 2018",
        definitions=(
            _OF_CHANNELS,
            r"w_k = \sum_{ij} \alpha^k_{ij} \, \mathrm{ReLU}(g^k_{ij})",
            r"\alpha^k_{ij} = \frac{1}{2 + g^k_{ij} \sum_{ab} A^k_{ab}}",
            _OF_THE_LAYER,
        ),
        kind="class activation",
        cost="one pass",
        run=method_runs.weighing("grad-cam++", class_activation.grad_cam_plus_plus),
    ),
    "xgrad-cam": Method(
        title="XGrad-CAM",
        paper="Fu et al., 2020",
        definitions=(
            _OF_CHANNELS,
            r"w_k = \sum_{ij} \frac{A^k_{ij}}{\sum_{ab} A^k_{ab}} \, g^k_{ij}",
            _OF_THE_LAYER,
        ),
        kind="class activation",
        cost="one pass",
        run=method_runs.weighing("xgrad-cam", class_activation.xgrad_cam),
    ),
    "layer-cam": Method(
        title="LayerCAM",
        paper="Jiang et al., 2021",
        definitions=(
            r"M_{ij} = \sum_k \mathrm{ReLU}(g^k_{ij}) \, A^k_{ij}",
            _OF_THE_LAYER,
        ),
        kind="class activation",
        cost="one pass",
        run=method_runs.weighing("layer-cam", class_activation.layer_cam),
    ),
    "hires-cam": Method(
        title="HiResCAM",
        paper="Draelos and Carin, 2020",
        definitions=(
            r"M_{ij} = \sum_k g^k_{ij} \, A^k_{ij}",
            _OF_THE_LAYER,
        ),
        kind="class activation",
        cost="one pass",
        run=method_runs.weighing("hires-cam", class_activation.hires_cam),
    ),
    "eigen-cam": Method(
        title="Eigen-CAM",
        paper="Muhammad and Yeasin, 2020",
        definitions=(r"M_{ij} = \sum_k v_k A^k_{ij}",),
        kind="class activation",
        cost="one pass",
        run=method_runs.eigen_cam,
    ),
    "cam": Method(
        title="CAM",
        paper="Zhou et al., 2016",
        definitions=(
            _OF_CHANNELS,
            r"y = b + \sum_k w_k \frac{1}{Z} \sum_{ij} A^k_{ij}",
        ),
        kind="class activation",
        cost="one pass",
        run=method_runs.cam,
    ),
    "score-cam": Method(
        title="Score-CAM",
        paper="Wang et al., 2020",
        definitions=(
            _OF_SCORED_CHANNELS,
            r"w_k = \frac{e^{y_k}}{\sum_{l \in K} e^{y_l}}",
            r"y_k = y\big(x \circ s(A^k)\big)",
        ),
        kind="class activation",
        cost="many passes",
        run=method_runs.score_cam,
    ),
    "ablation-cam": Method(
        title="Ablation-CAM",
        paper="Desai and Ramaswamy, 2020",
        definitions=(
            _OF_SCORED_CHANNELS,
            r"w_k = y - y_k",
        ),
        kind="class activation",
        cost="many passes",
        run=method_runs.ablation_cam,
    ),
    "saliency": Method(
        title="Saliency",
        paper="Simonyan, Vedaldi and Zisserman, 2013",
        definitions=(r"M_{ij} = \max_c \Big| \frac{\partial y}{\partial x_{ijc}} \Big|",),
        kind="pixel attribution",
        cost="one pass",
        run=method_runs.attributing("saliency", pixel_attribution.saliency),
    ),
    "gradient-times-input": Method(
        title="Gradient × input",
        paper="Shrikumar et al., 2016",
        definitions=(r"M_{ij} = \sum_c x_{ijc} \frac{\partial y}{\partial x_{ijc}}",),
        kind="pixel attribution",
        cost="one pass",
        run=method_runs.attributing("gradient-times-input", pixel_attribution.gradient_times_input),
    ),
    "smoothgrad": Method(
        title="SmoothGrad",
        paper="Smilkov et al., 2017",
        definitions=(
            r"M_{ij} = \max_c \Big| \frac{1}{n} \sum_{s=1}^{n} "
            r"\frac{\partial y}{\partial x_{ijc}}(x + \varepsilon_s) \Big|",
        ),
        kind="pixel attribution",
        cost="many passes",
        run=method_runs.growing("smoothgrad", pixel_attribution.smoothgrad_states),
    ),
    "integrated-gradients": Method(
        title="Integrated gradients",
        paper="Sundararajan, Taly and Yan, 2017",
        definitions=(
            r"M_{ij} = \sum_c (x_{ijc} - x'_{ijc}) \frac{1}{n} \sum_{s=1}^{n} "
            r"\frac{\partial y}{\partial x_{ijc}}\big(x' + t_s \, (x - x')\big)",
            r"t_s = \frac{2s - 1}{2n}",
        ),
        kind="pixel attribution",
        cost="many passes",
        run=method_runs.integrated_gradients,
    ),
    "occlusion": Method(
        title="Occlusion",
        paper="Zeiler and Fergus, 2014",
        definitions=(
            r"M_{ij} = \frac{\sum_{p=1}^{n} c^p_{ij} \, (y - y_p)}{\sum_{p=1}^{n} c^p_{ij}}",
        ),
        kind="pixel attribution",
        cost="many passes",
        run=method_runs.growing("occlusion", occlusion.occlusion_states),
    ),
}


def offered_methods(network: Network) -> tuple[str, ...]:
    """Return the methods that can explain a network, in the order of `METHODS`."""
    has_maps = bool(target_layers(network))
    return tuple(
        name
        for name, method in METHODS.items()
        if (name != "cam" or pooled_classifier(network) is not None)
        and (has_maps or method.kind == "pixel attribution")
    )

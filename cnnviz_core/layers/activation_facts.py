"""What is worth knowing about each activation function: formula, range, purpose, source."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

ActivationName = Literal[
    "identity",
    "sigmoid",
    "tanh",
    "relu",
    "relu6",
    "leaky_relu",
    "elu",
    "selu",
    "gelu",
    "softplus",
    "swish",
    "hard_sigmoid",
    "softmax",
]

# λ and α of Klambauer et al., 2017: they map mean 0 and variance 1 to themselves.
SELU_SCALE = 1.0507009873554805
SELU_ALPHA = 1.6732632423543772


@dataclass(frozen=True, slots=True)
class ActivationInfo:
    """One activation function in words.

    `formula` is LaTeX, within what matplotlib can draw; `low` and `high` bound the values (±inf
    where nothing does); `purpose` is one plain sentence; `source` the paper, its year and where it
    is found.
    """

    formula: str
    low: float
    high: float
    purpose: str
    source: str


ACTIVATIONS: Mapping[ActivationName, ActivationInfo] = MappingProxyType(
    {
        "identity": ActivationInfo(
            r"x",
            -math.inf,
            math.inf,
            "It changes nothing, so the layer stays linear: the way to predict any number at all.",
            "B. Widrow and M. E. Hoff, Adaptive switching circuits, 1960",
        ),
        "sigmoid": ActivationInfo(
            r"\frac{1}{1 + e^{-x}}",
            0.0,
            1.0,
            "It turns any number into a share between 0 and 1, such as the probability of a yes.",
            "D. E. Rumelhart, G. E. Hinton and R. J. Williams, "
            "Learning representations by back-propagating errors, 1986, doi:10.1038/323533a0",
        ),
        "tanh": ActivationInfo(
            r"\tanh(x) = \frac{e^{x} - e^{-x}}{e^{x} + e^{-x}}",
            -1.0,
            1.0,
            "It squashes like the sigmoid but keeps the sign, so values stay centered on zero.",
            "Y. LeCun, L. Bottou, G. B. Orr and K.-R. Müller, Efficient BackProp, 1998, "
            "doi:10.1007/3-540-49430-8_2",
        ),
        "relu": ActivationInfo(
            r"\max(0, x)",
            0.0,
            math.inf,
            "It keeps what a filter found and drops the rest; most convolutional networks use it.",
            "V. Nair and G. E. Hinton, "
            "Rectified linear units improve restricted Boltzmann machines, 2010",
        ),
        "relu6": ActivationInfo(
            r"\min(\max(0, x), 6)",
            0.0,
            6.0,
            "It is ReLU with a ceiling, which suits the coarse numbers of small devices.",
            "A. Krizhevsky, Convolutional deep belief networks on CIFAR-10, 2010",
        ),
        "leaky_relu": ActivationInfo(
            r"\max(0, x) + \alpha \min(0, x)",
            -math.inf,
            math.inf,
            "It lets a little of the negative side through, so no filter stays silent for good.",
            "A. L. Maas, A. Y. Hannun and A. Y. Ng, "
            "Rectifier nonlinearities improve neural network acoustic models, 2013",
        ),
        "elu": ActivationInfo(
            r"\max(0, x) + \min(0, e^{x} - 1)",
            -1.0,
            math.inf,
            "It bends the negative side smoothly toward −1, which draws the average toward zero.",
            "D.-A. Clevert, T. Unterthiner and S. Hochreiter, "
            "Fast and accurate deep network learning by exponential linear units, 2015, "
            "arXiv:1511.07289",
        ),
        "selu": ActivationInfo(
            r"1.0507 \left(\max(0, x) + 1.6733 \min(0, e^{x} - 1)\right)",
            -SELU_SCALE * SELU_ALPHA,
            math.inf,
            "It is ELU scaled so that values keep mean 0 and variance 1 from layer to layer.",
            "G. Klambauer, T. Unterthiner, A. Mayr and S. Hochreiter, "
            "Self-normalizing neural networks, 2017, arXiv:1706.02515",
        ),
        "gelu": ActivationInfo(
            r"\frac{x}{2} \left(1 + \mathrm{erf}\frac{x}{\sqrt{2}}\right)",
            -0.16997120747990369,  # at x = −0.7518, where the derivative is 0
            math.inf,
            "It is a ReLU with a soft corner; transformers made it popular.",
            "D. Hendrycks and K. Gimpel, Gaussian error linear units, 2016, arXiv:1606.08415",
        ),
        "softplus": ActivationInfo(
            r"\ln(1 + e^{x})",
            0.0,
            math.inf,
            "It is a ReLU without a corner and never quite zero, good for what must be positive.",
            "C. Dugas, Y. Bengio, F. Bélisle, C. Nadeau and R. Garcia, "
            "Incorporating second-order functional knowledge for better option pricing, 2000",
        ),
        "swish": ActivationInfo(
            r"\frac{x}{1 + e^{-x}}",
            -0.27846454276107379,  # at x = −1.2785, where the derivative is 0
            math.inf,
            "It lets each value open its own gate; EfficientNet is built on it.",
            "P. Ramachandran, B. Zoph and Q. V. Le, Searching for activation functions, 2017, "
            "arXiv:1710.05941",
        ),
        "hard_sigmoid": ActivationInfo(
            r"\frac{\min(\max(0, x + 3), 6)}{6}",
            0.0,
            1.0,
            "It is a sigmoid of straight lines, which costs a phone almost nothing.",
            "A. Howard et al., Searching for MobileNetV3, 2019, arXiv:1905.02244",
        ),
        "softmax": ActivationInfo(
            r"\frac{e^{x_c}}{\sum_k e^{x_k}}",
            0.0,
            1.0,
            "It makes the channels compete and turns them into shares that add up to 1.",
            "J. S. Bridle, Probabilistic interpretation of feedforward classification network "
            "outputs, with relationships to statistical pattern recognition, 1990",
        ),
    }
)

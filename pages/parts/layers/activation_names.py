"""What activation functions are called where a person reads them, and the slope of one."""

from cnnviz_core.layers.activation_facts import ActivationName
from pages.parts.declarations import Choice, plain
from pages.parts.texts import N_

# In the order in which they are offered; also what the address bar says.
ACTIVATION_TITLES: dict[ActivationName, str] = {
    "identity": N_("Identity"),
    "sigmoid": N_("Sigmoid"),
    "tanh": N_("tanh"),
    "relu": N_("ReLU"),
    "relu6": N_("ReLU6"),
    "leaky_relu": N_("Leaky ReLU"),
    "elu": N_("ELU"),
    "selu": N_("SELU"),
    "gelu": N_("GELU"),
    "softplus": N_("Softplus"),
    "swish": N_("Swish"),
    "hard_sigmoid": N_("Hard sigmoid"),
    "softmax": N_("Softmax"),
}


def slope(key: str) -> Choice[float]:
    """Declare the slope of leaky ReLU."""
    return Choice(
        key=key,
        label=N_("Slope of leaky ReLU"),
        # Where Keras has its default, and what papers use.
        options=plain((0.0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0)),
        default=0.3,
        help=N_("Multiplies negative values. With 0 it is ReLU, with 1 the identity."),
    )

"""What activation functions are called where a person reads them."""

from cnnviz_core.layers.activation import ActivationName

# Names, most of them never translated; also what the address bar says.
ACTIVATION_TITLES: dict[ActivationName, str] = {
    "identity": "Identity",
    "sigmoid": "Sigmoid",
    "tanh": "tanh",
    "relu": "ReLU",
    "relu6": "ReLU6",
    "leaky_relu": "Leaky ReLU",
    "elu": "ELU",
    "selu": "SELU",
    "gelu": "GELU",
    "softplus": "Softplus",
    "swish": "Swish",
    "hard_sigmoid": "Hard sigmoid",
    "softmax": "Softmax",
}

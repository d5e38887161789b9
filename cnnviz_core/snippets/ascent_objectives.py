"""How the programs of ascents say what is to be raised: the network up to a layer, its maps."""

import textwrap
from collections.abc import Mapping

from cnnviz_core.networks.layer_types import layer_type
from cnnviz_core.networks.network import Network
from cnnviz_core.snippets.ascent_asked import Ascent
from cnnviz_core.snippets.program import Cell, number

# What makes inputs of pictures in 0..1, so that there is a gradient.
SCALINGS: Mapping[str, str] = {
    "efficientnet-lite0": "(255 * seen - 127) / 128",
    "vgg16-edges": "255 * seen[..., ::-1] - [103.939, 116.779, 123.68]",
    "lenet-5": "tf.matmul(seen, [[0.299], [0.587], [0.114]])",
    "lenet-cat": "255 * seen",
}


def layer_maps(network: Network, asked: Ascent) -> Cell:
    """Return the cell that gives `network_to_layer`, without the layer's activation function."""
    layer = network.model.get_layer(asked.layer)
    get = f'layer = model.get_layer("{asked.layer}")\n'
    made = "network_to_layer = keras.Model(model.input, {})"
    activation = getattr(getattr(layer, "activation", None), "__name__", "linear")
    if not asked.after_activation and layer_type(type(layer).__name__).family == "activation":
        return Cell(
            f"The network up to what goes into the activation function {asked.layer}.",
            get + made.format("layer.input"),
        )
    if asked.after_activation or activation == "linear":
        return Cell(
            f"The network up to the layer {asked.layer}.", get + made.format("layer.output")
        )
    return Cell(
        f"The network up to the layer {asked.layer}, without that layer's activation function.",
        f"{get}"
        'linear = type(layer).from_config({**layer.get_config(), "activation": "linear"})\n'
        f"{made.format('linear(layer.input)')}\n"
        "linear.set_weights(layer.get_weights())",
    )


def resized(network: Network, asked: Ascent) -> tuple[Cell, ...]:
    """Return the cell that has the layers take pictures of the size asked for, if they don't."""
    height, width, num_channels = network.model.input_shape[1:]
    if None in (height, width) or (height, width) == asked.size:
        return ()
    shape = (*asked.size, num_channels)
    return (
        Cell(
            f"These layers take {height} × {width} pixels; copies with the same weights take "
            f"{asked.size[0]} × {asked.size[1]}.",
            "front = network_to_layer\n"
            f"inputs = keras.Input({shape})\n"
            "network_to_layer = keras.models.clone_model(front, input_tensors=inputs)\n"
            "network_to_layer.set_weights(front.get_weights())",
        ),
    )


def objective(network: Network, asked: Ascent) -> Cell:
    """Return the cell that gives `objective`, from what the network sees to what is raised."""
    is_map = len(network.layer(asked.layer).output_shape) == 3
    lines = [f"maps = network_to_layer({SCALINGS[network.key]})"]
    sentence = "What is to be raised: "
    if asked.target == "layer":
        sentence += "the mean square of all values (Mordvintsev, Olah and Tyka, 2015)."
        axes = "(1, 2, 3)" if is_map else "1"
        lines.append(f"values = tf.reduce_mean(maps**2, {axes})")
    else:
        what, chosen = _chosen(asked, is_map=is_map)
        sentence += what
        lines += chosen
    if asked.is_diverse:
        sentence += (
            " Less how alike the pictures of one are: cosines of their Gram matrices (Olah, "
            "Mordvintsev and Schubert, 2017)."
        )
        lines += _diversity(asked)
    returned = "values, worth" if asked.is_diverse else "values"
    body = textwrap.indent("\n".join([*lines, f"return {returned}"]), "    ")
    return Cell(sentence, f"def objective(seen, channels):\n{body}")


def _chosen(asked: Ascent, *, is_map: bool) -> tuple[str, list[str]]:
    """Return what of the maps is raised, in words and in lines."""
    slope = number(asked.negative_slope)
    leaky = "y" if asked.negative_slope == 1 else f"tf.nn.leaky_relu(y, {slope})"
    below = "" if asked.negative_slope == 1 else f"; values below zero count {slope} as much"
    axis = 3 if is_map else 1
    if asked.target == "direction":
        mean = f"tf.reduce_mean({leaky}, (1, 2))" if is_map else leaky
        return f"the means of all channels, in equal parts{below}.", [
            f"y = tf.gather(maps, channels, axis={axis}, batch_dims=1)",
            f"values = tf.reduce_sum({mean}, 1) / np.sqrt({len(asked.channels)})",
        ]
    y = f"y = tf.gather(maps, channels, axis={axis}, batch_dims=1)"
    if asked.target == "neuron" and is_map and asked.place is not None:
        row, column = asked.place
        return f"the channel's value in row {row} and column {column}{below}.", [
            f"{y}[:, {row}, {column}]",
            f"values = {leaky}",
        ]
    if not is_map:
        return f"the value of the unit{below}.", [y, f"values = {leaky}"]
    return f"the mean of the channel over all places{below}.", [
        y,
        f"values = tf.reduce_mean({leaky}, (1, 2))",
    ]


def _diversity(asked: Ascent) -> list[str]:
    same = (
        "1 - np.eye(len(channels))"
        if asked.target == "direction"
        else "np.equal.outer(channels, channels) - np.eye(len(channels))"
    )
    return [
        "flat = tf.reshape(maps, (maps.shape[0], -1, maps.shape[-1]))",
        "grams = tf.matmul(flat, flat, transpose_a=True)",
        "grams = tf.math.l2_normalize(tf.reshape(grams, (maps.shape[0], -1)), 1)",
        f"same = np.float32({same})",
        "shared = tf.reduce_sum(same * tf.matmul(grams, grams, transpose_b=True), 1)",
        f"shared = shared / {asked.copies - 1} * tf.stop_gradient(abs(values))",
        f"worth = values - {number(asked.diversity)} * shared",
    ]

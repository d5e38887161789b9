"""The papers and books behind what is shown: authors, year, title, and where to find each."""

from dataclasses import dataclass

DOI = "https://doi.org/"
ARXIV = "https://arxiv.org/abs/"


@dataclass(frozen=True, slots=True)
class Reference:
    """A publication.

    Attributes
    ----------
    authors : str
        Family names, as they are cited.
    year : int
    title : str
    identifier : str
        "doi:…" or "arXiv:…"; where there is neither, "ISBN …", or who published it.
    """

    authors: str
    year: int
    title: str
    identifier: str

    @property
    def address(self) -> str | None:
        """Where a browser finds it; None for a book or a report without an address.

        Examples
        --------
        >>> REFERENCES["adam"].address
        'https://arxiv.org/abs/1412.6980'
        >>> REFERENCES["lenet-5"].address
        'https://doi.org/10.1109/5.726791'
        """
        scheme, _, name = self.identifier.partition(":")
        if scheme == "https":
            return self.identifier
        bases = {"doi": DOI, "arXiv": ARXIV}
        return bases[scheme] + name if scheme in bases else None


REFERENCES: dict[str, Reference] = {
    # What the app follows.
    "article": Reference(
        "Reppel",
        2017,
        "Visualizing parts of Convolutional Neural Networks using Keras and Cats",
        "https://hackernoon.com/"
        "visualizing-parts-of-convolutional-neural-networks-using-keras-and-cats-5cc01b214e59",
    ),
    "book": Reference("Chollet", 2017, "Deep Learning with Python", "ISBN 978-1-61729-443-3"),
    # Building blocks.
    "deep-learning": Reference(
        "Goodfellow, Bengio and Courville", 2016, "Deep Learning", "ISBN 978-0-262-03561-3"
    ),
    "arithmetic": Reference(
        "Dumoulin and Visin",
        2016,
        "A guide to convolution arithmetic for deep learning",
        "arXiv:1603.07285",
    ),
    "checkerboard": Reference(
        "Odena, Dumoulin and Olah",
        2016,
        "Deconvolution and Checkerboard Artifacts",
        "doi:10.23915/distill.00003",
    ),
    "heart-beat": Reference(
        "McSharry, Clifford, Tarassenko and Smith",
        2003,
        "A Dynamical Model for Generating Synthetic Electrocardiogram Signals",
        "doi:10.1109/TBME.2003.808805",
    ),
    "alexnet": Reference(
        "Krizhevsky, Sutskever and Hinton",
        2012,
        "ImageNet Classification with Deep Convolutional Neural Networks",
        "doi:10.1145/3065386",
    ),
    "initialization": Reference(
        "Glorot and Bengio",
        2010,
        "Understanding the difficulty of training deep feedforward neural networks",
        "AISTATS, Proceedings of Machine Learning Research 9, 249–256",
    ),
    "he-initialization": Reference(
        "He, Zhang, Ren and Sun",
        2015,
        "Delving Deep into Rectifiers: Surpassing Human-Level Performance on ImageNet "
        "Classification",
        "arXiv:1502.01852",
    ),
    "lenet-5": Reference(
        "LeCun, Bottou, Bengio and Haffner",
        1998,
        "Gradient-Based Learning Applied to Document Recognition",
        "doi:10.1109/5.726791",
    ),
    # Networks.
    "vgg16": Reference(
        "Simonyan and Zisserman",
        2015,
        "Very Deep Convolutional Networks for Large-Scale Image Recognition",
        "arXiv:1409.1556",
    ),
    "efficientnet": Reference(
        "Tan and Le",
        2019,
        "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks",
        "arXiv:1905.11946",
    ),
    "hed": Reference("Xie and Tu", 2015, "Holistically-Nested Edge Detection", "arXiv:1504.06375"),
    # What is inside a network, and what it answers.
    "visualizing": Reference(
        "Zeiler and Fergus",
        2014,
        "Visualizing and Understanding Convolutional Networks",
        "arXiv:1311.2901",
    ),
    "linear-probes": Reference(
        "Alain and Bengio",
        2016,
        "Understanding intermediate layers using linear classifier probes",
        "arXiv:1610.01644",
    ),
    "receptive-fields": Reference(
        "Araujo, Norris and Sim",
        2019,
        "Computing Receptive Fields of Convolutional Neural Networks",
        "doi:10.23915/distill.00021",
    ),
    "effective-fields": Reference(
        "Luo, Li, Urtasun and Zemel",
        2016,
        "Understanding the Effective Receptive Field in Deep Convolutional Neural Networks",
        "arXiv:1701.04128",
    ),
    "temperature": Reference(
        "Hinton, Vinyals and Dean",
        2015,
        "Distilling the Knowledge in a Neural Network",
        "arXiv:1503.02531",
    ),
    "calibration": Reference(
        "Guo, Pleiss, Sun and Weinberger",
        2017,
        "On Calibration of Modern Neural Networks",
        "arXiv:1706.04599",
    ),
    # Heatmaps, under the names of their methods.
    "grad-cam": Reference(
        "Selvaraju, Cogswell, Das, Vedantam, Parikh and Batra",
        2017,
        "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization",
        "arXiv:1610.02391",
    ),
    "grad-cam++": Reference(
        "Chattopadhay, Sarkar, Howlader and Balasubramanian",
        2018,
        "Grad-CAM++: Improved Visual Explanations for Deep Convolutional Networks",
        "arXiv:1710.11063",
    ),
    "xgrad-cam": Reference(
        "Fu, Hu, Dong, Guo, Gao and Li",
        2020,
        "Axiom-based Grad-CAM: Towards Accurate Visualization and Explanation of CNNs",
        "arXiv:2008.02312",
    ),
    "layer-cam": Reference(
        "Jiang, Zhang, Hou, Cheng and Wei",
        2021,
        "LayerCAM: Exploring Hierarchical Class Activation Maps for Localization",
        "doi:10.1109/TIP.2021.3089943",
    ),
    "hires-cam": Reference(
        "Draelos and Carin",
        2020,
        "Use HiResCAM instead of Grad-CAM for faithful explanations of convolutional neural "
        "networks",
        "arXiv:2011.08891",
    ),
    "eigen-cam": Reference(
        "Muhammad and Yeasin",
        2020,
        "Eigen-CAM: Class Activation Map using Principal Components",
        "arXiv:2008.00299",
    ),
    "cam": Reference(
        "Zhou, Khosla, Lapedriza, Oliva and Torralba",
        2016,
        "Learning Deep Features for Discriminative Localization",
        "arXiv:1512.04150",
    ),
    "score-cam": Reference(
        "Wang, Wang, Du, Yang, Zhang, Ding, Mardziel and Hu",
        2020,
        "Score-CAM: Score-Weighted Visual Explanations for Convolutional Neural Networks",
        "arXiv:1910.01279",
    ),
    "ablation-cam": Reference(
        "Desai and Ramaswamy",
        2020,
        "Ablation-CAM: Visual Explanations for Deep Convolutional Network via Gradient-free "
        "Localization",
        "doi:10.1109/WACV45572.2020.9093360",
    ),
    "saliency": Reference(
        "Simonyan, Vedaldi and Zisserman",
        2013,
        "Deep Inside Convolutional Networks: Visualising Image Classification Models and "
        "Saliency Maps",
        "arXiv:1312.6034",
    ),
    "gradient-times-input": Reference(
        "Shrikumar, Greenside, Shcherbina and Kundaje",
        2016,
        "Not Just a Black Box: Learning Important Features Through Propagating Activation "
        "Differences",
        "arXiv:1605.01713",
    ),
    "smoothgrad": Reference(
        "Smilkov, Thorat, Kim, Viégas and Wattenberg",
        2017,
        "SmoothGrad: removing noise by adding noise",
        "arXiv:1706.03825",
    ),
    "integrated-gradients": Reference(
        "Sundararajan, Taly and Yan",
        2017,
        "Axiomatic Attribution for Deep Networks",
        "arXiv:1703.01365",
    ),
    "faster-score-cam": Reference(
        "tabayashi0117",
        2020,
        "Faster-Score-CAM, in an implementation of Score-CAM with Keras",
        "https://github.com/tabayashi0117/Score-CAM",
    ),
    "contrastive": Reference(
        "Prabhushankar, Kwon, Temel and AlRegib",
        2020,
        "Contrastive Explanations in Neural Networks",
        "arXiv:2008.00178",
    ),
    # Whether a heatmap tells the truth.
    "sanity-checks": Reference(
        "Adebayo, Gilmer, Muelly, Goodfellow, Hardt and Kim",
        2018,
        "Sanity Checks for Saliency Maps",
        "arXiv:1810.03292",
    ),
    "similarity": Reference(
        "Wang, Bovik, Sheikh and Simoncelli",
        2004,
        "Image Quality Assessment: From Error Visibility to Structural Similarity",
        "doi:10.1109/TIP.2003.819861",
    ),
    "rise": Reference(
        "Petsiuk, Das and Saenko",
        2018,
        "RISE: Randomized Input Sampling for Explanation of Black-box Models",
        "arXiv:1806.07421",
    ),
    "roar": Reference(
        "Hooker, Erhan, Kindermans and Kim",
        2019,
        "A Benchmark for Interpretability Methods in Deep Neural Networks",
        "arXiv:1806.10758",
    ),
    "inpainting": Reference(
        "Bertalmio, Bertozzi and Sapiro",
        2001,
        "Navier-Stokes, Fluid Dynamics, and Image and Video Inpainting",
        "doi:10.1109/CVPR.2001.990497",
    ),
    # Filter ascent.
    "activation-maximization": Reference(
        "Erhan, Bengio, Courville and Vincent",
        2009,
        "Visualizing Higher-Layer Features of a Deep Network",
        "Technical Report 1341, Université de Montréal",
    ),
    "feature-visualization": Reference(
        "Olah, Mordvintsev and Schubert",
        2017,
        "Feature Visualization",
        "doi:10.23915/distill.00007",
    ),
    "deepdream": Reference(
        "Mordvintsev, Olah and Tyka",
        2015,
        "Inceptionism: Going Deeper into Neural Networks",
        "Google Research Blog, June 2015",
    ),
    "adam": Reference(
        "Kingma and Ba", 2015, "Adam: A Method for Stochastic Optimization", "arXiv:1412.6980"
    ),
}

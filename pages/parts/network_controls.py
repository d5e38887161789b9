"""Which network a page looks into: bundled, untrained, fetched on demand, or the visitor's own."""

import os

import streamlit as st

from cnnviz_core.networks import Network, NetworkInfo
from cnnviz_core.views.networks import available_networks, load_network, uploaded_network
from pages.parts import actions, controls, uploads
from pages.parts.declarations import Choice
from pages.parts.texts import N_, _, literal

# Whoever runs a server says by this that visitors may bring networks, each of which takes memory.
UPLOAD_SWITCH = "CNNVIZ_UPLOAD_NETWORKS"
OWN = "own network"
OWN_TITLE = N_("Your own")
# The core takes no more; the server may take less (`server.maxUploadSize`).
MAX_UPLOAD_MEGABYTES = 100

_UPLOAD = "network upload"
_OWN_NETWORK = "uploaded network"
_REFUSAL = "refused network"


def network_control(key: str, default: str) -> Choice[str]:
    """Declare which network is looked into: `default` is the key of the first."""
    return Choice(
        key=key,
        label=N_("Network"),
        options={},
        default=default,
        help=N_(
            "What a network knows is in its weights. Trained networks have learned from many "
            "pictures; untrained ones have random weights, for comparison."
        ),
    )


# The choice is the same on all pages but those that have one of their own.
NETWORK = network_control("network", "efficientnet-lite0")


def choose_network(declared: Choice[str] = NETWORK) -> Network | None:
    """Draw the control and give the network, loaded and shared by all visitors.

    None as long as there is none yet: it has to be fetched or uploaded first, and the control says
    so. What drawers were told was of the network before.
    """
    actions.forget()
    infos = {info.key: info for info in available_networks()}
    options = [*infos, OWN] if os.environ.get(UPLOAD_SWITCH) == "1" else [*infos]
    chosen = controls.pick(
        declared,
        options=options,
        show=lambda one: _(infos[one].title if one in infos else OWN_TITLE),
    )
    if chosen == OWN:
        return _own_network()
    info = infos[chosen]
    st.caption(_facts(info))
    if info.is_ready:
        return _loaded(info)
    _offer_download(info)
    return None


def _facts(info: NetworkInfo) -> str:
    height, width = info.input_size
    return _("{source} · {license} · sees {height} × {width} pixels · {memory} MB").format(
        source=_(info.source),
        license=_(info.license),
        height=height,
        width=width,
        memory=_megabytes(info.memory),
    )


def _loaded(info: NetworkInfo) -> Network | None:
    try:
        with st.spinner(_("Loading the network")):
            return load_network(info.key)
    except ValueError as problem:
        st.error(literal(str(problem)), icon=":material/error:")
        return None


def _offer_download(info: NetworkInfo) -> None:
    """Offer to fetch the weights; once they are there, the page starts again with them."""
    size = _megabytes(info.download_size)
    st.info(
        _("The weights of {title} have to be downloaded once, {size} MB.").format(
            title=info.title, size=size
        ),
        icon=":material/cloud_download:",
    )
    if not st.button(
        _("Download ({size} MB)").format(size=size),
        key="network download",
        icon=":material/download:",
        help=_("They stay on this machine. Any other control stops the download."),
    ):
        return
    bar = st.progress(0.0, _("Requesting the weights"))
    shown = -1

    def show_progress(received: int, total: int) -> None:
        nonlocal shown
        percent = 100 * received // (total or info.download_size)
        if percent > shown:
            shown = percent
            text = _("{received} of {size} MB").format(received=_megabytes(received), size=size)
            bar.progress(min(percent, 100), text)

    try:
        load_network(info.key, show_progress)
    except ValueError as problem:
        bar.empty()
        st.error(literal(str(problem)), icon=":material/cloud_off:")
    else:
        st.rerun()


def _own_network() -> Network | None:
    most = min(MAX_UPLOAD_MEGABYTES, int(st.get_option("server.maxUploadSize")))
    st.file_uploader(
        _("A Keras model"),
        type=["keras", "h5"],
        key=_UPLOAD,
        max_upload_size=most,
        on_change=_take,
        help=_(
            "A .keras or .h5 file with the whole model, at most {size} MB. Its layers and weights "
            "are read; code in it is not run. It stays in the memory of this session."
        ).format(size=most),
    )
    if refusal := st.session_state.get(_REFUSAL):
        st.error(literal(refusal), icon=":material/error:")
    network: Network | None = st.session_state.get(_OWN_NETWORK)
    if network is None:
        return None
    st.caption(_("In use: {title}").format(title=literal(network.title)))
    return network


def _take() -> None:
    """Make an uploaded file the session's own network; keep the old one if it can't be read."""
    st.session_state[_REFUSAL] = None
    file = st.session_state[_UPLOAD]
    if file is None:
        return
    try:
        st.session_state[_OWN_NETWORK] = uploaded_network(uploads.content(file), file.name)
    except ValueError as problem:
        st.session_state[_REFUSAL] = str(problem)


def _megabytes(count: int) -> int:
    """Bytes in megabytes of 10⁶ bytes, at least 1.

    >>> _megabytes(18_776_096), _megabytes(672)
    (19, 1)
    """
    return max(1, round(count / 10**6))

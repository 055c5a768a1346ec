"""Where the kernel runs, and the words for it."""

from __future__ import annotations

import pytest

from karospace_stream.notebook.environment import find_environment

HUB = {"JUPYTERHUB_SERVICE_PREFIX": "/user/ann/"}
PATH = "/t0ken/"


@pytest.mark.parametrize(
    ("environ", "has_proxy", "kind", "words"),
    [
        ({}, False, "here", ["install jupyter-server-proxy", "ssh -N -L 4321:127.0.0.1:4321"]),
        (HUB, False, "hub", ["pip install jupyter-server-proxy", "restart"]),
        (HUB, True, "hub", ["jupyter-server-proxy", "ssh -N -L 4321"]),
        ({"SSH_CONNECTION": "1 2 3 4"}, False, "ssh", ["ssh -N -L 4321:127.0.0.1:4321"]),
        (
            {"VSCODE_PID": "7", "SSH_CONNECTION": "1 2 3 4"},
            False,
            "vscode-remote",
            ["Ports panel", "enter 4321"],
        ),
        ({"VSCODE_PID": "7"}, False, "here", ["ssh -N -L 4321"]),
        ({"VSCODE_IPC_HOOK_CLI": "/x"}, False, "vscode-remote", ["Ports panel"]),
        ({"COLAB_RELEASE_TAG": "r"}, False, "colab", ["third-party cookies"]),
    ],
)
def test_the_advice_fits_the_place(
    environ: dict[str, str], has_proxy: bool, kind: str, words: list[str]
) -> None:
    environment = find_environment(environ, has_proxy)
    assert environment.kind == kind
    advice = environment.advice(4321)
    assert "port 4321" in advice
    for word in words:
        assert word in advice


@pytest.mark.parametrize(
    ("environ", "has_proxy", "url"),
    [
        ({}, True, "http://127.0.0.1:4321/t0ken/"),
        (HUB, True, "/user/ann/proxy/4321/t0ken/"),
        ({"JUPYTERHUB_SERVICE_PREFIX": "/user/ann"}, True, "/user/ann/proxy/4321/t0ken/"),
        ({"JUPYTERHUB_SERVICE_PREFIX": "/"}, True, "/proxy/4321/t0ken/"),
        (HUB, False, "http://127.0.0.1:4321/t0ken/"),
    ],
)
def test_a_plain_frame_goes_through_the_hub_where_it_can(
    environ: dict[str, str], has_proxy: bool, url: str
) -> None:
    assert find_environment(environ, has_proxy).frame_url(4321, PATH) == url

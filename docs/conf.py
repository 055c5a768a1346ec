from importlib.metadata import version as installed
from pathlib import Path

from karospace_stream.doctor.hosts import NAMES, TOPICS, host

project = "karospace-stream"
author = copyright = "karospace-stream contributors"
release = version = installed("karospace-stream")

extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "sphinx_click",
    "sphinx_copybutton",
]
# The schematic JSON of the format's page, with PART and ... in it.
suppress_warnings = ["misc.highlighting_failure"]
exclude_patterns = ["_build"]

default_role = "py:obj"  # `export` in a docstring is a link
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_typehints = "none"  # the numpydoc sections say them, with shapes and units
autodoc_member_order = "bysource"
numpydoc_show_class_members = False

copybutton_prompt_text = r"\$ |>>> |\.\.\. "
copybutton_prompt_is_regexp = True
copybutton_line_continuation_character = "\\"

html_theme = "furo"
html_title = "karospace-stream"


def write_settings(app):
    """What `doctor` knows of hosts, for its page."""
    lines = []
    for key in NAMES:
        lines += [f"### {host(key).name}", ""]
        for topic, setting in host(key).settings.items():
            lines += [f"**{TOPICS[topic]}.** {setting.text} ([documentation]({setting.source}))", ""]
            if setting.code:
                lines += [f"```{setting.language}", setting.code.rstrip(), "```", ""]
    place = Path(app.srcdir) / "_build" / "hosts.md"
    place.parent.mkdir(exist_ok=True)
    place.write_text("\n".join(lines), "utf-8")


def setup(app):
    app.connect("builder-inited", write_settings)

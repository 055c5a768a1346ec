"""The words of the graphical exporter: fields by their labels."""

from __future__ import annotations

import re

from karospace_stream.options.option import Option
from karospace_stream.options.page_texts import PAGE_TEXTS
from karospace_stream.words.mentions import Mention, rewrite

_LIST = re.compile(r"; repeat for several")


def page_title(option: Option) -> str:
    """The label of an option's field."""
    if option.name in PAGE_TEXTS:
        return PAGE_TEXTS[option.name][0]
    words = option.name.replace("_", " ")
    return words[:1].upper() + words[1:]


def page_text(option: Option) -> str:
    """The sentences below it: its own, or the help of the terminal without what is said of a terminal."""
    if option.name in PAGE_TEXTS:
        return PAGE_TEXTS[option.name][1]
    return on_page(_LIST.sub("", option.help))


def on_page(text: str) -> str:
    """A message as the page writes it: the label of a field for ``--flag``."""

    def write(mention: Mention) -> str:
        title = f"“{page_title(mention.option)}”"
        if mention.off:
            return f"{title} off"
        if mention.option.kind == "switch":
            return title
        is_told = mention.value and not mention.value.isupper()  # KEY and the like stand for a value
        return f"{title} set to {mention.value}" if is_told else title

    return rewrite(text, write).replace("'“", "“").replace("”'", "”")

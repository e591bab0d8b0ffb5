"""Terms as pages show them: Markdown in, HTML that can do nothing out."""

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

TAGS = {
    *("a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol"),
    *("p", "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}
SMALLEST_HEADING = 6


def _lower_headings(state: StateCore) -> None:
    """Begin at h2: the page that shows a text has an h1 of its own."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, SMALLEST_HEADING)}"


markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
markdown.core.ruler.push("lower_headings", _lower_headings)


@lru_cache(maxsize=64)
def to_html(text: str) -> SafeString:
    """Return the HTML of a Markdown text, without pictures, scripts, styles or raw HTML.

    HTML in the text is shown as text; what remains passes an allow-list besides.
    """
    return mark_safe(  # noqa: S308  (of what nh3 let through)
        nh3.clean(
            markdown.render(text),
            tags=TAGS,
            attributes=ATTRIBUTES,
            url_schemes=SCHEMES,
            link_rel="noopener noreferrer",
        )
    )

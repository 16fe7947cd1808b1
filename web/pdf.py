"""A page as PDF, in which nothing is fetched from anywhere."""

from __future__ import annotations

from typing import Any, NoReturn


class PdfUnavailable(Exception):
    """WeasyPrint's system libraries (Pango) are not on this machine; the page itself prints."""


def pdf(html: str) -> bytes:
    """A complete HTML document as PDF; `PdfUnavailable` where Pango is missing.

    Styles stand in the document. Every address in it is refused, whatever it points to: a
    document of ours needs none, and text that people typed must not reach out.
    """
    try:
        import weasyprint  # noqa: PLC0415 - importing it loads Pango
        from weasyprint.urls import URLFetcher  # noqa: PLC0415 - likewise
    except OSError as error:
        raise PdfUnavailable(str(error)) from error

    class Nothing(URLFetcher):  # type: ignore[misc] # untyped base
        """Fetches nothing."""

        def fetch(self, url: str, headers: Any = None) -> NoReturn:
            del headers
            raise ValueError(url)

    return bytes(weasyprint.HTML(string=html, url_fetcher=Nothing()).write_pdf())

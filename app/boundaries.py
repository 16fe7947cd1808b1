"""Where a request ends: what can be read in two ways is refused (RFC 9112 section 6.3).

A proxy in front that believes `Content-Length` where the server believes `Transfer-Encoding` lets
one visitor write the beginning of the next one's request.
"""

from __future__ import annotations

# no stubs are published for waitress
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.parser import HTTPRequestParser, ParsingError  # type: ignore[import-untyped]


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    def parse_header(self, header_plus: bytes) -> None:
        """Raise ParsingError, which is answered 400 and ends the connection."""
        super().parse_header(header_plus)
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Both Content-Length and Transfer-Encoding")
        if "TRANSFER_ENCODING" in self.headers:  # where it was understood it is taken away
            raise ParsingError("Transfer-Encoding in HTTP/1.0")


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection on which every request has one end."""

    parser_class = _Parser

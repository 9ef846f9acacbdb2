from typing import BinaryIO

from warcio.statusandheaders import StatusAndHeaders

class ArcWarcRecord:
    rec_type: str | None
    rec_headers: StatusAndHeaders
    http_headers: StatusAndHeaders | None
    raw_stream: BinaryIO
    def content_stream(self) -> BinaryIO: ...

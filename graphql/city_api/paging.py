"""Pages of lists: how far one has read, and whether more follows."""

from __future__ import annotations

from typing import Any

import strawberry

from city_api.rows import stored


@strawberry.type(description="Where a page ends.")
class PageInfo:
    end_cursor: str | None = stored("end_cursor", "Give it as `after` to read on.")
    has_next_page: bool = stored("has_next")


def page_info(page: Any) -> dict[str, Any]:
    """Show where a page of the core ends."""
    return {"end_cursor": page.end_cursor, "has_next": page.has_next}

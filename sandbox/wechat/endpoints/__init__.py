"""The API, one module per family; `table` puts them together."""

from sandbox.wechat.calls import Endpoint
from sandbox.wechat.endpoints import (
    basics,
    comments,
    custom,
    datacube,
    drafts,
    mass_sends,
    media,
    menus,
    notices,
    publications,
    qrcodes,
    quota,
    sns,
    tags,
    users,
)


def table() -> dict[str, Endpoint]:
    """All endpoints by path."""
    endpoints = (
        *basics.ENDPOINTS,
        *menus.ENDPOINTS,
        *media.ENDPOINTS,
        *drafts.ENDPOINTS,
        *mass_sends.ENDPOINTS,
        *publications.ENDPOINTS,
        *users.ENDPOINTS,
        *tags.ENDPOINTS,
        *custom.ENDPOINTS,
        *notices.ENDPOINTS,
        *qrcodes.ENDPOINTS,
        *comments.ENDPOINTS,
        *datacube.ENDPOINTS,
        *sns.ENDPOINTS,
    )
    known = {endpoint.path: endpoint for endpoint in endpoints}
    asking = quota.endpoint(known)
    return {**known, asking.path: asking}

"""The connections of the client: bounded in time and size like all others, whatever a server does."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2
import urllib3

from bot.config.network import NetworkSettings
from bot.network.bounded import is_too_large
from bot.network.connections import bounded_pools, default_pools
from bot.network.deadline import seconds_left


class TooLarge(Exception):  # noqa: N818 - a finding, not an error of ours
    """The answer is larger than network.answer_megabytes allows."""


class BoundedTransport(httpx2.BaseTransport):
    """Sends by urllib3, over connections whose answers are bounded; never redirected, for the key goes along. Proxies
    are those that the environment names."""

    def __init__(self, network: NetworkSettings, connections: int) -> None:
        self._network = network
        self._connections = connections

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Raises httpx2.TransportError, or TooLarge."""
        network = self._network
        timeout = urllib3.Timeout(
            connect=seconds_left(network.connect_seconds), read=seconds_left(network.silence_seconds)
        )
        headers = {name: value for name, value in request.headers.items() if name.lower() != "accept-encoding"}
        try:
            answer = self._manager(str(request.url)).request(
                request.method,
                str(request.url),
                body=request.read(),
                headers={**headers, "accept-encoding": "identity"},
                retries=False,
                redirect=False,
                timeout=timeout,
                preload_content=False,
            )
            try:
                body = answer.read(decode_content=False)
            finally:
                answer.release_conn()
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            if is_too_large(error):
                raise TooLarge from None
            late = isinstance(error, urllib3.exceptions.TimeoutError | TimeoutError) or "takes longer" in str(error)
            kind = httpx2.ConnectError if _is_unconnected(error) else httpx2.ReadError
            raise (httpx2.ReadTimeout if late else kind)(str(error), request=request) from None
        return httpx2.Response(answer.status, headers=list(answer.headers.items()), content=body, request=request)

    def close(self) -> None:
        for manager in self._made.values():
            manager.clear()

    def _manager(self, url: str) -> urllib3.PoolManager:
        proxy = _proxy(url)
        if proxy not in self._made:
            settings = {"num_pools": 2, "maxsize": self._connections, "block": False}
            made = urllib3.ProxyManager(proxy, **settings) if proxy else urllib3.PoolManager(**settings)  # type: ignore[arg-type]
            made.pool_classes_by_scheme = bounded_pools(default_pools(), self._network)
            self._made[proxy] = made
        return self._made[proxy]

    @cached_property
    def _made(self) -> dict[str, urllib3.PoolManager]:
        return {}


def _proxy(url: str) -> str:
    """The proxy that the environment names for this address, "" for none."""
    place = urlsplit(url)
    proxies: Mapping[str, str] = getproxies()
    if proxy_bypass(place.netloc):
        return ""
    return proxies.get(place.scheme) or proxies.get("all") or ""


def _is_unconnected(error: BaseException) -> bool:
    kinds = urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError
    return isinstance(error, kinds)

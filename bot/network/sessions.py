"""Sessions of requests, which PyGithub and DeepL's client use, with bounded connections."""

from __future__ import annotations

from typing import Any

from requests.adapters import HTTPAdapter

from bot.config.network import NetworkSettings
from bot.network.connections import bounded_pools, default_pools


class BoundedAdapter(HTTPAdapter):
    """As requests' own, with bounded connections."""

    def __init__(self, network: NetworkSettings) -> None:
        self._pools = bounded_pools(default_pools(), network)
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager

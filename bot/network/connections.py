"""Connection pools of urllib3, which requests and botocore build upon, whose answers are bounded in time and size."""

from __future__ import annotations

import urllib3
from urllib3.connectionpool import HTTPConnectionPool

from bot.config.network import NetworkSettings
from bot.network.bounded import bounded


def bounded_pools(
    pools: dict[str, type[HTTPConnectionPool]], network: NetworkSettings
) -> dict[str, type[HTTPConnectionPool]]:
    """The same pools by scheme (`PoolManager.pool_classes_by_scheme`), of bounded connections."""
    return {
        scheme: type(f"Bounded{pool.__name__}", (pool,), {"ConnectionCls": bounded(pool.ConnectionCls, network)})
        for scheme, pool in pools.items()
    }


def default_pools() -> dict[str, type[HTTPConnectionPool]]:
    """The pools that urllib3 uses by itself."""
    return dict(urllib3.PoolManager().pool_classes_by_scheme)

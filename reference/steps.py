"""What every step of the pipeline can reach."""

from __future__ import annotations

from ..spec import Contract
from .clock import Clock
from .limits import RateLimiter
from .sample import sample_store
from .settings import Settings

__all__ = ["Steps"]


class Steps:
    """The state that the steps share; the steps themselves are in the modules beside this one."""

    def __init__(self, contract: Contract, settings: Settings | None = None, clock: Clock | None = None) -> None:
        self.contract = contract
        self.settings = settings or Settings()
        self.clock = clock or Clock()
        self.limiter = RateLimiter(self.settings.rate)
        self.store = sample_store(contract, self.clock.now())

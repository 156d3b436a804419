from .client import Quarry as Client

__all__ = ["Client"]

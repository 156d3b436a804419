from .endpoints import SITES, CREWS
from .transport import get_json, post_json, delete

__all__ = ["SITES", "CREWS", "get_json", "post_json", "delete"]

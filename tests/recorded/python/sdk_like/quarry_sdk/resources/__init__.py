from .crews import Crews
from .reports import Reports
from .sites import Sites

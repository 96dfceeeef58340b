from .base import *
from .base import AWAC as Renamed

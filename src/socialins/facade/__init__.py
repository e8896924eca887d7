"""The façade: `Region`, which applications hold.

It joins what lies below: the rules of a division and its parents, rosters in, settlements out. Each
module adds one side of it.
"""

from socialins.facade.front import Region, region, regions
from socialins.rules.overlay import Overlay

__all__ = ["Overlay", "Region", "region", "regions"]

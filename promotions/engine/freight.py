"""运费模板: what a template charges for a weight to a region. Source: plan 002 (O-09, O-10)."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FreightRate:
    """首重 + 续重: a fee for the first units, one more for each further unit begun.

    Units are grams, or pieces for a template by pieces. ``free_from_fen``: goods of the template's
    own lines from which it charges nothing (None: never).
    """

    first_units: int
    first_fee_fen: int
    further_units: int
    further_fee_fen: int
    free_from_fen: int | None = None

    def __post_init__(self) -> None:
        if self.first_units < 1 or self.further_units < 1:
            raise ValueError("freight is counted in positive units")
        if self.first_fee_fen < 0 or self.further_fee_fen < 0:
            raise ValueError("freight fees are never negative")

    def fee_fen(self, units: int) -> int:
        """The fee for ``units`` grams or pieces: 2.3 kg at 5 + 1/kg are 7."""
        beyond = max(0, units - self.first_units)
        return self.first_fee_fen + -(-beyond // self.further_units) * self.further_fee_fen


@dataclass(frozen=True, slots=True)
class FreightTemplate:
    """A rate for everywhere (None: only where ``regions`` say) and rates by region-code prefix.

    The longest prefix that fits an address wins; a region whose rate is None gets no delivery.
    ``cm3_per_kilogram`` is the volume that counts as a kilogram (0: only weight counts, I-24).
    """

    template_id: int
    default: FreightRate | None
    regions: Mapping[str, FreightRate | None] = field(default_factory=dict)
    by_pieces: bool = False
    version: int = 1
    title_zh: str = ""
    title_en: str = ""
    cm3_per_kilogram: int = 0

    def grams(self, weight_grams: int, volume_cm3: int) -> int:
        """What a parcel counts as: its weight, or its volume where that is more."""
        if not self.cm3_per_kilogram:
            return weight_grams
        return max(weight_grams, -(-volume_cm3 * 1000 // self.cm3_per_kilogram))

    def rate_for(self, region_code: str) -> FreightRate | None:
        """The rate for an address, or None when the template does not deliver there."""
        for length in range(len(region_code), 0, -1):
            if region_code[:length] in self.regions:
                return self.regions[region_code[:length]]
        return self.default

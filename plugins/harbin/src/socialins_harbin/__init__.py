"""Harbin in Heilongjiang (黑龙江省哈尔滨市) for `socialins`: dated, cited rules under `rules/`."""

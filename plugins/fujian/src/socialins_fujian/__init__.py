"""Fujian with Fuzhou and Xiamen (福建省) for `socialins`: dated, cited rules under `rules/`."""

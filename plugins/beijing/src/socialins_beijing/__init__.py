"""Beijing (北京市) for `socialins`: dated, cited rules under `rules/`."""

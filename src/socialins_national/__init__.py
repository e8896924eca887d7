"""National law (国家社会保险法规) for `socialins`: what holds wherever no region says otherwise."""

"""How fast the portal is on this machine, against bounds and against its peers: `python -m bench`."""

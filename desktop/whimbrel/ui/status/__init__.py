"""Who we are, how we appear and whether we are connected."""

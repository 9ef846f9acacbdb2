"""Templates, indices and the cluster settings they need."""

"""What downloads and deliveries share: which addresses may be connected to, connections that can be cut."""

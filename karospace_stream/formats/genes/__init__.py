"""For formats that write genes: the writers, and their side inputs."""

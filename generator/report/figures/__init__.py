"""What a project and the portfolio state: every figure, its definition and its inputs."""

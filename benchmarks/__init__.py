"""Figures on real books, each printed with its inputs."""

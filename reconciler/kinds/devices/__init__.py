"""Kinds of Mist Edges: edges, clusters and tunnels."""

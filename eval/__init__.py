"""Benchmarks: latency, throughput and retrieval quality."""

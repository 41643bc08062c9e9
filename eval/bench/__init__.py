"""Latency, throughput, memory and disk."""

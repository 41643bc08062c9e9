"""The engine of a Ray cluster: workers read, cut and encode, and this process decides and writes.

These are plain actors and not Ray Data. Whether a document must be written depends on what
the store has and on what came before it in the run (repeated ids, near duplicates), so that
each one is decided on, in order, between its reading and its encoding; one Ray Data pipeline
has no such place. It would also cut batches anew at each stage, where windows of ours must
hold the same texts as on one machine to give the same vectors.
"""

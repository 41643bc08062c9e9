"""Who reads and encodes: this process, or workers elsewhere. One pipeline serves all."""

"""What leaves the archive as a file. Values in, bytes out; who may have them is asked before."""

"""What computes and forgets: speech into words, names found, names concealed in text and in sound.

Values in, values out. Nothing here knows the archive, a web request, a database, a key or an index.
"""

"""How the models in config/names are made: sets with their labels, copies with other names and misheard, invented talk.

``python -m transcripts.names.training SETS`` trains them; nothing of this is used to find names.
"""

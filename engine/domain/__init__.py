"""The rules of the performance cycle: pure, standard library only.

One module per subject; every fact that an agency or a regulation may change is an argument.
"""

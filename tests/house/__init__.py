from . import test_layout

from . import test_figure_registry

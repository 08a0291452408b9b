from . import test_metrics_figures

from . import test_metrics_figures
from . import test_tier_write
from . import test_lifecycle_job
from . import test_segments

from . import test_metrics_figures
from . import test_tier_write
from . import test_lifecycle_job
from . import test_segments
from . import test_completeness
from . import test_metrics_refresh
from . import test_metrics_rights

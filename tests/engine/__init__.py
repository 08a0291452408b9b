from . import test_periods, test_range_tables, test_scoring, test_tiering
from . import test_lifecycle_engine
from . import test_matching
from . import test_windows
from . import test_repeats

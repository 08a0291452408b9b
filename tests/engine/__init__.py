from . import test_periods, test_range_tables, test_scoring, test_tiering

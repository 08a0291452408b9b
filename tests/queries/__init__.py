from . import test_lifecycle_queries
from . import test_measures_random, test_measures_rules
from . import test_reviews_equal_engine, test_reviews_statements
from . import test_complaint_figures_equal_engine

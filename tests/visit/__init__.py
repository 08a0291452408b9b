from . import test_visit
from . import test_visit_breaches
from . import test_win_back
from . import test_visit_tours

from . import test_review_compute

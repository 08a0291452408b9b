from . import test_public_methods
from . import test_requests
from . import test_rights_matrix

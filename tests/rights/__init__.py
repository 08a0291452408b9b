from . import test_history
from . import test_moves
from . import test_own_customers
from . import test_public_methods
from . import test_requests
from . import test_rights_matrix
from . import test_named, test_named_values, test_never_longer

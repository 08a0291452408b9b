from . import test_role_absent
from . import test_role_orders
from . import test_role_rpc
from . import test_role_browser

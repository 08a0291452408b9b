from . import test_domain_switch
from . import test_domains_off
from . import test_fresh_night
from . import test_roles_combine
from . import test_setup_pages
from . import test_setup_tours

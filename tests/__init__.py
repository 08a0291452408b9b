from . import steady  # before the tests: decorators read the profile

# Odoo collects test cases of modules imported here: sub-packages are star-imported.
from .engine import *
from .queries import *
from .mixins import *
from .tier import *
from .visit import *
from .review import *
from .complaint import *
from .credit import *
from .care import *
from .archive import *
from .house import *
from .rights import *
from .papers import *
from .switch import *
from .roles import *

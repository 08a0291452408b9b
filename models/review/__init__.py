from . import customer_measure

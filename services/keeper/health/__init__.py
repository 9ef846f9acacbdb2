"""How sources fare: which fell silent, which are read otherwise than they used to be, which cannot be had."""

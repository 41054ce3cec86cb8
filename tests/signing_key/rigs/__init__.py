"""Real components for the tests of the key: started by the tests, apart from the system's own, gone afterwards."""

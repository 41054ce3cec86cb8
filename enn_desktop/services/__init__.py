"""The other services of the platform's family; each is asked on a click only, and none stops the rest."""

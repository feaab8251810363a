"""Who may do what: keys with scopes, and the record of what was done with them."""
